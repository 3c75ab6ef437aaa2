/**
 * A patch, applied in one block between two events: resources, tasks and edges change, everything derived from them
 * follows, and whatever that makes possible starts. Nothing that runs is touched but what the patch cancels, so there is
 * nothing to be paused for it.
 */
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { ParsedPatch, PatchNews, PatchReceipt } from '../model/patch.ts';
import type { Admission } from './admission.ts';
import type { Board } from './board.ts';
import { WAITING } from './graph-edges.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { PlannedEdge } from './patch-edges.ts';
import { applyToGraph, planPatch } from './patch.ts';
import type { PlannedPatch } from './patch.ts';
import type { Decision, SchedulerState, Step } from './protocol.ts';
import { who } from './request.ts';

/** The scheduler's parts that a patch changes. */
export interface Patchable {
  readonly state: SchedulerState;
  readonly index: GraphIndex;
  readonly board: Board;
  readonly lifecycle: Lifecycle;
  readonly now: number;
  readonly decide: (decision: Decision) => void;
  admission(): Admission;
  /** Has everything that admission derives from graph and records derived anew, as in a scheduler made from the state. */
  renewAdmission(): void;
  /** These tasks are new, or state other files; these edges have been taken out. */
  changed(tasks: readonly number[], removed: readonly PlannedEdge[]): void;
}

export const applyPatch = (parts: Patchable, patch: ParsedPatch): Omit<Step, 'decisions'> => {
  const { state, index, board, lifecycle, now, decide } = parts;
  const earlier = state.patches.find((receipt) => receipt.patchId === patch.id);
  if (earlier) return { receipt: { ...earlier, duplicate: true } };
  const planned = planPatch(state, index, patch);
  if (!planned.ok) return { rejected: planned.error };
  const plan = planned.value;
  const { resources, updates, priorities } = plan;
  const base = index.tasks.length;
  const idOf = (at: number): TaskId => index.id(at);
  // What they asked for is not what they ask for now.
  for (const at of askingAnew(parts, plan)) parts.admission().askAnew(at, now);
  const reorder = applyToGraph(state, index, { patch, plan });
  state.version += 1;
  for (let at = base; at < index.tasks.length; at += 1) board.enrol(at);
  // Who approved it did not approve what it is now.
  for (const at of updates.keys()) if (board.at(at).approval?.state === 'given') delete board.at(at).approval;
  if (patch.resources || updates.size > 0 || priorities.size > 0) parts.renewAdmission();
  if (patch.resources) decide({ type: 'resources', resources: resources.resources, told: resources.told, ...who(patch) });
  const touched = new Set([...plan.removed, ...plan.added].map((edge) => edge.to));
  for (const at of touched) board.recount(at);
  if (reorder) parts.admission().reorder(now);
  for (let at = base; at < index.tasks.length; at += 1) touched.add(at);
  parts.admission().gates.patched(touched);
  const waiting = [...touched].filter((at) => board.at(at).state !== 'READY' && WAITING.has(board.at(at).state));
  const blocked = plan.removed.length > 0 ? [...state.records.keys()].filter((at) => board.at(at).state === 'UPSTREAM_FAILED') : [];
  for (const at of touched) if (WAITING.has(board.at(at).state)) board.place(at);
  const unblocked = blocked.filter((at) => board.at(at).state !== 'UPSTREAM_FAILED').map(idOf);
  const news = { ...newsOf(parts, patch, plan), ...(unblocked.length > 0 && { unblocked }) };
  decide({ type: 'emit', event: { type: 'hot_update', ...news, ...who(patch) } });
  for (const at of updates.keys()) if (board.at(at).state === 'READY') parts.admission().gates.reconsider(at, now);
  for (const { index: at, skip } of plan.cancelled) {
    if (skip) lifecycle.skip(idOf(at), patch);
    else lifecycle.takeOut(at);
  }
  parts.changed([...state.records.keys()].slice(base).concat([...updates.keys()]), plan.removed);
  const ready = waiting.filter((at) => board.at(at).state === 'READY').map(idOf);
  const receipt: PatchReceipt = { ...news, ready, warnings: plan.warnings, duplicate: false };
  state.patches.push(receipt);
  return { receipt };
};

/**
 * Tasks whose requests to mutexes are made anew: they ask for something else, or in another class than the one they
 * wait in there. Who has been granted all it asks for keeps that, whatever its class.
 */
function* askingAnew({ state, index }: Patchable, { resources, updates, priorities }: PlannedPatch): Generator<number> {
  // An updated task that states no asks has none.
  const asks = (at: number): unknown => (updates.has(at) ? updates.get(at)?.asks : (resources.asks.get(at) ?? index.tasks[at]?.asks));
  const priorityOf = (at: number): number => priorities.get(at) ?? (updates.get(at) ?? index.tasks[at])?.priority ?? DEFAULT_PRIORITY;
  for (const at of new Set([...resources.asks.keys(), ...updates.keys(), ...priorities.keys()])) {
    const before = index.tasks[at];
    const isOther = JSON.stringify(asks(at) ?? []) !== JSON.stringify(before?.asks ?? []);
    const isAsking = state.records[at]?.request?.state === 'asked';
    if (resources.asks.has(at) || isOther || (isAsking && priorityOf(at) !== (before?.priority ?? DEFAULT_PRIORITY))) yield at;
  }
}

/** What did not happen is left out. */
const newsOf = ({ state, index }: Patchable, patch: ParsedPatch, plan: PlannedPatch): PatchNews => {
  const { removed, added, updates, priorities, cancelled, resources } = plan;
  const ids = (list: Iterable<number>): readonly TaskId[] => [...list].map((at) => index.id(at));
  return {
    patchId: patch.id,
    version: state.version,
    injected: patch.tasks.map((task) => task.id),
    edges: added.length,
    ...(removed.length > 0 && { removed: removed.length }),
    ...(updates.size > 0 && { updated: ids(updates.keys()) }),
    ...(priorities.size > 0 && { reprioritized: priorities.size }),
    ...(cancelled.length > 0 && { cancelled: ids(cancelled.map((each) => each.index)) }),
    ...(resources.capacities.length > 0 && { capacities: resources.capacities }),
  };
};
