/** `tasks checkpoints`: the points that an execution and its tasks have passed, and what is kept of them. */
import { defaultCheckpoints, runCheckpointId } from '../../../model/checkpoint.ts';
import type { ExecutionId } from '../../../model/ids.ts';
import type { ExecutionState } from '../../../model/message.ts';
import { isOpen } from '../../../model/outcome.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { Stock } from '../../../store/checkpoint/stock.ts';
import type { TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { passedCheckpoints } from '../passed-checkpoints.ts';
import type { PassedBy } from '../passed-checkpoints.ts';
import { counted } from '../view/counts-text.ts';
import { checkpointsText } from '../view/checkpoints-text.ts';
import type { Keeping, ListedCheckpoint } from '../view/checkpoints-text.ts';
import { size } from '../../../model/size-text.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution } from './shared.ts';

const ACTIONS = ['list', 'prune'] as const;

export const checkpoints: CommandSpec = {
  name: 'checkpoints',
  group: 'Look',
  summary: 'List the checkpoints of an execution, or remove what is kept of them',
  description: [
    'TASK/NAME is a point inside a task, cp-25 one of the run: when 25 % of its tasks had settled. Either can be passed to `tasks execute PLAN --resume-from-checkpoint --checkpoint-id ID`.',
    'What is kept lies beside the plan (`checkpoints/`), else in `.tasks/checkpoints` of the workspace; policies.checkpoints says for how long. `prune` removes it now, and only on this machine; the points stay in the events and the ledger.',
  ],
  arguments: [EXECUTION, { name: 'action', description: 'list (the default), or prune to remove what is kept', optional: true, choices: ACTIONS }],
  options: [{ name: 'prune', env: false, description: 'Same as the action prune' }],
  examples: [
    { says: 'Where an execution can be taken up', command: 'tasks checkpoints @latest' },
    { says: 'The same, for a script', command: 'tasks checkpoints @latest -o json' },
    { says: 'Remove what is kept', command: 'tasks checkpoints nightly-7 prune' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      return argument(context, 1) === 'prune' || context.values.flag('prune') ? prune(context, client, execution) : list(context, client, execution);
    }),
};

const list = async (context: Context, client: TasksClient, execution: ExecutionId): Promise<ExitCode> => {
  const { out, services, now } = context;
  const [{ passed, board }, state] = await Promise.all([passedCheckpoints(client, execution), client.state(execution)]);
  const directory = directoryIn(state);
  const stocks = new Map<ExecutionId, Stock>();
  for (const { execution: of } of passed) if (!stocks.has(of)) stocks.set(of, await services.checkpointStock(await directoryOf(client, of, { execution, directory }), of));
  const ofTasks = passed.map((one): ListedCheckpoint => listed(one, stocks.get(one.execution)));
  const ofRun = board.milestones.map(({ progress, at }): ListedCheckpoint => ({ id: runCheckpointId(progress), kind: 'run', execution, percent: progress, at, rollbackCapable: true }));
  const all = [...ofTasks, ...ofRun].sort((a, b) => a.at - b.at);
  out.answer({ executionId: execution, directory, checkpoints: all }, () => checkpointsText({ execution, checkpoints: all, now: now(), width: out.width, timeFormat: out.timeFormat }));
  if (all.length === 0) out.hint('No point was passed yet. docs/plans.md says how a command reports checkpoints.');
  for (const { damaged } of stocks.values()) for (const { task, name, reason } of damaged) out.warn(`the checkpoint ${task}/${name} is damaged: ${reason}`);
  return EXIT.ok;
};

/** Each execution may have its own: it may have been started from elsewhere. */
const directoryOf = async (client: TasksClient, of: ExecutionId, known: { readonly execution: ExecutionId; readonly directory: string }): Promise<string> =>
  of === known.execution ? known.directory : client.state(of).then(directoryIn, () => known.directory);

const directoryIn = ({ checkpoints: directory, workspace }: ExecutionState): string => directory ?? defaultCheckpoints(workspace);

const keepingOf = ({ event }: PassedBy, stock: Stock | undefined): Keeping => {
  if (event.stored === false) return 'not kept';
  const item = stock?.items.find(({ task, attempt, n }) => task === event.task && attempt === event.attempt && n === event.n);
  if (item) return item.isWhole ? 'kept' : 'damaged';
  return stock?.isHere ? 'gone' : 'elsewhere';
};

const listed = (one: PassedBy, stock: Stock | undefined): ListedCheckpoint => {
  const { id, attempt, percent, at, files, bytes, rollbackCapable } = one.event;
  return { id, kind: 'task', execution: one.execution, attempt, ...(percent !== undefined && { percent }), at, files, bytes, keeping: keepingOf(one, stock), rollbackCapable: rollbackCapable ?? true };
};

const prune = async ({ out, services }: Context, client: TasksClient, execution: ExecutionId): Promise<ExitCode> => {
  const state = await client.state(execution);
  const { status } = state;
  const directory = directoryIn(state);
  if (isOpen(status)) {
    throw new TasksError({ code: 'TASKS3011', message: `${execution} is ${status}: its tasks may need their checkpoints`, hint: `Wait for its end, or end it: tasks abort ${execution}` });
  }
  const { tasks, bytes } = await services.pruneCheckpoints(directory, execution);
  out.answer({ executionId: execution, directory, tasks, bytes }, () => (tasks === 0 ? `Nothing is kept of ${execution} in ${directory}` : `Removed the checkpoints of ${counted(tasks, 'task', 'tasks')} from ${directory}: ${size(bytes)}`));
  return EXIT.ok;
};
