/** `tasks quarantine`: the tasks that executions leave out until somebody revives them. */
import { closest, distance } from 'fastest-levenshtein';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { QUEUE } from '../execute-options.ts';
import { oneLine } from '../markup.ts';
import { stateWord } from '../view/counts-text.ts';
import { quarantineText, reviveCommand } from '../view/quarantine-text.ts';
import { withClient } from '../with-client.ts';
import { BY, REASON, requester } from './shared.ts';
import { withTaskHint } from './steer.ts';

const ACTIONS = ['list', 'add', 'revive'] as const;

export const quarantine: CommandSpec = {
  name: 'quarantine',
  group: 'Steer',
  summary: 'Show the tasks that executions leave out, park one, or revive one',
  description: [
    'A breaker parks a task that fails, passes and fails again, and so can you. It does not run any more, in that execution and in all later ones of a plan of that name, until it is revived; what depends on it cannot run either.',
    '`add EXECUTION TASK` parks a task that is not at work and has not succeeded; once the execution has ended, any of its tasks. `revive PLAN TASK` lets it run again: in later executions, and at once in the one that has parked it if that is open. `tasks retry` does the same from within an execution.',
  ],
  arguments: [
    { name: 'action', description: 'list (the default), add or revive', optional: true, choices: ACTIONS },
    { name: 'of', description: 'Of add: the execution. Of revive: the name of the plan', optional: true },
    { name: 'task', description: 'Of add and revive: the id of the task', optional: true },
  ],
  options: [
    { name: 'plan', value: 'NAME', env: false, description: 'Of list: only tasks of the plan of this name' },
    { name: 'execution', value: 'ID', env: false, description: 'Of revive: the execution in which it runs again at once; the one that has parked it unless stated' },
    BY,
    REASON,
    QUEUE,
  ],
  examples: [
    { says: 'What is left out, and why', command: 'tasks quarantine' },
    { says: 'It is mended', command: 'tasks quarantine revive nightly test-flaky' },
    { says: 'Leave one out until somebody has looked at it', command: 'tasks quarantine add @latest test-flaky --reason "see issue 12"' },
  ],
  run: (context) => {
    const action = argument(context, 0) || 'list';
    for (const [option, of] of [['plan', 'list'], ['execution', 'revive']] as const) if (context.values.isGiven(option) && of !== action) throw usageError(`--${option} is of ${of}, not of ${action}`, 'See `tasks quarantine --help`.');
    if (action === 'list') return withClient(context, (client) => list(context, client));
    if (argument(context, 2) === '') throw usageError(`${action} needs ${action === 'add' ? 'an execution' : 'the name of a plan'} and a task`, `tasks quarantine ${action} ${action === 'add' ? 'EXECUTION' : 'PLAN'} TASK`);
    return withClient(context, (client) => (action === 'add' ? add(context, client) : revive(context, client)));
  },
};

const list = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const { out, values, now } = context;
  const plan = values.text('plan');
  const { entries, full } = await client.quarantine.list(plan === undefined ? {} : { plan });
  out.answer(entries, () => (entries.length === 0 ? '' : quarantineText(entries, { now: now(), width: out.width, timeFormat: out.timeFormat })));
  if (full) out.warn(`${entries.length > 0 ? 'there are' : 'other plans have'} as many as can be kept: what is quarantined from now on counts only in its own execution. Revive what is mended.`);
  const [first] = entries;
  if (first) out.hint(`When it is mended: ${reviveCommand(first)}`);
  else out.hint(plan === undefined ? 'No task is quarantined.' : `No task of ${oneLine(plan)} is quarantined.`);
  return EXIT.ok;
};

const add = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const { out } = context;
  const execution = await client.resolve(argument(context, 1));
  const task = argument(context, 2);
  const receipt = await withTaskHint(client, { execution, task }, () => client.quarantine.add(execution, { task, ...requester(context) }));
  const here = receipt.state === undefined || receipt.state === 'QUARANTINED' ? '' : `; in ${execution} it stays ${stateWord(receipt.state)}`;
  out.answer({ executionId: execution, task, ...receipt }, () => `${task} is quarantined: it does not run again until it is revived${here}`);
  out.hint('Next: tasks quarantine list');
  return EXIT.ok;
};

const revive = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const { out, values } = context;
  const [plan, task, named] = [argument(context, 1), argument(context, 2), values.text('execution')];
  const execution = named === undefined ? undefined : await client.resolve(named);
  const answer = await withPlanHint(client, { plan, task }, () => client.quarantine.revive({ plan, task, ...requester(context), ...(execution && { execution }) }));
  const { revived, runs, untold } = answer;
  out.answer(answer, () => `${revived.task} of ${oneLine(revived.plan)} is quarantined no more${runs ? `; in ${runs.execution} it is ${runs.state === undefined ? 'tried again' : `${stateWord(runs.state)} now`}` : ''}`);
  if (untold !== undefined) out.warn(`${execution ?? revived.execution} could not be told: ${oneLine(untold)}. Ask it again: tasks retry ${execution ?? revived.execution} ${shellWord(task)}`);
  else if (!runs && execution) out.warn(`${execution} is not open, or does not leave ${oneLine(task)} out: it was not changed`);
  out.hint(runs ? `Next: tasks watch ${runs.execution}` : 'It runs again in the next execution of the plan.');
  return EXIT.ok;
};

const NEAR = 3;

/** Adds where the task is quarantined, or which plan may be meant, to an unknown name. */
const withPlanHint = async <T>(client: TasksClient, { plan, task }: { readonly plan: string; readonly task: string }, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    const [problem] = error instanceof TasksError ? error.problems : [];
    if (problem?.code !== 'TASKS3014') throw error;
    const { entries } = await client.quarantine.list().catch(() => ({ entries: [] }));
    const same = entries.filter((entry) => entry.task === task);
    const meant = same.length > 0 ? same : entries.filter((entry) => distance(`${entry.plan}/${entry.task}`, `${plan}/${task}`) <= NEAR);
    const near = meant.find((entry) => entry.plan === closest(plan, meant.map((each) => each.plan)));
    if (!near) throw error;
    throw new TasksError({ ...problem, hint: `did you mean: ${reviveCommand(near)}` }, { cause: error });
  }
};
