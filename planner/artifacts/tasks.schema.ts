/** `tasks.json` (spec/001): the tasks, the dependencies between them with reasons, and what the code base told. */
import { z } from 'zod';
import { dependencyTypeSchema, EXECUTION_MODELS, generatedSchema, said, shareSchema, taskIdSchema } from './scalars.schema.ts';
import { plannedTaskSchema } from './task.schema.ts';

/** Something that tasks share: `exclusive` is one task's at a time, `shared_limited` has `capacity` units. */
export const sharedResourceSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('exclusive'), location: said, constraint: said, reason: said }),
  z.looseObject({ type: z.literal('shared_limited'), capacity: z.int().min(1), location: said, constraint: said.optional(), reason: said }),
]);
export type SharedResource = z.infer<typeof sharedResourceSchema>;

export const codebaseAnalysisSchema = z.looseObject({
  existing_apis: z.array(said),
  reused_components: z.array(said),
  extension_points: z.array(said),
  shared_resources: z.record(z.string(), sharedResourceSchema),
});

const metaSchema = z.looseObject({
  execution_model: z.enum(EXECUTION_MODELS),
  min_confidence: shareSchema,
  resource_limits: z.looseObject({
    max_concurrent_tasks: z.int().min(1),
    max_memory_gb: z.number().positive(),
    max_cpu_cores: z.number().positive(),
    max_disk_io_mbps: z.number().positive(),
  }),
  codebase_analysis: codebaseAnalysisSchema,
  autonormalization: z.looseObject({ split: z.array(said), merged: z.array(said) }),
});

/** `doc` says so, `codebase` shows it, `infrastructure` demands it, `rule` is ours (`planner/dependencies`). */
export const EVIDENCE_TYPES = ['doc', 'codebase', 'infrastructure', 'rule'] as const;

export const dependencySchema = z.looseObject({
  from: taskIdSchema,
  to: taskIdSchema,
  type: dependencyTypeSchema,
  reason: said,
  shared_resource: said.optional(),
  evidence: z.array(z.looseObject({ type: z.enum(EVIDENCE_TYPES), reason: said, confidence: shareSchema })).min(1),
  confidence: shareSchema,
  isHard: z.boolean(),
});
export type Dependency = z.infer<typeof dependencySchema>;

export const RESOLUTIONS = ['sequential_ordering', 'wave_separation', 'capacity_planning'] as const;

export const conflictSchema = z.looseObject({
  tasks: z.array(taskIdSchema).min(2),
  resolution: z.enum(RESOLUTIONS),
  suggested_order: z.array(taskIdSchema).optional(),
  rationale: said,
});
export type ResourceConflict = z.infer<typeof conflictSchema>;

/** The envelope: of a file whose tasks are looked at one by one. */
export const tasksFileSchema = z.looseObject({
  /** What the plan is called; the title of its document. */
  name: said.optional(),
  meta: metaSchema,
  generated: generatedSchema,
  tasks: z.array(z.unknown()),
  dependencies: z.array(z.unknown()),
  resource_conflicts: z.record(z.string(), conflictSchema),
});

export const tasksSchema = tasksFileSchema.extend({ tasks: z.array(plannedTaskSchema), dependencies: z.array(dependencySchema) });
export type Tasks = z.infer<typeof tasksSchema>;
