/** Asking an execution that has just been started. */
import { setTimeout as delay } from 'node:timers/promises';
import { QueryNotRegisteredError } from '@temporalio/client';
import { TasksError } from '../model/problem.ts';

const LOADING_LIMIT_MS = 10_000;
const LOADING_POLL_MS = 50;

/** For a moment after its start an execution cannot answer: it is loading its plan. */
export const onceLoaded = async <T>(query: () => Promise<T>): Promise<T> => {
  for (const until = Date.now() + LOADING_LIMIT_MS; ; ) {
    try {
      return await query();
    } catch (error) {
      const loading = error instanceof QueryNotRegisteredError && error.message.includes('[TASKS3012]');
      if (!loading) throw error;
      if (Date.now() > until) throw new TasksError({ code: 'TASKS3012', message: 'the execution is still loading its plan', hint: 'Is a worker running? `tasks worker` starts one.' });
      await delay(LOADING_POLL_MS);
    }
  }
};
