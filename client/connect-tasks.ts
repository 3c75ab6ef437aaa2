/** From settings to a {@link TasksClient}: what the command line and scripts both do. */
import { openPlanStore } from '../store/open.ts';
import { connect } from '../temporal/connect.ts';
import type { ConnectOptions } from '../temporal/connect.ts';
import { ensureSearchAttributes } from '../temporal/search-attributes.ts';
import type { TasksClient } from './api.ts';
import { devAddress } from './dev/server.ts';
import { createTasksClient } from './tasks-client.ts';

export interface ConnectTasksOptions extends Omit<ConnectOptions, 'dataConverter'> {
  /** `file:`, `file:/absolute/directory` or `temporal:`; `TASKS_PLAN_STORE`, else `file:`, unless stated. */
  readonly planStore?: string;
  /** Queue on which executions start; `tasks` unless stated. */
  readonly taskQueue?: string;
  /** Base address of Temporal's web UI; that of the development server, else `TASKS_WEB_UI`, unless stated. */
  readonly webUi?: string;
}

/**
 * Connects to the server that the options name, else Temporal's own settings (`TEMPORAL_ADDRESS`, profiles),
 * else the server that `tasks dev` started, else `localhost:7233`. Registers the search attributes of
 * executions where they are missing and we may.
 *
 * @example
 * await using tasks = await connectTasks();
 * for (const { executionId, status } of await tasks.list({ limit: 5 })) console.log(executionId, status);
 *
 * @throws TasksError TASKS2001 when no server answers in time, TASKS2008 when it refuses us or the settings
 * are bad, TASKS3010 when the plan store is none.
 */
export const connectTasks = async ({ planStore, taskQueue, webUi, ...options }: ConnectTasksOptions = {}): Promise<TasksClient> => {
  const dev = await devAddress();
  const connected = await connect({ ...(dev && { fallback: dev }), ...options });
  const { connection, client, address, namespace } = connected;
  try {
    const store = openPlanStore({ client, ...(planStore !== undefined && { location: planStore }) });
    const searchAttributes = await ensureSearchAttributes(connection, namespace);
    const page = webUi ?? (dev?.address === address ? dev.webUrl : (options.env ?? process.env)['TASKS_WEB_UI'] || undefined);
    return createTasksClient({
      client,
      address,
      store,
      searchAttributes,
      close: () => connected.close(),
      ...(taskQueue !== undefined && { taskQueue }),
      ...(page !== undefined && { webUi: page }),
    });
  } catch (error) {
    await connected.close();
    throw error;
  }
};
