/** `tasks rollback`: undoes what an execution has done. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionId } from '../../../model/ids.ts';
import { isOpen } from '../../../model/outcome.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { RollbackRequest } from '../../../model/rollback.ts';
import type { TasksClient } from '../../api.ts';
import { attend } from '../attend.ts';
import type { CommandSpec } from '../command-spec.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { DEFAULT_SLOTS } from '../execute-options.ts';
import { breakdownOf, localSlots, startLocalWorker } from '../local-worker.ts';
import { counted } from '../view/counts-text.ts';
import { outlineText } from '../view/rollback-text.ts';
import { withClient } from '../with-client.ts';
import { BY, EXECUTION, REASON, requester, resolveExecution } from './shared.ts';

const POLL_MS = 500;

export const rollback: CommandSpec = {
  name: 'rollback',
  group: 'Steer',
  summary: 'Undo what an execution has done, in reverse order',
  description: [
    'Each task is undone by its compensation (`rollback_cmd`), after all that was built upon it, as many at once as the order allows, under the same resources and locks. What is idempotent needs none. What has none and must not be passed over waits for a person (`tasks complete`, `tasks skip`), and so does what cannot be undone (`tasks retry`).',
    'Without --to or --failed everything that was done is undone. A rollback is an execution of its own, ID.r1 and so on: `tasks watch`, `tasks logs` and `tasks abort` take it, and Ctrl-C leaves it. Rolled back, an execution that was paused goes on with `tasks resume`, one that has ended with `tasks execute PLAN --resume-from-checkpoint`.',
    'Exit codes: 0 all was undone or left by somebody\'s word, 1 refused, 6 no server or worker, 7 and 8 something could not be undone, 9 aborted.',
  ],
  arguments: [EXECUTION],
  options: [
    { name: 'to', value: 'POINT', env: false, description: 'Only what comes after: a task, a checkpoint label that tasks carry, or depth:N (roots are depth 0)' },
    { name: 'failed', env: false, description: 'Only what failed, what that was built upon, and what else was built upon that' },
    { name: 'dry-run', short: 'd', description: 'Show what would be undone, by whom and in which order; starts nothing' },
    { name: 'pause', env: false, description: 'Of an execution that runs: pause it first, and wait until what runs has ended' },
    { name: 'abort', env: false, description: 'Of an execution that runs: abort it first' },
    { name: 'detach', description: 'Start it, print its id and return' },
    { name: 'with-worker', description: 'Run a worker inside this command, for as long as it waits' },
    { name: 'slots', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_SLOTS, description: 'Commands at once of the worker of --with-worker' },
    { name: 'verbose', short: 'v', description: 'Show every step, and every event' },
    BY,
    REASON,
  ],
  examples: [
    { says: 'See what would be undone', command: 'tasks rollback @latest --dry-run' },
    { says: 'Undo what came after a task, without being asked', command: 'tasks rollback @latest --to build --yes' },
    { says: 'Undo what a failure leaves behind', command: 'tasks rollback nightly-2026 --failed --yes' },
  ],
  run: async (context) => {
    const { values } = context;
    const request = requestOf(context);
    const slots = localSlots(context);
    if (values.flag('detach') && slots !== undefined) throw usageError('--detach returns at once, and the worker would stop with it', 'start one with `tasks worker`, or leave out --detach');
    return withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      // Also for a look: an execution that has ended is asked how it stands.
      const worker = slots === undefined ? undefined : await startLocalWorker(context, { slots });
      try {
        const broken = breakdownOf(worker);
        return await (values.flag('dry-run') ? preview(context, client, execution, request) : undo(context, { client, execution, request, hasWorker: worker !== undefined, ...(broken && { broken }) }));
      } finally {
        await worker?.stop();
      }
    });
  },
};

const requestOf = (context: Context): RollbackRequest => {
  const { values } = context;
  const [to, failed] = [values.text('to'), values.flag('failed')];
  if (to !== undefined && failed) throw usageError('--to and --failed say two different things', 'leave one of them out');
  if (values.flag('pause') && values.flag('abort')) throw usageError('--pause and --abort say two different things', 'leave one of them out');
  return { ...requester(context), ...(to !== undefined && { to }), ...(failed && { failed }) };
};

const preview = async ({ out, values }: Context, client: TasksClient, execution: ExecutionId, request: RollbackRequest): Promise<ExitCode> => {
  const outline = await client.rollbackOutline(execution, request);
  out.answer(outline, () => `${outlineText(outline, { width: out.width, verbose: values.flag('verbose') })}\n\nNothing was started.`);
  return EXIT.ok;
};

interface Undoing {
  readonly client: TasksClient;
  readonly execution: ExecutionId;
  readonly request: RollbackRequest;
  readonly hasWorker: boolean;
  readonly broken?: Promise<never>;
}

const undo = async (context: Context, { client, execution, request, hasWorker, broken }: Undoing): Promise<ExitCode> => {
  const { out, values } = context;
  await refuseRunning(context, client, execution);
  const outline = await client.rollbackOutline(execution, request);
  for (const line of outlineText(outline, { width: out.width, verbose: values.flag('verbose') }).split('\n')) out.progress(line);
  await confirm(context, { ask: `Undo ${counted(outline.steps.length, 'task', 'tasks')} of ${execution}?`, does: 'this undoes work', declined: 'nothing was undone' });
  const wasOpen = await comeToRest(context, client, execution);
  const receipt = await client.rollBack(execution, request);
  if (values.flag('detach')) {
    out.answer({ executionId: receipt.rollback, rollbackOf: execution, ...receipt }, () => receipt.rollback);
    out.hint(`Follow it: tasks watch ${receipt.rollback}`);
    return EXIT.ok;
  }
  const exit = await attend(context, { client, execution: receipt.rollback, lines: 'progress', hasWorker, ...(broken && { broken }) });
  if (context.interrupt.signal.aborted) return exit;
  out.hint(wasOpen ? `${execution} is paused. Go on with it: tasks resume ${execution}` : `Go on from what is left: tasks execute PLAN --resume-from-checkpoint --execution ${execution}`);
  return exit;
};

/** Before anybody is asked anything. */
const refuseRunning = async ({ values }: Context, client: TasksClient, execution: ExecutionId): Promise<void> => {
  if (values.flag('pause') || values.flag('abort')) return;
  const { status } = await client.state(execution);
  if (!isOpen(status) || status === 'paused') return;
  throw new TasksError({ code: 'TASKS3103', message: `${execution} is ${status}: what is undone would be done beside what still runs`, hint: '--pause pauses it first, --abort ends it' });
};

/** Pauses or aborts as asked, and waits until nothing is under way. Answers whether the execution is still open. */
const comeToRest = async (context: Context, client: TasksClient, execution: ExecutionId): Promise<boolean> => {
  const { out, values, interrupt } = context;
  const { status } = await client.state(execution);
  if (!isOpen(status)) return false;
  const who = requester(context);
  if (values.flag('abort')) {
    await client.abort(execution, who);
    out.progress(`Aborting ${execution}`);
    await client.result(execution);
    return false;
  }
  if (!values.flag('pause')) return true;
  if (status !== 'paused') await client.pause(execution, who);
  const isBusy = async (): Promise<boolean> => (await client.frontier(execution)).running.some(({ waitingFor }) => waitingFor !== 'person');
  if (await isBusy()) out.progress(`Paused ${execution}; waiting until what runs has ended`);
  while (!interrupt.signal.aborted && (await isBusy())) await delay(POLL_MS, undefined, { signal: interrupt.signal }).catch(() => undefined);
  return true;
};
