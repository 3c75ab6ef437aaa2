/** The tasks and subtasks of one phase, flat. */
import { isBackground, PRIORITY } from '../../model/graph.ts';
import type { ErrorPolicy } from '../../model/self-heal.ts';
import type { DraftEdge, DraftTask, Findings } from './draft.ts';
import { without } from './envelope.ts';
import { present } from './optional.ts';
import { phaseTaskSchema } from './phase.schema.ts';
import type { PhaseTask } from './phase.schema.ts';
import { readTask } from './read-task.ts';
import type { Where } from './source.ts';
import { inside, problemAt } from './source.ts';
import { quote } from './words.ts';

export interface PhaseNode {
  readonly task: DraftTask;
  readonly edges: readonly DraftEdge[];
}

const MOOT = ['conflict_group', 'files_scope', 'parallel_ok', 'capabilities', 'affinity', 'preemptible', 'pausable', 'error_policy', 'self_heal_policy'] as const;
/** What says no more than what holds anyway. */
const SAYS_NOTHING: Readonly<Record<string, unknown>> = { parallel_ok: true, preemptible: false, pausable: false };

/** A task that does nothing itself keeps nobody else from running, cannot fail, and there is nothing of it to stop. */
const warnMoot = (task: DraftTask, written: PhaseTask, findings: Findings): void => {
  const moot = MOOT.filter((key) => written[key] !== undefined && written[key] !== SAYS_NOTHING[key]);
  const [first] = moot;
  if (first === undefined) return;
  findings.warnings.push(
    problemAt({
      code: 'TASKS1006',
      message: `task ${quote(task.id)} only holds subtasks: ${moot.join(', ')} has no effect here`,
      where: inside(task.where, first),
      hint: 'State it with the subtasks.',
    }),
  );
};

const adapt = (task: DraftTask, { phaseId, background, errorPolicy }: PhaseReading, join: boolean): DraftTask => {
  const { needsChild, capabilities, affinity, preemptible, pausable, ...node } = task.node;
  return {
    ...task,
    node: present({
      ...node,
      ...(join ? {} : { needsChild, capabilities, affinity, preemptible, pausable }),
      executor: join ? 'noop' : node.executor,
      priority: node.priority ?? (background ? PRIORITY.background : undefined),
      errorPolicy: join ? undefined : (node.errorPolicy ?? errorPolicy),
    }),
    exclusions: join ? {} : { ...task.exclusions, phase: phaseId },
    spec: { ...task.spec, fields: { phase_id: phaseId, ...without(task.spec.fields, 'subtasks') } },
  };
};

/** Ids within the group that nothing in it comes before, and those that nothing in it comes after. */
export const endsOf = (nodes: readonly PhaseNode[]): { readonly roots: readonly string[]; readonly sinks: readonly string[] } => {
  const ids = new Set(nodes.map((node) => node.task.id));
  const within = nodes.flatMap((node) => node.edges).filter((edge) => edge.type === 'hard' && ids.has(edge.from));
  const after = new Set(within.map((edge) => edge.to));
  const before = new Set(within.map((edge) => edge.from));
  return { roots: [...ids].filter((id) => !after.has(id)), sinks: [...ids].filter((id) => !before.has(id)) };
};

/**
 * A task with subtasks is done after all of them; they start when its own dependencies are met. A task that
 * only holds subtasks, without a command or an executor, does nothing itself.
 */
const withSubtasks = (parent: PhaseNode, children: readonly PhaseNode[], where: Where): readonly PhaseNode[] => {
  const { roots, sinks } = endsOf(children);
  const { id } = parent.task;
  const first = new Set(roots);
  const joining = sinks.map((from): DraftEdge => ({ from, to: id, type: 'hard', where }));
  const started = children.map((child) => {
    if (!first.has(child.task.id)) return child;
    const inherited = parent.edges.map((edge) => ({ ...edge, to: child.task.id }));
    return { ...child, edges: [...child.edges, ...inherited] };
  });
  return [...started, { ...parent, edges: [...parent.edges, ...joining] }];
};

interface PhaseReading {
  readonly where: Where;
  readonly phaseId: string;
  /** Whatever is above them is background: so are those that state no priority. */
  readonly background: boolean;
  /** Of those that state none themselves. */
  readonly errorPolicy: ErrorPolicy | undefined;
  readonly findings: Findings;
}

/** One task with its subtasks. Recursion is bounded: nothing is nested deeper than the reader allows. */
export const readPhaseNode = (options: PhaseReading & { readonly raw: unknown }): readonly PhaseNode[] => {
  const { raw, where, findings } = options;
  const read = readTask({ raw, where, schema: phaseTaskSchema, findings });
  if (!read) return [];
  const { task, edges, written } = read;
  if (!written) return [{ task, edges }];
  const subtasks = written.subtasks ?? [];
  const join = subtasks.length > 0 && written.cmd === undefined && written.executor === undefined;
  if (join) warnMoot(task, written, findings);
  const node: PhaseNode = { task: adapt(task, options, join), edges };
  if (subtasks.length === 0) return [node];
  const below = inside(where, 'subtasks');
  return withSubtasks(node, readPhaseNodes({ ...options, raw: subtasks, where: below, background: isBackground(node.task.node) }), below);
};

export const readPhaseNodes = (options: PhaseReading & { readonly raw: readonly unknown[] }): readonly PhaseNode[] =>
  options.raw.flatMap((raw, index) => readPhaseNode({ ...options, raw, where: inside(options.where, index) }));
