/**
 * Hot updates as they arrive, from anybody: a signal of the stock `temporal` command, a client, a script. The
 * shape is spec/002's `HotUpdate`, with an id and an expected version added.
 */
import { z } from 'zod';
import { edgeSchema } from './edge.schema.ts';
import { taskSchema } from './task.schema.ts';

/** An id of a patch ends up in events and receipts. */
const PATCH_ID = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/;

const common = {
  /** The same id is applied at most once. */
  id: z.string().regex(PATCH_ID, { error: 'expected letters, digits, ".", "_", ":", "+" and "-", at most 128' }).optional(),
  /** Refused unless the graph has this version. */
  expected_version: z.int().min(1).optional(),
  by: z.string().max(200).optional(),
  reason: z.string().max(2_000).optional(),
};

const injectTaskSchema = z.strictObject({
  op: z.literal('inject_task'),
  ...common,
  /** Its `deps` are edges to it; `edges` may tie it in further, such as before tasks that wait. */
  task: taskSchema,
  edges: z.array(edgeSchema).optional(),
});

const addEdgeSchema = z.strictObject({
  op: z.literal('add_edge'),
  ...common,
  edges: z.array(edgeSchema).min(1),
});

/** One hot update. */
export const hotUpdateSchema = z.discriminatedUnion('op', [injectTaskSchema, addEdgeSchema], {
  error: 'expected an op of inject_task or add_edge',
});
export type WrittenHotUpdate = z.infer<typeof hotUpdateSchema>;

/** What `hotUpdate` and `applyHotUpdate` take: one, or several that are applied whole or not at all. */
export const hotUpdatePayloadSchema = z.union([hotUpdateSchema, z.array(hotUpdateSchema).min(1)]);

/** JSON Schema of {@link hotUpdatePayloadSchema}, for editors and API descriptions. */
export const hotUpdateJsonSchema = (): Record<string, unknown> => z.toJSONSchema(hotUpdatePayloadSchema);
