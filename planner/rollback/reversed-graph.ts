/** The graph that undoes: what was done last comes first, and asks for what it asked for when it was done. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { Graph, GraphTask, Policies, TaskSpec } from '../../model/graph.ts';
import type { Standing, TaskStanding } from '../../model/rollback.ts';
import { present } from '../read/optional.ts';
import type { Contracted } from './contract.ts';
import type { Verdict } from './verdict.ts';

const TITLE_LENGTH = 80;

export interface Reversed {
  readonly graph: Graph;
  /** Task indices of the standing, in the order of the graph's tasks. */
  readonly order: readonly number[];
  readonly gates: ReadonlySet<number>;
}

export const reversedGraph = (options: {
  readonly standing: Standing;
  readonly specs: readonly TaskSpec[];
  readonly verdicts: readonly Verdict[];
  readonly contracted: Contracted;
}): Reversed => {
  const { standing, specs, verdicts, contracted } = options;
  const order = contracted.nodes.toReversed();
  const positions = new Map(order.map((at, position) => [at, position]));
  const edges = order.map((): { readonly deps: number[]; readonly soft: number[] } => ({ deps: [], soft: [] }));
  for (const [later, position] of positions) {
    for (const [earlier, hard] of contracted.before.get(later) ?? []) edges[positions.get(earlier) as number]?.[hard ? 'deps' : 'soft'].push(position);
  }
  const tasks = order.map((at, position): GraphTask => {
    const { task } = standing.tasks[at] as TaskStanding;
    const verdict = verdicts[at] as Verdict;
    const node = contracted.gates.has(at) ? gate(task) : verdict.how === 'hand' ? byHand(task, verdict.reason) : undoing(task, specs[at] as TaskSpec);
    const { deps, soft } = edges[position] as (typeof edges)[number];
    return { ...node, ...(deps.length > 0 && { deps: deps.sort(ascending) }), ...(soft.length > 0 && { soft: soft.sort(ascending) }) };
  });
  const { resources, calendars } = standing;
  const graph: Graph = {
    schema: 1,
    name: `rollback of ${standing.name}`,
    tasks,
    sources: [],
    policies: policiesOf(standing.policies),
    ...(resources && { resources }),
    ...(calendars && { calendars }),
  };
  return { graph, order, gates: contracted.gates };
};

const ascending = (a: number, b: number): number => a - b;

const titleOf = ({ id, title }: GraphTask): string => `undo ${title ?? id}`.slice(0, TITLE_LENGTH);

const undoing = (task: GraphTask, { compensation }: TaskSpec): GraphTask =>
  present({
    id: task.id,
    title: titleOf(task),
    estimateMs: task.estimateMs,
    priority: task.priority,
    timeoutMs: compensation?.timeoutMs ?? task.timeoutMs,
    idempotent: compensation?.idempotent,
    retry: task.retry,
    asks: task.asks,
    capabilities: task.capabilities,
    affinity: task.affinity,
    pausable: task.pausable,
    labels: task.labels,
    escalates: true,
  });

/** It holds nothing while it waits for its person, who may take days. */
const byHand = (task: GraphTask, reason: string): GraphTask => ({ id: task.id, title: titleOf(task), executor: 'human', byHand: reason });

const gate = ({ id }: GraphTask): GraphTask => ({ id, title: 'nothing to undo here; it keeps the order', estimateMs: 0, executor: 'noop', dispatch: 'activity' });

/**
 * Who asked for a rollback has been asked; one that fails is a person's, and is not followed by another. Alerts are of how the plan
 * does: one that aborts what waits for long would abort a rollback that waits for a person.
 */
const policiesOf = (policies: Policies): Policies => ({
  ...policies,
  executionModel: 'rolling_frontier',
  approval: DEFAULT_POLICIES.approval,
  preemption: DEFAULT_POLICIES.preemption,
  rollback: DEFAULT_POLICIES.rollback,
  monitoring: DEFAULT_POLICIES.monitoring,
  failFast: false,
});

/** A compensation runs as its task did, and is told which execution and attempt it undoes. */
export const undoingSpec = (options: { readonly standing: Standing; readonly spec: TaskSpec; readonly at: number; readonly isGate: boolean }): TaskSpec => {
  const { standing, spec, at, isGate } = options;
  if (isGate || !spec.compensation) return { id: spec.id, fields: {} };
  const { id, title, directory, workspaceTerms, environment, secrets, artifacts, compensation, place } = spec;
  return present({
    id,
    // What it commits in a worktree says so.
    title: `undo ${title ?? id}`,
    command: compensation.command,
    directory,
    workspaceTerms,
    environment: { ...environment, TASKS_ROLLBACK_OF: standing.execution, TASKS_ROLLBACK_OF_ATTEMPT: String(standing.tasks[at]?.attempt ?? 0) },
    secrets,
    artifacts,
    fields: {},
    place,
  });
};
