/**
 * A task of `tasks.json` with everything that spec/001 asks of one. What running acts on (commands, checks, resources,
 * hints) means there what `model/task.schema.ts` says; here it must also be complete.
 */
import { z } from 'zod';
import { checkSchema } from '../../model/check.schema.ts';
import { DURATION_UNITS } from '../../model/task.schema.ts';
import { featureIdSchema, hoursSchema, PLAN_PRIORITIES, said, shortHashSchema, sourceEvidenceSchema, taskIdSchema } from './scalars.schema.ts';

export const CATEGORIES = ['foundation', 'implementation', 'integration', 'optimization'] as const;
export type Category = (typeof CATEGORIES)[number];

const boundariesSchema = z.looseObject({
  /** A quantity, such as `~120 LoC`, and of what it consists. */
  expected_complexity: z.looseObject({ value: z.string().regex(/\d/, { error: 'expected a quantity such as "~120 LoC"' }), breakdown: said }),
  definition_of_done: z.looseObject({ criteria: z.array(said).min(1), stop_when: said }),
  scope: z.looseObject({ includes: z.array(said).min(1), excludes: z.array(said), restrictions: said }),
});

const executionGuidanceSchema = z.looseObject({
  logging: z.looseObject({ on_start: said, on_progress: said, on_completion: said, log_format: said }),
  checkpoints: z.array(said),
  monitoring: z.looseObject({
    heartbeat_interval_seconds: z.number().positive(),
    progress_reporting: said,
    resource_usage_reporting: z.boolean(),
    checkpoint_events: z.array(z.looseObject({ at: z.string().regex(/^\d+(?:\.\d+)?%$/), name: said, rollback_capable: z.boolean() })),
  }),
});

const amountsSchema = z.looseObject({
  cpu_cores: z.number().min(0),
  memory_mb: z.number().min(0),
  disk_io_mbps: z.number().min(0),
});

const resourceRequirementsSchema = z.looseObject({
  estimated: amountsSchema.extend({ exclusive_resources: z.array(said), shared_resources: z.record(z.string(), z.int().min(1)) }),
  peak: amountsSchema.extend({ duration_seconds: z.number().min(0), during: said }),
  worker_capabilities_required: z.array(said),
});

const schedulingHintsSchema = z.looseObject({
  priority: z.enum(PLAN_PRIORITIES),
  preemptible: z.boolean(),
  retry_on_failure: z.boolean(),
  max_retries: z.int().min(0).max(999),
  preferred_time_window: said.optional(),
  avoid_concurrent_with: z.array(taskIdSchema),
  can_pause_resume: z.boolean(),
  checkpoint_capable: z.boolean(),
});

/** Optimistic, most likely, pessimistic: in this order of size. */
export const threePointSchema = z
  .looseObject({ optimistic: hoursSchema, mostLikely: hoursSchema, pessimistic: hoursSchema })
  .refine(({ optimistic, mostLikely, pessimistic }) => optimistic <= mostLikely && mostLikely <= pessimistic, { error: 'expected optimistic ≤ mostLikely ≤ pessimistic' });
export type ThreePoint = z.infer<typeof threePointSchema>;

/** Whether something that is there is extended, or something new is built, and why. */
const reuseSchema = z.looseObject({ extends: z.array(said), imports: z.array(said), rationale: said });

export const plannedTaskSchema = z.looseObject({
  id: taskIdSchema,
  feature_id: featureIdSchema,
  title: said,
  description: said,
  category: z.enum(CATEGORIES),
  boundaries: boundariesSchema,
  execution_guidance: executionGuidanceSchema,
  resource_requirements: resourceRequirementsSchema,
  scheduling_hints: schedulingHintsSchema,
  reuses_existing: reuseSchema,
  skillsRequired: z.array(said),
  duration: threePointSchema,
  durationUnits: z.enum(DURATION_UNITS),
  interfaces_produced: z.array(said),
  interfaces_consumed: z.array(said),
  acceptance_checks: z.array(checkSchema).min(1),
  source_evidence: z.array(sourceEvidenceSchema).min(1),
  /** Ids of the requirements that it covers ({@link file://./coverage.schema.ts}). */
  requirements: z.array(said).optional(),
  /** What it writes and reads, as patterns: tasks that write the same file do not run beside each other. */
  files_scope: z.looseObject({ reads: z.array(said), writes: z.array(said) }).optional(),
  contentHash: shortHashSchema,
});
export type PlannedTask = z.infer<typeof plannedTaskSchema>;
