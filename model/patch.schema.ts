/**
 * Hot updates as they arrive, from anybody: a signal of the stock `temporal` command, a client, a script. The
 * shape is spec/002's `HotUpdate`, with more operations, an id and an expected version added.
 */
import { z } from 'zod';
import { edgeSchema } from './edge.schema.ts';
import { resourceNameSchema } from './resources.schema.ts';
import { prioritySchema } from './scalar.schema.ts';
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

const removeEdgeSchema = z.strictObject({
  op: z.literal('remove_edge'),
  ...common,
  /** Hard and soft ones, unless `type` says which. */
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), type: z.enum(['hard', 'soft']).optional() })).min(1),
});

/** What an update cannot change, and what can. */
const FIXED = new Map<string, string>([
  ['id', 'the id of a task never changes'],
  ...['deps', 'depends_on', 'soft_deps'].map((key) => [key, 'dependencies are changed by add_edge and remove_edge'] as const),
  ['wave', 'waves are laid out when an execution begins'],
  ...['conflict_group', 'parallel_ok', 'concurrency_hint', 'antiAffinity', 'files_scope'].map(
    (key) => [key, 'what a task must not run beside is compiled with the whole plan: resources and locks can be changed'] as const,
  ),
]);

/** Every field of a task that can change, with its new value, or null to take it out. */
const changesSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(taskSchema.shape).map(([key, schema]) => {
        const why = FIXED.get(key);
        return [key, why === undefined ? schema.nullable().optional() : z.never({ error: why }).optional()];
      }),
    ),
  )
  .refine((changes) => Object.keys(changes).length > 0, { error: 'expected at least one field of a task' });

const updateTaskSchema = z.strictObject({
  op: z.literal('update_task'),
  ...common,
  /** Neither under way nor done. */
  task: z.string(),
  changes: changesSchema,
});

const tasksSchema = z.array(z.string()).min(1);

const cancelTaskSchema = z
  .strictObject({
    op: z.literal('cancel_task'),
    ...common,
    task: z.string().optional(),
    tasks: tasksSchema.optional(),
    /** They are passed over, and what depends on them goes on. Otherwise that can no longer run. */
    skip: z.boolean().optional(),
  })
  .refine(({ task, tasks }) => (task === undefined) !== (tasks === undefined), { error: 'expected task or tasks' });

const reprioritizeSchema = z.strictObject({
  op: z.literal('reprioritize'),
  ...common,
  tasks: tasksSchema,
  priority: prioritySchema,
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
export const hotUpdateSchema = z.discriminatedUnion(
  'op',
  [injectTaskSchema, addEdgeSchema, removeEdgeSchema, updateTaskSchema, cancelTaskSchema, reprioritizeSchema, modifyResourceSchema],
  { error: 'expected an op of inject_task, add_edge, remove_edge, update_task, cancel_task, reprioritize or modify_resource' },
);
export type WrittenHotUpdate = z.infer<typeof hotUpdateSchema>;

/** What `hotUpdate` and `applyHotUpdate` take: one, or several that are applied whole or not at all. */
export const hotUpdatePayloadSchema = z.union([hotUpdateSchema, z.array(hotUpdateSchema).min(1)]);

/** JSON Schema of {@link hotUpdatePayloadSchema}, for editors and API descriptions: `schemas/hot-update.schema.json`. */
export const hotUpdateJsonSchema = (): Record<string, unknown> => ({
  title: 'Hot update of an execution: one operation, or several that are applied whole or not at all',
  ...z.toJSONSchema(hotUpdatePayloadSchema, { reused: 'ref' }),
});
