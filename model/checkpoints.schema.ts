/** What a task says of checkpoints and progress (spec/001 `execution_guidance`), and a plan of all of them. */
import { z } from 'zod';
import { isCheckpointName, percentAt, PRUNE_CHOICES } from './checkpoint.ts';
import { PROGRESS_REPORTING } from './graph.ts';

export const checkpointNameSchema = z.string().refine(isCheckpointName, {
  error: 'expected the name of a checkpoint: a letter or digit, then letters, digits, ".", "_", "-"; at most 64 characters',
});

/** A percentage, or a moment in words: then the command says when it is there. */
export const pointSchema = z.looseObject({
  at: z.union([z.number().min(0).max(100), z.string().refine((text) => !/^[\d.]+\s*%$/.test(text) || percentAt(text) !== undefined)], { error: 'expected a percentage from 0 to 100, or a moment in words' }).optional(),
  name: checkpointNameSchema,
  /** `false`: once it was passed, nothing goes back to before it. */
  rollback_capable: z.boolean().optional(),
});

export const monitoringSchema = z.looseObject({
  checkpoint_events: z.array(pointSchema).optional(),
  /** Between two reports of progress. */
  heartbeat_interval_seconds: z.number().positive().optional(),
  progress_reporting: z.enum(PROGRESS_REPORTING).optional(),
});

export const executionGuidanceSchema = z.looseObject({
  /** Text is for people, and says that the task has checkpoints. */
  checkpoints: z.array(z.union([z.string(), pointSchema], { error: 'expected text, or {at, name, rollback_capable}' })).optional(),
  monitoring: monitoringSchema.optional(),
});

export const checkpointsPolicySchema = z.strictObject({
  /** Progress between two of a task. */
  interval_percent: z.number().min(1).max(100).optional(),
  /** Of a task. */
  keep: z.int().min(1).max(1_000).optional(),
  prune: z.enum(PRUNE_CHOICES).optional(),
  /** Of one checkpoint. */
  max_bytes: z.int().min(0).optional(),
  /** A task that takes longer gets one at its end. */
  expensive_minutes: z.number().min(0).optional(),
});
