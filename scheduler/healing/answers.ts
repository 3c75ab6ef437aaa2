/** Hot updates that come from within: of a repair that was asked for, and of an attempt that answers with one. */
import type { AttemptResult } from '../../model/attempt.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { SchedulerEvent, Step } from '../protocol.ts';
import type { Healing } from './healing.ts';

export interface Answering {
  readonly index: GraphIndex;
  readonly healing: Healing;
  readonly lifecycle: Pick<Lifecycle, 'expects'>;
  /** Applies a patch like anybody's. */
  readonly patch: (patch: ParsedPatch) => Omit<Step, 'decisions'>;
}

const since = (base: number, { tasks }: GraphIndex): readonly number[] => Array.from({ length: tasks.length - base }, (_, at) => base + at);

/** Why a hot update from within changes nothing; undefined of one that is applied. One of that id is somebody else's: an end that is told twice does not come so far. */
const refusalOf = ({ receipt, rejected }: Omit<Step, 'decisions'>): string | undefined => {
  if (receipt?.duplicate) return `a hot update with the id ${JSON.stringify(receipt.patchId)} has been applied before; each needs an id of its own`;
  return rejected?.map(({ message }) => message).join('; ');
};

/** A repair has come: its tasks are injected like anybody's, or it is over before it began. */
export const repaired = ({ index, healing, patch: apply }: Answering, { breaker, trip, patch, problem }: SchedulerEvent & { readonly type: 'repaired' }): void => {
  const hold = healing.expects({ breaker, trip });
  if (!hold) return;
  const base = index.tasks.length;
  // The parts of a task are as much the plan's as it was.
  const isSplit = hold.mend?.action.type === 'split';
  const answer = patch && apply(isSplit ? patch : { ...patch, tasks: patch.tasks.map((task) => ({ ...task, repairs: breaker })) });
  healing.prepared(hold, since(base, index), problem ?? (answer && refusalOf(answer)));
};

/** The result of an attempt, once the hot update that it may answer with is applied. One that is refused has not succeeded. */
export const withAnswer = ({ index: graph, healing, lifecycle, patch: apply }: Answering, { index, result }: SchedulerEvent & { readonly type: 'ended' }): AttemptResult => {
  const { patch, ...rest } = result;
  if (!patch || result.outcome !== 'succeeded' || !lifecycle.expects(index, result.attempt)) return rest;
  const base = graph.tasks.length;
  const isOwnEnd = patch.cancelled?.some(({ task }) => task === graph.id(index)) === true;
  const refusal = isOwnEnd ? 'it cancels the task that it comes from' : refusalOf(apply(patch));
  if (refusal === undefined) {
    healing.answered(index, since(base, graph));
    return rest;
  }
  const message = `its hot update was refused: ${refusal}`;
  return { ...rest, outcome: 'failed', failure: { reason: 'check', class: 'logic', kind: 'E_PLAN_CONSISTENCY', message } };
};
