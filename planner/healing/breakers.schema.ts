/**
 * Circuit breakers as plans write them (spec/000 section 2): a list of named ones, or an object by name. One schema,
 * whether they stand in the plan, in `flowops.config.json` or in `policies.circuit_breakers`.
 */
import { z } from 'zod';
import { FAILURE_CLASSES } from '../../model/attempt.ts';
import { PATTERNS } from '../../model/breaker.ts';
import { durationSchema, patternSchema } from '../../model/scalar.schema.ts';
import { taskSchema } from '../../model/task.schema.ts';

const share = z.number().min(0).max(1);
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u;
export const breakerNameSchema = z.string().regex(NAME, { error: 'expected a name of letters, digits, ".", "_" and "-", at most 64' });

/** What a breaker does that is no playbook of that name. */
export const PLAIN_ACTIONS = ['inject_task', 'replan', 'throttle', 'gate', 'pause', 'escalate', 'quarantine', 'diagnose', 'report'] as const;
export const TRIGGERS = ['match', 'similar_errors', 'time_overrun', 'flapping', 'error_rate'] as const;

const members = {
  /** False takes away one of those there always are. */
  enabled: z.boolean().optional(),
  /** Follows from `match`, or from the name, unless stated. */
  on: z.enum(TRIGGERS).optional(),
  match: z
    .strictObject({
      /** On the last 4 KB of the output; `^` and `$` match at lines, case does not count. */
      message_regex: patternSchema.max(1_000).optional(),
      pattern: z.enum(PATTERNS).optional(),
      class: z.union([z.enum(FAILURE_CLASSES), z.array(z.enum(FAILURE_CLASSES)).min(1)]).optional(),
    })
    .optional(),
  /** Globs of ids, labels and paths. */
  scope: z.union([z.string().min(1).max(500), z.array(z.string().min(1).max(500)).min(1).max(50)]).optional(),
  /** Failed attempts. */
  threshold: z.int().min(1).max(100).optional(),
  window: durationSchema.optional(),
  /** How alike, 0 to 1. */
  similarity: share.optional(),
  /** Of `time_overrun`: so many times the estimate. */
  factor: z.number().min(1).optional(),
  /** Of `error_rate`: the share of attempts that may fail. */
  failure_threshold: share.optional(),
  /** Of `error_rate`: above it half as many tasks run at once. */
  reduce_concurrency_at: share.optional(),
  /** Of `error_rate`: attempts that must have ended. */
  minimum: z.int().min(1).optional(),
  /** A playbook, or what is done without one. */
  action: z.string().min(1).max(64).optional(),
  /** Of `inject_task`: what to inject. Its id is made up unless stated. */
  task: taskSchema.partial({ id: true }).optional(),
  /** Of `replan`: what is asked for a patch. */
  command: z.string().min(1).optional(),
  /** Of `throttle`: how long nothing starts, and then one task in how long. */
  pause: durationSchema.optional(),
  every: durationSchema.optional(),
  /** How often it may trip in one execution. */
  budget: z.int().min(1).max(1_000).optional(),
  cool_down: durationSchema.optional(),
} as const;

export const breakerSchema = z.strictObject({ name: breakerNameSchema, ...members });
const unnamedSchema = z.strictObject(members);
export type WrittenBreaker = z.infer<typeof unnamedSchema>;

export const circuitBreakersSchema = z.union([z.array(breakerSchema).max(100), z.record(breakerNameSchema, unnamedSchema)], {
  error: 'expected a list of breakers with names, or an object of breakers by name',
});
export type WrittenBreakers = z.infer<typeof circuitBreakersSchema>;
