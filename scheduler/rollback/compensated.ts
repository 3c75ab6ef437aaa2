/** What an attempt's end says of what it has left behind. */
import type { AttemptResult } from '../../model/attempt.ts';
import type { TaskState } from '../../model/state.ts';

/** False only where no command of it can have begun, or all that was done has been undone. */
export const mayHaveActed = ({ outcome, failure, compensation, worker }: AttemptResult): boolean => {
  if (compensation?.outcome === 'succeeded' || failure?.reason === 'unplaced') return false;
  return outcome !== 'cancelled' || worker !== '';
};

/** The way of an attempt's task to where it goes, through what lies between; it may be COMPENSATING already. */
export const compensatedPath = (from: TaskState, ...to: readonly TaskState[]): readonly TaskState[] => {
  const path: readonly TaskState[] = ['FAILED', 'COMPENSATING', 'ROLLED_BACK', ...to];
  return path.slice(path.indexOf(from) + 1);
};
