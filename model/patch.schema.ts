/**
 * Hot updates as they arrive, from anybody: a signal of the stock `temporal` command, a client, a script. The
 * shape is spec/002's `HotUpdate`, with an id and an expected version added.
 */
import { z } from 'zod';
import { edgeSchema } from './edge.schema.ts';
import { resourceNameSchema } from './resources.schema.ts';
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

const amounts = z.record(resourceNameSchema, z.number().positive());

/** spec/002's `resources` of a hot update, and the ways back. Amounts are those of quotas: `cpu_cores` may be 0.5. */
export const resourceChangesSchema = z
  .strictObject({
    increase_quota: amounts.optional(),
    decrease_quota: amounts.optional(),
    /** Of any resource, also of one that executions share: there it is an operator's word. */
    set_capacity: z.record(resourceNameSchema, z.number().min(0)).optional(),
    /** Exclusive resources, shared by executions unless the plan says otherwise. */
    add_locks: z.array(resourceNameSchema).min(1).optional(),
    /** The plan's capacities for another place. */
    profile: resourceNameSchema.optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, { error: 'expected increase_quota, decrease_quota, set_capacity, add_locks or profile' });
export type WrittenResourceChanges = z.infer<typeof resourceChangesSchema>;

const modifyResourceSchema = z.strictObject({
  op: z.literal('modify_resource'),
  ...common,
  resources: resourceChangesSchema,
  /** Tasks that ask for the locks of `add_locks` from now on. */
  tasks: z.array(z.string()).optional(),
});

/** One hot update. */
export const hotUpdateSchema = z.discriminatedUnion('op', [injectTaskSchema, addEdgeSchema, modifyResourceSchema], {
  error: 'expected an op of inject_task, add_edge or modify_resource',
});
export type WrittenHotUpdate = z.infer<typeof hotUpdateSchema>;

/** What `hotUpdate` and `applyHotUpdate` take: one, or several that are applied whole or not at all. */
export const hotUpdatePayloadSchema = z.union([hotUpdateSchema, z.array(hotUpdateSchema).min(1)]);

/** JSON Schema of {@link hotUpdatePayloadSchema}, for editors and API descriptions. */
export const hotUpdateJsonSchema = (): Record<string, unknown> => z.toJSONSchema(hotUpdatePayloadSchema);
