/**
 * Checks of what starts and ends things in a workflow, without a schema library: an execution may be started by
 * hand, and anybody may send a signal. What is wrong is refused; it never blocks a workflow.
 */
import type { AcceptedFindings } from './accepted.ts';
import { isMonitoring } from './alert.ts';
import type { ApprovalPolicy, BackgroundPolicy, BackpressurePolicy, MatchingPolicy, Policies, PreemptionPolicy, RollbackPolicy, WavePolicy } from './graph.ts';
import { EXECUTOR_NAME } from './executor.ts';
import { RISK_LEVELS, ROLLBACKS_ON_FAILURE, UNANSWERED_OUTCOMES } from './graph.ts';
import { isBreaker, isErrorPolicy, RETRY_SHAPE } from './graph-shapes.ts';
import { LATE_BOUND_EDGES } from './late-edge.ts';
import { isCheckpointName, PRUNE_CHOICES } from './checkpoint.ts';
import type { CheckpointPolicy, WantedPoint } from './checkpoint.ts';
import { isContentHash, isExecutionId, isTaskId } from './ids.ts';
import type { ExecutionInput, ResumeAt } from './message.ts';
import { fail, ok } from './problem.ts';
import type { Problem, Result } from './problem.ts';
import { isCount, isDuration, isFlag, isObject, isShare, isText, listOf, oneOf, partial, shaped, wrongKeys } from './shape.ts';
import type { Check, Shape } from './shape.ts';
import { isLinkPath, WORKSPACE_MODES } from './workspace.ts';
import type { WorkspaceTerms } from './workspace.ts';

const WAVE: Shape<WavePolicy> = {
  maxWaveSize: isCount,
  quorum: isShare,
  timeoutMs: isDuration,
  fallback: oneOf('deferOptional', 'wait', 'fail'),
};

const APPROVAL: Shape<ApprovalPolicy> = {
  risk: oneOf('none', ...RISK_LEVELS),
  timeoutMs: isDuration,
  onTimeout: oneOf(...UNANSWERED_OUTCOMES),
};

const MATCHING: Shape<MatchingPolicy> = { preferSpecialized: isFlag, maxTasksPerWorker: isCount };

const isPercent: Check = (value) => isDuration(value) && (value as number) >= 1 && (value as number) <= 100;

const CHECKPOINTS: Shape<CheckpointPolicy> = {
  intervalPercent: isPercent,
  keep: isCount,
  prune: oneOf(...PRUNE_CHOICES),
  maxBytes: isDuration,
  expensiveMs: isDuration,
  recovery: isFlag,
};

const isTask: Check = (value) => typeof value === 'string' && isTaskId(value);
const WANTED: Shape<WantedPoint> = { attempt: isCount, n: isCount, name: (value) => typeof value === 'string' && isCheckpointName(value) };
const isWanted = shaped(WANTED, ['attempt', 'n']);
const RESUME_AT: Shape<ResumeAt> = { task: isTask, point: (value) => value === null || isWanted(value) };

/** It becomes part of paths on the machines of workers. */
const isAbsolutePath: Check = (value) => typeof value === 'string' && value.startsWith('/') && value.length <= 4_096 && !value.includes('\0') && !value.split('/').includes('..');

const POLICIES: Shape<Policies> = {
  concurrencyMax: isCount,
  executionModel: oneOf('rolling_frontier', 'wave_based'),
  wave: partial(WAVE),
  retry: partial(RETRY_SHAPE),
  approval: partial(APPROVAL),
  matching: partial(MATCHING),
  preemption: partial<PreemptionPolicy>({ enabled: isFlag, order: listOf(isDuration) }),
  backpressure: partial<BackpressurePolicy>({ errorsPerMinute: isDuration, coolDownMs: isDuration, resumeRate: (value) => isDuration(value) && (value as number) > 0 }),
  background: partial<BackgroundPolicy>({ maxTasks: isCount }),
  breakers: listOf(isBreaker),
  errorPolicy: isErrorPolicy,
  rollback: partial<RollbackPolicy>({ onFailure: oneOf(...ROLLBACKS_ON_FAILURE) }),
  checkpoints: partial(CHECKPOINTS),
  workspaceTerms: partial<WorkspaceTerms>({ mode: oneOf(...WORKSPACE_MODES), link: listOf((path) => typeof path === 'string' && isLinkPath(path)), keepFailed: isFlag }),
  monitoring: isMonitoring,
  lateBoundEdges: oneOf(...LATE_BOUND_EDGES),
  failFast: isFlag,
  ageingMs: isDuration,
  dispatch: oneOf('child', 'auto'),
};

const INPUT: Shape<ExecutionInput> = {
  plan: (value) => typeof value === 'string' && isContentHash(value),
  workspace: isText,
  policies: partial(POLICIES),
  executor: (value) => typeof value === 'string' && EXECUTOR_NAME.test(value),
  git: isFlag,
  graceMs: isDuration,
  resumeFrom: isText,
  rollbackOf: shaped<ExecutionInput['rollbackOf'] & object>({ execution: (value) => typeof value === 'string' && isExecutionId(value), number: isCount }, ['execution', 'number']),
  runAgain: listOf(isTask),
  resumeAt: listOf(shaped(RESUME_AT, ['task'])),
  accepted: listOf(shaped<AcceptedFindings>({ code: (value) => typeof value === 'string' && /^TASKS\d{4}$/.test(value), count: isCount, by: isText }, ['code', 'count'])),
  checkpoints: isAbsolutePath,
  searchAttributes: isFlag,
};

/** The input of an execution. Only `plan` must be there. */
export const readExecutionInput = (payload: unknown): Result<ExecutionInput> => {
  if (!isObject(payload) || !INPUT.plan(payload['plan'])) {
    return fail([problem('the input needs the hash of a stored plan: {"plan": "…"}')]);
  }
  const wrong = wrongKeys(payload, INPUT);
  const nested = isObject(payload['policies']) ? wrongKeys(payload['policies'], POLICIES).map((key) => `policies.${key}`) : [];
  if (wrong.length > 0) {
    const named = nested.length > 0 ? nested : wrong;
    return fail(named.map((key) => problem(`the input's ${key} is unknown or has a value that is not accepted`)));
  }
  return ok(payload as unknown as ExecutionInput);
};

const problem = (message: string): Problem => ({ code: 'TASKS3011', message });
