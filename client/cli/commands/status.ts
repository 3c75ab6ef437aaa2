/** `tasks status`: where an execution stands. */
import type { ExecutionId } from '../../../model/ids.ts';
import type { ExecutionState, FrontierView, TaskView } from '../../../model/message.ts';
import { EXIT } from '../../../model/problem.ts';
import type { TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { warnOfVersion } from '../version-warning.ts';
import { whenTerminated } from '../view/counts-text.ts';
import { statusText, taskLines } from '../view/status-text.ts';
import { withClient } from '../with-client.ts';
import { withinReach } from '../within-reach.ts';
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
      const tasks = values.flag('tasks') ? await withinReach(execution, collect(client.tasks(execution))) : [];
      const webUrl = client.webUrl(execution);
      const { ready, running, backoff, waiting } = frontier;
      const answer = { ...state, frontier: { ready, running, backoff, waiting }, ...(webUrl !== undefined && { webUrl }), ...(values.flag('tasks') && { tasks }) };
      const text = { now: state.finishedAt ?? now(), timeFormat: out.timeFormat, width: out.width };
      out.answer(answer, () =>
        [statusText({ ...text, now: now(), state, frontier, ...(webUrl !== undefined && { webUrl }) }), ...(tasks.length > 0 ? ['', `Tasks${whenTerminated(state.status)}:`, ...taskLines(tasks, text)] : [])].join('\n'),
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

/** An execution that has ended tells its state without a worker; one that runs is asked. */
const look = (client: TasksClient, execution: ExecutionId): Promise<Standing> => {
  const asked = Promise.all([client.state(execution), client.frontier(execution)]).then(([state, frontier]) =>
    state.status === 'terminated' ? withoutFrontier(state) : { state, frontier },
  );
  const ended = client.result(execution).then(({ state }) => {
    return state ? withoutFrontier(state) : asked;
  });
  return withinReach(execution, Promise.any([asked, ended]).catch(() => asked));
};

const collect = async (tasks: AsyncIterable<TaskView>): Promise<readonly TaskView[]> => {
  const all: TaskView[] = [];
  for await (const task of tasks) all.push(task);
  return all;
};
