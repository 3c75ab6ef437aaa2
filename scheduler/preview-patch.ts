/** What a patch would do now: found by doing it to a copy of the state. */
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { Listed, ParsedPatch, PatchEdge, PatchPreview } from '../model/patch.ts';
import type { TaskState } from '../model/state.ts';
import { planPatch } from './patch.ts';
import type { PlannedPatch } from './patch.ts';
import type { PlannedEdge } from './patch-edges.ts';
import type { Decision, SchedulerState, Step } from './protocol.ts';
import { Scheduler } from './scheduler.ts';

/** Of each list, so that the answer is small however large the graph is. */
const SHOWN = 100;

const listed = <T>(items: readonly T[]): Listed<T> => ({ total: items.length, first: items.slice(0, SHOWN) });
const NONE: Listed<never> = { total: 0, first: [] };

/** Of a patch that would change nothing: it is refused, or has been applied before. */
export const idlePreview = (version: number, problems?: PatchPreview['refused']): PatchPreview => ({
  version,
  ...(problems && { refused: problems }),
  edges: { added: NONE, removed: NONE },
  priorities: NONE,
  starts: NONE,
  stops: NONE,
  unblocks: NONE,
  holds: NONE,
  blocks: NONE,
  waits: NONE,
});

/** O(state): a copy of all of it is made. Nothing is changed, and nothing is asked of anybody. */
export const previewPatch = (state: SchedulerState, patch: ParsedPatch, now: number): PatchPreview => {
  const scheduler = new Scheduler(JSON.parse(JSON.stringify(state)) as SchedulerState);
  // What is due by now would happen without the patch, too.
  scheduler.apply({ type: 'tick' }, now);
  const { version } = scheduler.state;
  const isKnown = state.patches.some((receipt) => receipt.patchId === patch.id);
  const plan = isKnown ? undefined : planPatch(scheduler.state, scheduler.index, patch);
  if (plan && !plan.ok) return idlePreview(version, plan.error);
  const before: Before = { states: scheduler.state.records.map((record) => record.state), tasks: [...scheduler.state.graph.tasks] };
  const step = scheduler.apply({ type: 'patch', patch }, now);
  if (!plan) return { ...idlePreview(version), ...(step.receipt && { receipt: step.receipt }) };
  return { version, ...told(scheduler, { step, before, plan: plan.value, now }) };
};

interface Before {
  readonly states: readonly TaskState[];
  readonly tasks: readonly GraphTask[];
}

const told = (scheduler: Scheduler, { step, before, plan, now }: { readonly step: Step; readonly before: Before; readonly plan: PlannedPatch; readonly now: number }): Omit<PatchPreview, 'version'> => {
  const { index, state } = scheduler;
  const idOf = (at: number): TaskId => index.id(at);
  const moved = (wanted: (from: TaskState, to: TaskState) => boolean): readonly number[] =>
    before.states.flatMap((from, at) => (wanted(from, state.records[at]?.state as TaskState) ? [at] : []));
  const decided = (type: Decision['type']): readonly TaskId[] => step.decisions.flatMap((decision) => (decision.type === type && 'task' in decision ? [decision.task] : []));
  const unblocked = moved((from, to) => (from === 'PENDING' && isFreed(to)) || (from === 'UPSTREAM_FAILED' && (to === 'PENDING' || isFreed(to))));
  const concerned = new Set([...unblocked, ...plan.updates.keys(), ...[...index.tasks.keys()].slice(before.tasks.length)]);
  const waiting = [...concerned].filter((at) => state.records[at]?.state === 'READY');
  const edgesOf = (edges: readonly PlannedEdge[]): readonly PatchEdge[] => edges.map(({ from, to, hard }) => ({ from: idOf(from), to: idOf(to), type: hard ? 'hard' : 'soft' }));
  const priorityOf = (task: GraphTask | undefined): number => task?.priority ?? DEFAULT_PRIORITY;
  return {
    ...(step.receipt && { receipt: step.receipt }),
    edges: { added: listed([...edgesOf(plan.added), ...lateOf(step)]), removed: listed(edgesOf(plan.removed)) },
    priorities: listed([...plan.priorities.keys()].map((at) => ({ task: idOf(at), from: priorityOf(before.tasks[at]), priority: priorityOf(index.tasks[at]) }))),
    starts: listed(decided('start')),
    stops: listed(decided('cancel')),
    unblocks: listed(unblocked.map(idOf)),
    holds: listed(moved((from, to) => from === 'READY' && to === 'PENDING').map(idOf)),
    blocks: listed(moved((from, to) => from !== to && to === 'UPSTREAM_FAILED').map(idOf)),
    waits: listed(waiting.map((at) => ({ task: idOf(at), reason: scheduler.waiting(at, now)?.reason ?? '' }))),
    ...(state.mode === 'finished' && { ends: true }),
  };
};

/** Edges that no patch states: of those told. */
const lateOf = ({ decisions }: Step): readonly PatchEdge[] =>
  decisions.flatMap((decision) => (decision.type === 'emit' && decision.event.type === 'late_edge' && decision.event.applied ? [{ from: decision.event.from, to: decision.event.to, type: decision.event.kind }] : []));

const isFreed = (state: TaskState): boolean => state === 'READY' || state === 'ASSIGNED';
