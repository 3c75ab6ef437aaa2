/** How an execution has ended. */
import type { ExecutionOutcome } from '../model/outcome.ts';
import { satisfiesHard } from '../model/state.ts';
import type { SchedulerState } from './protocol.ts';

/** A repair that failed did no harm to a task that succeeded without it. */
export const outcomeOf = ({ mode, records, graph }: SchedulerState): ExecutionOutcome => {
  if (mode === 'aborting') return 'aborted';
  return records.every(({ state }, at) => satisfiesHard(state) || graph.tasks[at]?.repairs !== undefined) ? 'succeeded' : 'failed';
};
