/** A task as a FlowOps plan writes it, from what the graph carries, its own part, and what else was said of it. */
import { isBuiltInExecutor } from '../../model/executor.ts';
import { UNASSIGNED } from '../../model/graph.ts';
import type { GraphTask, TaskSpec } from '../../model/graph.ts';
import { taskSchema } from '../../model/task.schema.ts';
import { without } from '../read/envelope.ts';
import { writeWorkspace } from '../read/map-workspace.ts';
import { present } from '../read/optional.ts';
import { isRecord } from '../read/read-task.ts';
import { writeCheck } from './write-checks.ts';
import { writeErrorPolicy } from './write-error-policy.ts';
import { writeRetry } from './write-policies.ts';

const MINUTE = 60_000;

/** Fields of which nothing is compiled that the graph or the task's own part would carry: they go along as they were written. */
const AS_WRITTEN = ['steps', 'checkpoint', 'execution_guidance', 'files_scope', 'split_into'] as const;
const COMPILED = Object.keys(taskSchema.shape).filter((key) => !AS_WRITTEN.some((each) => each === key));
/** Of fields that are objects: what the graph says. */
const HINTS = ['priority', 'retry_on_failure', 'max_retries', 'preemptible', 'can_pause_resume', 'avoid_concurrent_with', 'preferred_time_window'];
const REQUIREMENTS = ['estimated', 'peak', 'worker_capabilities_required'];

const nonEmpty = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined => (Object.keys(members).length > 0 ? members : undefined);

const isDangerous = ({ risk }: GraphTask): boolean => risk === 'high' || risk === 'critical';

/** Who has locks whole says so by its risk. */
const riskOf = (node: GraphTask, raw: unknown, names: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> | undefined => {
  const whole = (node.asks ?? []).flatMap((ask) => (ask.whole ? (names.get(ask.resource) ?? []) : []));
  return nonEmpty({
    ...without(raw, 'level', 'locks', 'approval'),
    ...present({ level: node.risk, approval: node.approval, locks: isDangerous(node) && whole.length > 0 ? whole : undefined }),
  });
};

const resourcesOf = (node: GraphTask, names: ReadonlyMap<string, string>): readonly unknown[] | undefined => {
  const asks = (node.asks ?? []).flatMap(({ resource, units, access, whole }) => {
    const name = names.get(resource);
    return name === undefined || (whole && isDangerous(node)) ? [] : [{ name, units, access }];
  });
  return asks.length > 0 ? asks : undefined;
};

/** An execution gives those an executor that state none: another one may give them another. A task that only holds subtasks states none either. */
const executorOf = ({ executor }: GraphTask, { command, fields }: TaskSpec, planned: GraphTask | undefined): string | undefined => {
  const isOpen = command === undefined && fields['executor'] === undefined && planned?.executor !== 'noop';
  return isOpen && (executor === undefined || executor === UNASSIGNED || isBuiltInExecutor(executor)) ? undefined : executor;
};

export interface LiveTask {
  readonly node: GraphTask;
  readonly spec: TaskSpec;
  /** As the plan had it; undefined for one that a patch brought. */
  readonly planned: GraphTask | undefined;
}

/** Where a command alone would say too little. */
const writeCompensation = (compensation: TaskSpec['compensation']): Readonly<Record<string, unknown>> | undefined => {
  if (!compensation || (compensation.timeoutMs === undefined && compensation.idempotent === undefined)) return undefined;
  const { command, timeoutMs, idempotent } = compensation;
  return present({ cmd: command, timeout: timeoutMs === undefined ? undefined : `${timeoutMs}ms`, idempotent });
};

export const writeTask = ({ node, spec, planned }: LiveTask, { idOf, names }: { readonly idOf: (index: number) => string; readonly names: ReadonlyMap<string, string> }): Readonly<Record<string, unknown>> => {
  const { fields } = spec;
  const { kind, risk, scheduling_hints: hints, resource_requirements: requirements } = fields;
  // A hard dependency says all that a soft one beside it would.
  const soft = node.soft?.filter((from) => !node.deps?.includes(from)) ?? [];
  return present({
    id: node.id,
    title: spec.title ?? node.title,
    description: spec.description,
    deps: node.deps?.map(idOf),
    soft_deps: soft.length > 0 ? soft.map(idOf) : undefined,
    cmd: spec.command,
    executor: executorOf(node, spec, planned),
    ...without(fields, ...COMPILED, 'phase_id', 'subtasks'),
    rollback_cmd: spec.compensation?.timeoutMs === undefined && spec.compensation?.idempotent === undefined ? spec.compensation?.command : undefined,
    compensation: writeCompensation(spec.compensation),
    smoke: spec.smoke,
    dispatch: node.dispatch,
    timeout: node.timeoutMs === undefined ? undefined : `${node.timeoutMs}ms`,
    directory: spec.directory,
    ...writeWorkspace(spec.workspaceTerms),
    env: spec.environment,
    secrets: spec.secrets,
    estimate_minutes: node.estimateMs === undefined ? undefined : node.estimateMs / MINUTE,
    priority: node.priority,
    // It says a priority, and the graph knows better.
    kind: kind === 'bg' ? undefined : kind,
    confidence: node.confidence,
    rollback_cost: node.rollbackCost,
    preemptible: node.preemptible,
    pausable: node.pausable,
    idempotent: node.idempotent,
    retry: node.retry && writeRetry(node.retry),
    error_policy: node.errorPolicy && writeErrorPolicy(node.errorPolicy),
    optional: node.optional,
    wave: node.wave,
    labels: node.labels,
    capabilities: node.capabilities,
    affinity: node.affinity,
    risk: riskOf(node, risk, names),
    resources: resourcesOf(node, names),
    resource_requirements: isRecord(requirements) ? nonEmpty(without(requirements, ...REQUIREMENTS)) : undefined,
    scheduling_hints: nonEmpty({ ...without(hints, ...HINTS), ...present({ preferred_time_window: node.preferredWindow }) }),
    artifacts: spec.artifacts,
    acceptance_checks: spec.checks?.map(writeCheck),
  });
};
