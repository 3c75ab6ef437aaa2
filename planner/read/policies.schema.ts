/**
 * Policies of a plan: every key, with every value it takes. Strict throughout: a key or a value that is not
 * here is refused (TASKS1007), none is read and ignored. Keys marked *kept* are checked and kept for parts of
 * the system that do not act on them yet; the reader says so.
 */
import { z } from 'zod';
import { MAX_CONCURRENCY, RISK_LEVELS, ROLLBACKS_ON_FAILURE, UNANSWERED_OUTCOMES } from '../../model/graph.ts';
import { errorPolicyFields, executorsSchema } from '../../model/error-policy.schema.ts';
import { checkpointsPolicySchema } from '../../model/checkpoints.schema.ts';
import { retrySchema, workspaceModeSchema, worktreeSchema } from '../../model/task.schema.ts';
import { circuitBreakersSchema } from '../healing/breakers.schema.ts';
import { failureRulesSchema } from '../healing/failure-rules.schema.ts';
import { playbooksSchema } from '../healing/playbooks.schema.ts';
import { canariesSchema, sentinelsSchema } from '../sentinels/sentinels.schema.ts';
import { backgroundSchema, backpressureSchema, resourceAllocationSchema } from './pressure.schema.ts';

const share = z.number().min(0).max(1);

export const waveSchema = z.strictObject({
  max_wave_size: z.int().min(1).optional(),
  quorum: share.optional(),
  timeoutMinutes: z.number().positive().optional(),
  /** What happens to a wave that did not reach its quorum in time. */
  fallback: z.enum(['deferOptional', 'wait', 'fail']).optional(),
});

const workerMatchingSchema = z.strictObject({
  /** The one way there is. */
  strategy: z.enum(['capability_and_load_balanced']).optional(),
  prefer_specialized_workers: z.boolean().optional(),
  max_tasks_per_worker: z.int().min(1).optional(),
});

const tasksAtOnce = z.int().min(1);
const byLabel = z.record(z.string().min(1), tasksAtOnce);

/** Tasks at once: of a label, and within each workspace that tasks name, in all or of a label. */
const limitsSchema = z.strictObject({
  labels: byLabel.optional(),
  per_workspace: z.strictObject({ tasks: tasksAtOnce.optional(), labels: byLabel.optional() }).optional(),
});

/** spec/000's policy of danger: who must be asked before a task of some risk starts. */
const approvalSchema = z.strictObject({
  /** Tasks of this risk and above. */
  risk: z.enum(['none', ...RISK_LEVELS]).optional(),
  /** Waits for ever unless stated. */
  timeout_minutes: z.number().positive().optional(),
  /** What becomes of the task when nobody has answered by then. */
  on_timeout: z.enum(UNANSWERED_OUTCOMES).optional(),
});

const rollbackSchema = z.strictObject({
  /** Before an execution ends as failed. */
  on_failure: z.enum(ROLLBACKS_ON_FAILURE).optional(),
});

/** Of spec/001: `retry_policy` and `max_retries` act as `retry` does, `failure_threshold` as the breaker `error-rate`, unless `cascade_prevention` is false; `checkpoint_recovery` lets attempts resume. */
const failureHandlingSchema = z.strictObject({
  retry_policy: z.enum(['exponential_backoff', 'linear_backoff']).optional(),
  max_retries: z.int().min(0).max(999).optional(),
  failure_threshold: share.optional(),
  cascade_prevention: z.boolean().optional(),
  checkpoint_recovery: z.boolean().optional(),
});

export const policiesSchema = z.strictObject({
  /** Tasks that may run at once. */
  concurrency_max: z.int().min(1).max(MAX_CONCURRENCY).optional(),
  /** Alias of `concurrency_max`. */
  max_concurrent_tasks: z.int().min(1).max(MAX_CONCURRENCY).optional(),
  limits: limitsSchema.optional(),
  execution_model: z.enum(['rolling_frontier', 'wave_based']).optional(),
  wave: waveSchema.optional(),
  retry: retrySchema.optional(),
  approval: approvalSchema.optional(),
  /** After a failure nothing new starts. */
  fail_fast: z.boolean().optional(),
  /** READY for this long lifts a task one priority class. */
  ageing_minutes: z.number().positive().optional(),
  dispatch: z.enum(['child', 'auto']).optional(),
  /** v3 dependencies below it do not gate. */
  min_confidence: share.optional(),
  /** The one order of ready tasks there is: by class, lifted by age. */
  fairness: z.enum(['weighted']).optional(),
  /** The one way locks are taken. */
  lock_policy: z.enum(['try-lock-wait-die']).optional(),
  /** Plans are changed while they run. */
  update_mode: z.enum(['hot']).optional(),
  failure_handling: failureHandlingSchema.optional(),
  /** Rules that spot a failure which is not one task's own, and what is done about it. */
  circuit_breakers: circuitBreakersSchema.optional(),
  /** Named steps that repair something. */
  playbooks: playbooksSchema.optional(),
  /** Rows of its own in the table that classifies failures. */
  failure_rules: failureRulesSchema.optional(),
  /** What is done about a task once its retries are used up. */
  ...errorPolicyFields,
  /** Programs that do tasks which name them. */
  executors: executorsSchema.optional(),
  /** Checks of the whole tree after each level of the graph. */
  sentinels: sentinelsSchema.optional(),
  /** A small test after each major cut of the graph. */
  canaries: canariesSchema.optional(),
  /** When nothing more starts, and how things start again. */
  backpressure: backpressureSchema.optional(),
  /** How full quotas may be, and who gives way to whom. */
  resource_allocation: resourceAllocationSchema.optional(),
  /** What is undone by itself. */
  rollback: rollbackSchema.optional(),
  /** When tasks are kept in the middle, and for how long. */
  checkpoints: checkpointsPolicySchema.optional(),
  /** As a task's, for tasks that state nothing else. */
  workspace_mode: workspaceModeSchema.optional(),
  worktree: worktreeSchema.optional(),
  /** What background tasks may have. */
  background: backgroundSchema.optional(),
  /** Which worker a task with capabilities goes to. */
  worker_matching: workerMatchingSchema.optional(),
});
export type WrittenPolicies = z.infer<typeof policiesSchema>;

/** Checked and kept; nothing acts on them yet. */
export const KEPT_POLICIES: ReadonlySet<string> = new Set([
  'lock_policy',
]);
