/** A query is answered by a worker: without one it would keep a person waiting for half a minute. */
import type { ExecutionId } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';

export const ANSWER_MS = 10_000;

/** @throws TasksError TASKS2007 when nothing has answered in time. */
export const withinReach = async <T>(execution: ExecutionId, answer: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const problem = {
      code: 'TASKS2007',
      message: `no worker has answered for ${execution} in ${ANSWER_MS / 1000} s: only a worker knows how one stands that is open or was terminated`,
      hint: 'start one with `tasks worker`; `tasks ledger` needs none',
    } as const;
    timer = setTimeout(() => reject(new TasksError(problem)), ANSWER_MS);
  });
  // The loser of the race fails later, when nobody waits for it.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};
