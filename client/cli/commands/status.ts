/** `tasks status`: where an execution stands. */
import type { ExecutionId } from '../../../model/ids.ts';
import type { ExecutionState, FrontierView, TaskView } from '../../../model/message.ts';
import { isOpen } from '../../../model/outcome.ts';
import { EXIT } from '../../../model/problem.ts';
import type { TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { warnOfVersion } from '../version-warning.ts';
import { whenTerminated } from '../view/counts-text.ts';
import { statusText, taskLines } from '../view/status-text.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution } from './shared.ts';

export const status: CommandSpec = {
  name: 'status',
  group: 'Look',
  summary: 'Show the state of an execution, what runs, waits and failed',
  arguments: [EXECUTION],
  options: [{ name: 'tasks', short: 't', description: 'List every task' }],
  examples: [
    { says: 'The latest execution', command: 'tasks status @latest' },
    { says: 'Every task, for a script', command: 'tasks status @latest --tasks -o json' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { out, values, now } = context;
      const execution = await resolveExecution(context, client);
      const { state, frontier } = await look(client, execution);
      warnOfVersion(context, state);
      const tasks = values.flag('tasks') ? await collect(client.tasks(execution)) : [];
      const rollbacks = await client.rollbacks(execution);
      const webUrl = client.webUrl(execution);
      const { ready, running, backoff, waiting } = frontier;
      const answer = { ...state, frontier: { ready, running, backoff, waiting }, ...(rollbacks.length > 0 && { rollbacks }), ...(webUrl !== undefined && { webUrl }), ...(values.flag('tasks') && { tasks }) };
      const text = { now: state.finishedAt ?? now(), timeFormat: out.timeFormat, width: out.width };
      out.answer(answer, () =>
        [statusText({ ...text, now: now(), state, frontier, rollbacks, ...(webUrl !== undefined && { webUrl }) }), ...(tasks.length > 0 ? ['', `Tasks${whenTerminated(state.status)}:`, ...taskLines(tasks, text)] : [])].join('\n'),
      );
      return EXIT.ok;
    }),
};

interface Standing {
  readonly state: ExecutionState;
  readonly frontier: FrontierView;
}

const withoutFrontier = (state: ExecutionState): Standing => ({
  state,
  frontier: { ready: [], running: [], backoff: [], waiting: [], counts: state.counts, version: state.version },
});

/** One that has ended has no frontier any more. */
const look = async (client: TasksClient, execution: ExecutionId): Promise<Standing> => {
  const state = await client.state(execution);
  return isOpen(state.status) ? { state, frontier: await client.frontier(execution) } : withoutFrontier(state);
};

const collect = async (tasks: AsyncIterable<TaskView>): Promise<readonly TaskView[]> => {
  const all: TaskView[] = [];
  for await (const task of tasks) all.push(task);
  return all;
};
