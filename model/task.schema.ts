/**
 * A task as plans and hot updates write it: FlowOps' task shape (spec/000), and what the other formats add to
 * it. One shape, so that a field means the same wherever it stands. Unknown keys are kept.
 */
import { z } from 'zod';
import { FAILURE_CLASSES } from './attempt.ts';
import { RISK_LEVELS } from './graph.ts';
import { isPlainName } from './ids.ts';
import { MAX_CAPABILITIES } from './pool.ts';
import { checkSchema } from './check.schema.ts';
import { checkpointNameSchema, executionGuidanceSchema } from './checkpoints.schema.ts';
import { errorPolicyFields } from './error-policy.schema.ts';
import { isLinkPath, MAX_LINKS, WORKSPACE_MODES } from './workspace.ts';
import { confidenceSchema, durationSchema, prioritySchema, rollbackCostSchema } from './scalar.schema.ts';

const textList = z.array(z.string());
const names = z.array(z.string().min(1));
/** Capabilities and affinities. */
const plainNames = z
  .array(z.string().refine(isPlainName, { error: 'expected a name: printable text of at most 128 characters that neither begins nor ends with a space' }))
  .max(MAX_CAPABILITIES, { error: `expected at most ${MAX_CAPABILITIES} names` });
/** Whole: what is taken and given back must come out even. */
const units = z.int({ error: 'expected a whole number of units, 1 or more' }).min(1, { error: 'expected a whole number of units, 1 or more' });

/** An id, or an id with the kind of dependency. */
export const dependencySchema = z.union(
  [z.string(), z.looseObject({ id: z.string(), type: z.enum(['hard', 'soft']).optional() })],
  { error: 'expected a task id or {id, type}, where type is hard or soft' },
);

/** One unit to `write` unless stated; a bare name says no more. */
export const askSchema = z.union(
  [
    z.string().min(1),
    z.looseObject({
      name: z.string().min(1),
      units: units.optional(),
      access: z.enum(['read', 'write']).optional(),
    }),
  ],
  { error: 'expected a resource name or {name, units, access}, where access is read or write' },
);

/** S.L.A.P.S. `RetryPolicy`; strict, so that no key is parsed and ignored. */
export const retrySchema = z.strictObject({
  max_attempts: z.int().min(1).max(1_000).optional(),
  backoff: z.enum(['exponential', 'linear']).optional(),
  initial_delay_ms: z.int().min(0).optional(),
  max_delay_ms: z.int().min(0).optional(),
  jitter: z.boolean().optional(),
  retry_on: z.array(z.enum(FAILURE_CLASSES)).optional(),
  /** Delays of some classes. */
  by_class: z.partialRecord(z.enum(FAILURE_CLASSES), z.strictObject({ initial_delay_ms: z.int().min(0).optional(), max_delay_ms: z.int().min(0).optional() })).optional(),
  /** How far a limit that a task ran into is raised for its next attempt, as a multiple of what the plan says; 1 raises none. */
  raise_limits_up_to: z.number().min(1).max(100).optional(),
});

export const DURATION_UNITS = ['minutes', 'hours', 'days'] as const;
const hours = z.number().min(0);
const durationEstimateSchema = z.union(
  [hours, z.looseObject({ optimistic: hours.optional(), mostLikely: hours, pessimistic: hours.optional() })],
  { error: 'expected a number or {optimistic, mostLikely, pessimistic}' },
);

const schedulingHintsSchema = z.looseObject({
  priority: prioritySchema.optional(),
  retry_on_failure: z.boolean().optional(),
  max_retries: z.int().min(0).max(999).optional(),
  checkpoint_capable: z.boolean().optional(),
  preemptible: z.boolean().optional(),
  can_pause_resume: z.boolean().optional(),
  avoid_concurrent_with: textList.optional(),
  /** A calendar. */
  preferred_time_window: z.string().min(1).optional(),
});

const resourceSpecSchema = z.looseObject({
  cpu_cores: z.number().min(0).optional(),
  memory_mb: z.number().min(0).optional(),
  disk_io_mbps: z.number().min(0).optional(),
  exclusive_resources: names.optional(),
  shared_resources: z.record(z.string(), units).optional(),
});

/** Paths and globs, relative to the workspace. spec/003 writes `reads` and `writes`, once `write`. */
export const filesScopeSchema = z.looseObject({
  reads: textList.optional(),
  writes: textList.optional(),
  read: textList.optional(),
  write: textList.optional(),
});

export const workspaceModeSchema = z.enum(WORKSPACE_MODES);

/** Strict, so that no key is parsed and ignored. */
export const worktreeSchema = z.strictObject({
  /** Paths that git ignores, such as `node_modules`: worktrees have links to them. */
  link: z
    .array(z.string().refine(isLinkPath, { error: 'expected a path below the workspace, with "/", without "..", globs, ".git" or ".tasks"' }))
    .max(MAX_LINKS, { error: `expected at most ${MAX_LINKS} paths` })
    .optional(),
  /** The worktree of an attempt that failed stays until the next one. */
  keep_failed: z.boolean().optional(),
});

