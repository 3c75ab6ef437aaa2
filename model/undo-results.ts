/** What a rollback has made of its tasks: each one undid a task of the same id in the execution that it rolls back. */
import type { TaskStanding, UndoResult } from './rollback.ts';

/** Whether it undoes something; what only keeps the order does not. */
const undoes = ({ task }: TaskStanding): boolean => task.escalates === true || task.byHand !== undefined;

export const undoResultsOf = (tasks: readonly TaskStanding[]): readonly UndoResult[] => tasks.filter(undoes).map(resultOf);

const resultOf = (standing: TaskStanding): UndoResult => {
  const { task, state, acted, why } = standing;
  if (state === 'SUCCEEDED') return { task: task.id, result: 'undone' };
  // A person may say so of what was never tried.
  const result = state === 'FAILED' || acted ? 'failed' : 'kept';
  return { task: task.id, result, reason: result === 'failed' && why !== undefined ? why : reasonOf(standing) };
};

const reasonOf = ({ state, acted }: TaskStanding): string => {
  if (state === 'SKIPPED') return acted ? 'it was passed over after its compensation had failed' : 'it was passed over: it stays as it is';
  if (state === 'UPSTREAM_FAILED') return 'what was built upon it could not be undone';
  return state === 'FAILED' ? 'somebody said that it cannot be undone' : 'the rollback was ended first';
};
