/** A written task, of whatever format, to the parts of a graph's task and of its own. */
import type { AcceptanceCheck } from '../../model/check.ts';
import { PRIORITY, UNASSIGNED } from '../../model/graph.ts';
import type { RetryPolicy } from '../../model/graph.ts';
import { confidenceOf, durationMs, priorityOf, rollbackCostOf } from '../../model/scalar.schema.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { areaOf } from '../healing/area.ts';
import { errorPolicyOf } from '../healing/map-error-policy.ts';
import { filesOf } from '../late-edges/task-files.ts';
import type { NodeFields, RetryChanges, SpecFields } from './draft.ts';
import { isCheckpointCapable, mapCheckpoints } from './map-checkpoints.ts';
import { mapChecks } from './map-checks.ts';
import { compensationInPlace, compensationOf } from './map-compensation.ts';
import { mapWorkers } from './map-workers.ts';
import { mapWorkspace } from './map-workspace.ts';
import { present } from './optional.ts';

const MINUTE = 60_000;
/** A day of work, not of the calendar: spec/001 counts 54 hours as 6.75 days. */
export const UNIT_MS = { minutes: MINUTE, hours: 60 * MINUTE, days: 8 * 60 * MINUTE } as const;
const TITLE_LENGTH = 80;

const estimateMs = (task: WrittenTask): number | undefined => {
  if (task.estimate_minutes !== undefined) return Math.round(task.estimate_minutes * MINUTE);
  if (task.duration === undefined) return undefined;
  const unit = UNIT_MS[task.durationUnits ?? 'hours'];
  if (typeof task.duration === 'number') return Math.round(task.duration * unit);
  const { mostLikely, optimistic = mostLikely, pessimistic = mostLikely } = task.duration;
  return Math.round(((optimistic + 4 * mostLikely + pessimistic) / 6) * unit);
};

export const mapRetry = (written: NonNullable<WrittenTask['retry']>): RetryChanges =>
  present({
    maxAttempts: written.max_attempts,
    backoff: written.backoff,
    initialDelayMs: written.initial_delay_ms,
    maxDelayMs: written.max_delay_ms,
    jitter: written.jitter,
    retryOn: written.retry_on,
    byClass: written.by_class && Object.fromEntries(Object.entries(written.by_class).map(([name, delays]) => [name, present({ initialDelayMs: delays.initial_delay_ms, maxDelayMs: delays.max_delay_ms })])),
    raiseUpTo: written.raise_limits_up_to,
  });

/** attempts = retries + 1; `retry_on_failure: false` is one attempt, whatever else is said. */
const retryOf = (task: WrittenTask): Partial<RetryPolicy> | undefined => {
  const hints = task.scheduling_hints;
  const retries = task.retries ?? hints?.max_retries;
  const once = task.retry_on_failure === false || hints?.retry_on_failure === false;
  const retry: Partial<RetryPolicy> = {
    ...(retries === undefined ? {} : { maxAttempts: retries + 1 }),
    ...(task.retry ? mapRetry(task.retry) : {}),
    ...(once ? { maxAttempts: 1 } : {}),
  };
  return Object.keys(retry).length > 0 ? retry : undefined;
};

/** Neither command nor executor: whatever the execution's default executor is, a person unless it says otherwise. */
const isUnassigned = (task: WrittenTask): boolean => task.cmd === undefined && task.executor === undefined;

const executorOf = (task: WrittenTask): string | undefined => (task.executor === 'command' ? undefined : task.executor);

const needsChild = (task: WrittenTask): boolean =>
  isCheckpointCapable(task) ||
  compensationOf(task) !== undefined ||
  (task.steps?.length ?? 0) > 1 ||
  task.executor === 'human' ||
  isUnassigned(task);

const environmentOf = (task: WrittenTask): Readonly<Record<string, string>> | undefined =>
  task.env && Object.fromEntries(Object.entries(task.env).map(([name, value]) => [name, String(value)]));

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

export const titleOf = (task: WrittenTask): string | undefined => task.title ?? task.name;

/** A stated priority says more than a kind. */
export const writtenPriority = (task: Pick<WrittenTask, 'priority' | 'scheduling_hints' | 'kind'>): number | undefined => {
  const stated = task.priority ?? task.scheduling_hints?.priority;
  if (stated !== undefined) return priorityOf(stated);
  return task.kind === 'bg' ? PRIORITY.background : undefined;
};

export const mapNode = (task: WrittenTask): NodeFields => {
  const hints = task.scheduling_hints;
  return present({
    ...mapWorkers(task),
    title: titleOf(task)?.slice(0, TITLE_LENGTH),
    estimateMs: estimateMs(task),
    priority: writtenPriority(task),
    confidence: task.confidence === undefined ? undefined : confidenceOf(task.confidence),
    rollbackCost: task.rollback_cost === undefined ? undefined : rollbackCostOf(task.rollback_cost),
    executor: isUnassigned(task) ? UNASSIGNED : executorOf(task),
    dispatch: task.dispatch,
    needsChild: needsChild(task) || undefined,
    timeoutMs: task.timeout === undefined ? undefined : durationMs(task.timeout),
    idempotent: task.idempotent ?? task.idempotency,
    retry: retryOf(task),
    risk: task.risk?.level,
    approval: task.risk?.approval,
    preemptible: (task.preemptible ?? hints?.preemptible) || undefined,
    pausable: (task.pausable ?? hints?.can_pause_resume) || undefined,
    preferredWindow: hints?.preferred_time_window,
    labels: nonEmpty(task.labels ?? []),
    diagnostic: task.smoke === undefined ? undefined : true,
    optional: task.optional || undefined,
    errorPolicy: errorPolicyOf(task),
    splits: task.split_into === undefined ? undefined : true,
    wave: task.wave,
    compensation: compensationInPlace(task),
  });
};

/** Of a task that a hot update brings or changes: whether a breaker has a scope it might be in, and whether its files matter, is not known here. */
export const mapPatchNode = (task: WrittenTask): NodeFields => present({ ...mapNode(task), area: areaOf(task), files: filesOf(task) });

/** `raw` is the task as it stood in the plan, with every key it had. */
export const mapSpec = (task: WrittenTask, raw: Readonly<Record<string, unknown>>): SpecFields => {
  const checks: readonly AcceptanceCheck[] | undefined = mapChecks(task);
  return present({
    title: titleOf(task),
    description: task.description,
    command: task.cmd,
    compensation: compensationOf(task),
    directory: task.directory ?? task.workspace,
    workspaceTerms: mapWorkspace(task),
    environment: environmentOf(task),
    secrets: nonEmpty(task.secrets ?? []),
    artifacts: nonEmpty([...new Set([...(task.artifacts ?? []), ...(task.outputs ?? [])])]),
    smoke: task.smoke,
    checks,
    ...mapCheckpoints(task),
    fields: raw,
  });
};