const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const environmentName = z.string().regex(ENVIRONMENT_NAME, { error: 'expected the name of an environment variable' });
const environmentSchema = z.record(environmentName, z.union([z.string(), z.number(), z.boolean()]));

const compensationTerms = { timeout: durationSchema.optional(), idempotent: z.boolean().optional() };

/** Strict, so that no key is parsed and ignored. `rollback_cmd` is the short form. */
const compensationSchema = z.union(
  [z.string().min(1), z.strictObject({ cmd: z.string().min(1), ...compensationTerms }), z.strictObject({ command: z.string().min(1), ...compensationTerms })],
  { error: 'expected a command or {cmd, timeout, idempotent}' },
);

/** Text, a check, or an object that does not claim to be a check. */
const acceptanceItem = z.union([z.string(), checkSchema, z.looseObject({ type: z.never().optional() })]);

export const taskSchema = z.looseObject({
  id: z.string(),
  title: z.string().optional(),
  /** Alias of `title` (spec/002's injected task). */
  name: z.string().optional(),
  description: z.string().optional(),

  deps: z.array(dependencySchema).optional(),
  depends_on: z.array(dependencySchema).optional(),
  soft_deps: textList.optional(),

  cmd: z.string().min(1).optional(),
  rollback_cmd: z.string().min(1).optional(),
  smoke: z.string().min(1).optional(),
  executor: z.string().min(1).optional(),
  dispatch: z.enum(['child', 'activity']).optional(),
  timeout: durationSchema.optional(),
  directory: z.string().min(1).optional(),
  /** Alias of `directory`. */
  workspace: z.string().min(1).optional(),
  /** Whether its attempts run in the one workspace, or each in a git worktree of its own. */
  workspace_mode: workspaceModeSchema.optional(),
  worktree: worktreeSchema.optional(),
  env: environmentSchema.optional(),
  secrets: z.array(environmentName).optional(),
  steps: z.array(z.unknown()).optional(),
  /** Name of the checkpoint at its end, which rollbacks know as well. */
  checkpoint: checkpointNameSchema.optional(),
  compensation: compensationSchema.optional(),

  estimate_minutes: z.number().min(0).optional(),
  duration: durationEstimateSchema.optional(),
  durationUnits: z.enum(DURATION_UNITS).optional(),
  confidence: confidenceSchema.optional(),
  rollback_cost: rollbackCostSchema.optional(),
  priority: prioritySchema.optional(),
  /** `bg` (spec/003) is background where no priority is stated; all else is for people. */
  kind: z.unknown().optional(),
  /** It may be stopped for others, and begins anew later. */
  preemptible: z.boolean().optional(),
  /** Its processes may be suspended for a while. */
  pausable: z.boolean().optional(),

  idempotent: z.boolean().optional(),
  /** Alias of `idempotent` (spec/000's "idempotency flag"). */
  idempotency: z.boolean().optional(),
  retries: z.int().min(0).max(999).optional(),
  retry_on_failure: z.boolean().optional(),
  retry: retrySchema.optional(),
  ...errorPolicyFields,
  /** Tasks that take its place where it is too much for one attempt. */
  split_into: z.array(z.unknown()).min(1).max(100).optional(),
  optional: z.boolean().optional(),
  wave: z.int().min(1).optional(),
  labels: textList.optional(),

  resources: z.array(askSchema).optional(),
  /** Alias of write asks (spec/002's injected task). */
  locks: names.optional(),
  /** High or above: it has its `locks` to itself, whole. `approval` says whether a person must let it start; else the policy does. */
  risk: z.looseObject({ level: z.enum(RISK_LEVELS).optional(), locks: names.optional(), approval: z.boolean().optional() }).optional(),
  resource_requirements: z
    .looseObject({
      estimated: resourceSpecSchema.extend({ worker_capabilities_required: plainNames.optional() }).optional(),
      peak: resourceSpecSchema.optional(),
      worker_capabilities_required: plainNames.optional(),
    })
    .optional(),
  /** What a worker must be able to do to take it; spec/001 says it in `resource_requirements`. */
  capabilities: plainNames.optional(),
  /** Tasks of one group run one at a time. */
  conflict_group: z.string().min(1).optional(),
  /** `false`: runs alone within its phase. */
  parallel_ok: z.boolean().optional(),
  concurrency_hint: z.looseObject({ parallel_ok: z.boolean().optional(), conflict_group: z.string().min(1).optional() }).optional(),
  files_scope: filesScopeSchema.optional(),
  /** Tasks that share a name here run one at a time. */
  antiAffinity: names.optional(),
  /** Names: it goes where the last task with one of them went. */
  affinity: plainNames.optional(),
  scheduling_hints: schedulingHintsSchema.optional(),
  execution_guidance: executionGuidanceSchema.optional(),

  artifacts: textList.optional(),
  outputs: textList.optional(),
  acceptance_checks: z.array(z.union([z.string(), checkSchema])).optional(),
  /** Like `acceptance_checks`, or looser: text, or anything in words, is a criterion for people. */
  acceptance: z.union([acceptanceItem, z.array(acceptanceItem)]).optional(),
});
export type WrittenTask = z.infer<typeof taskSchema>;
