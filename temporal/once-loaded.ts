/** Asking a workflow that cannot answer for the moment. */
import { setTimeout as delay } from 'node:timers/promises';
import { QueryNotRegisteredError } from '@temporalio/client';
import { TasksError } from '../model/problem.ts';

const LIMIT_MS = 10_000;
const POLL_MS = 50;

/**
 * Just after its start a workflow loads its plan, and a worker that does not have it at hand may meet events that no turn has taken
 * up yet: it says TASKS3012 then, and is asked again.
 *
 * @throws TasksError TASKS3012 when it still cannot after that time; whatever else the query throws at once.
 */
export const onceLoaded = async <T>(query: () => Promise<T>, withinMs = LIMIT_MS): Promise<T> => {
  for (const until = Date.now() + withinMs; ; await delay(POLL_MS)) {
    try {
      return await query();
    } catch (error) {
      const loading = error instanceof QueryNotRegisteredError && error.message.includes('[TASKS3012]');
      if (!loading) throw error;
      if (Date.now() > until) throw new TasksError({ code: 'TASKS3012', message: 'the execution is still loading its plan', hint: 'Is a worker running? `tasks worker` starts one.' }, { cause: error });
    }
  }
};
