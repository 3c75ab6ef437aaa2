/** Asking something that only a worker answers. */
import { setTimeout as delay } from 'node:timers/promises';
import { TasksError } from '../model/problem.ts';

const UNANSWERED_MS = 2_000;

export interface WorkerQuestion<T> {
  readonly ask: () => Promise<T>;
  /** False once the workflow has closed. */
  readonly isOpen: () => Promise<boolean>;
}

/**
 * A query that no worker takes is given up late; whether the execution has closed is known at once.
 * @throws TasksError TASKS2007 when it has closed and no worker has answered in 2 s.
 */
export const askWorker = async <T>({ ask, isOpen }: WorkerQuestion<T>): Promise<T> => {
  const answered = new AbortController();
  const answer = ask();
  const late = delay(UNANSWERED_MS, undefined, { signal: answered.signal }).then(async () => {
    if (await isOpen().catch(() => true)) return answer;
    throw new TasksError({ code: 'TASKS2007', message: 'no worker answers for an execution that has closed' });
  });
  // Whichever comes second is of no interest, and may fail.
  answer.catch(() => undefined);
  late.catch(() => undefined);
  return Promise.race([answer, late]).finally(() => answered.abort());
};
