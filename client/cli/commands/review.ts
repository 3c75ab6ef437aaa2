/** `tasks review`: what waits for a person's decision, and deciding it. */
import type { ExecutionId } from '../../../model/ids.ts';
import { EXIT } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { RequestReceipt, TaskRequest } from '../../../model/message.ts';
import type { TasksClient } from '../../api.ts';
import type { ReviewItem } from '../../reviews.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { stateWord } from '../view/counts-text.ts';
import { reviewsText, reviewText } from '../view/review-text.ts';
import type { ReviewTextOptions } from '../view/review-text.ts';
import { withClient } from '../with-client.ts';
import { BY, REASON, requester } from './shared.ts';
import { withTaskHint } from './steer.ts';

const ACTIONS = ['list', 'show', 'resolve'] as const;

interface Way {
  readonly option: string;
  readonly description: string;
  readonly send: (client: TasksClient, execution: ExecutionId, request: TaskRequest) => Promise<RequestReceipt>;
  readonly says: string;
}

const WAYS: readonly Way[] = [
  { option: 'retry', description: 'Of resolve: try it again, with all its retries', send: (client, execution, request) => client.retry(execution, request), says: 'is tried again' },
  { option: 'complete', description: 'Of resolve: it is done, or was done by hand', send: (client, execution, request) => client.complete(execution, request), says: 'is done' },
  { option: 'skip', description: 'Of resolve: go on without it', send: (client, execution, request) => client.skip(execution, request), says: 'is passed over' },
  { option: 'quarantine', description: 'Of resolve: park it, here and in later executions of the plan', send: (client, execution, request) => client.quarantine.add(execution, request), says: 'is quarantined' },
];

export const review: CommandSpec = {
  name: 'review',
  group: 'Steer',
  summary: 'Show what waits for a decision of yours, with how it came to that, and decide',
  description: [
    'A task waits for a decision when its error policy has nothing left to try, when nobody knows what its last attempt did and doing it twice would harm, or when what it did could not be undone. It holds nothing meanwhile, and others go on.',
    '`list` shows all of an execution, or of all open ones; `show` every attempt of a task, what was tried by itself, and what can be done; `resolve` decides.',
  ],
  arguments: [
    { name: 'action', description: 'list (the default), show or resolve', optional: true, choices: ACTIONS },
    { name: 'execution', description: 'Id of the execution, a prefix that only it has, or @latest. Of list: all open ones unless stated', optional: true },
    { name: 'task', description: 'Of show and resolve: the id of the task', optional: true },
  ],
  options: [...WAYS.map(({ option, description }) => ({ name: option, env: false as const, description })), BY, REASON],
  examples: [
    { says: 'What waits for me', command: 'tasks review' },
    { says: 'All there is to know of one', command: 'tasks review show @latest deploy' },
    { says: 'Its cause is mended', command: 'tasks review resolve @latest deploy --retry --reason "certificate renewed"' },
  ],
  run: (context) => {
    const action = argument(context, 0) || 'list';
    const chosen = WAYS.filter(({ option }) => context.values.flag(option));
    if (action !== 'resolve' && chosen[0]) throw usageError(`--${chosen[0].option} is of resolve, not of ${action}`, 'See `tasks review --help`.');
    if (action === 'list') return withClient(context, (client) => list(context, client));
    if (argument(context, 2) === '') throw usageError(`${action} needs an execution and a task`, `tasks review ${action} EXECUTION TASK`);
    if (action === 'show') return withClient(context, (client) => show(context, client));
    const [way, another] = chosen;
    if (!way || another) throw usageError(`resolve needs one of ${WAYS.map(({ option }) => `--${option}`).join(', ')}`, 'See `tasks review --help`.');
    return withClient(context, (client) => resolve(context, client, way));
  },
};

const textOptions = ({ out, now }: Context): ReviewTextOptions => ({ now: now(), width: out.width, timeFormat: out.timeFormat });

const list = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const { out } = context;
  const named = argument(context, 1);
  const executions = named === '' ? (await client.list({ open: true, limit: Infinity })).map(({ executionId }) => executionId) : [await client.resolve(named)];
  const items: ReviewItem[] = [];
  for (const execution of executions) {
    try {
      items.push(...(await client.reviews.list(execution)));
    } catch (error) {
      // One that nobody answers for must not hide the others.
      if (named !== '') throw error;
      out.warn(`${execution} does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  out.answer(items, () => (items.length === 0 ? '' : reviewsText(items, textOptions(context))));
  const [first] = items;
  out.hint(first ? `Next: tasks review show ${first.execution} ${first.task}` : named === '' ? 'Nothing waits for a decision.' : `Nothing of ${executions[0] ?? named} waits for a decision.`);
  return EXIT.ok;
};

const show = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const execution = await client.resolve(argument(context, 1));
  const task = argument(context, 2);
  const found = await withTaskHint(client, { execution, task }, () => client.reviews.show(execution, task));
  context.out.answer(found, () => reviewText(found, textOptions(context)));
  return EXIT.ok;
};

const resolve = async (context: Context, client: TasksClient, way: Way): Promise<ExitCode> => {
  const { out } = context;
  const execution = await client.resolve(argument(context, 1));
  const task = argument(context, 2);
  await withTaskHint(client, { execution, task }, () => client.reviews.check(execution, task));
  const receipt = await way.send(client, execution, { task, ...requester(context) });
  const word = receipt.state && stateWord(receipt.state);
  const state = word === undefined || way.says.endsWith(word) ? '' : `; it is ${word} now`;
  out.answer({ executionId: execution, task, ...receipt }, () => `${task} of ${execution} ${way.says}${state}`);
  out.hint(`Next: tasks watch ${execution}`);
  return EXIT.ok;
};
