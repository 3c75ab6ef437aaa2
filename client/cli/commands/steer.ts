/** Commands that steer an execution or one of its tasks: they differ only in the request they send. */
import { closest, distance } from 'fastest-levenshtein';
import type { ExecutionId } from '../../../model/ids.ts';
import type { RequestReceipt } from '../../../model/message.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { TasksClient } from '../../api.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { stateWord } from '../view/counts-text.ts';
import { withClient } from '../with-client.ts';
import { requester, resolveExecution } from './shared.ts';

type Requester = ReturnType<typeof requester>;

/** Asks something of a whole execution. */
export const steerExecution = (options: {
  readonly send: (client: TasksClient, execution: ExecutionId, who: Requester) => Promise<RequestReceipt>;
  /** What has changed now. */
  readonly says: (execution: ExecutionId, receipt: RequestReceipt) => string;
  readonly next: (execution: ExecutionId) => string;
}): ((context: Context) => Promise<ExitCode>) =>
  (context) =>
    withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      const receipt = await options.send(client, execution, requester(context));
      context.out.answer({ executionId: execution, ...receipt }, () => options.says(execution, receipt));
      context.out.hint(`Next: ${options.next(execution)}`);
      return EXIT.ok;
    });

/** Asks something about one task. */
export const steerTask = (options: {
  readonly send: (client: TasksClient, execution: ExecutionId, request: Requester & { readonly task: string }, context: Context) => Promise<RequestReceipt>;
  /** What has become of the task. */
  readonly says: (context: Context) => string;
}): ((context: Context) => Promise<ExitCode>) =>
  (context) =>
    withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      const task = argument(context, 1);
      const receipt = await withTaskHint(client, { execution, task }, () => options.send(client, execution, { task, ...requester(context) }, context));
      const state = receipt.state === undefined ? '' : `; it is ${stateWord(receipt.state)} now`;
      context.out.answer({ executionId: execution, task, ...receipt }, () => `${task} of ${execution} ${options.says(context)}${state}`);
      context.out.hint(`Next: tasks watch ${execution}`);
      return EXIT.ok;
    });

const HINT_LIMIT = 10_000;
const NEAR = 3;

/** Adds "did you mean" to an unknown task. */
export const withTaskHint = async <T>(client: TasksClient, { execution, task }: { readonly execution: ExecutionId; readonly task: string }, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    const [problem] = error instanceof TasksError ? error.problems : [];
    if (problem?.code !== 'TASKS3004' || problem.hint !== undefined) throw error;
    const ids: string[] = [];
    try {
      for await (const node of client.graph(execution)) if (ids.push(node.task) >= HINT_LIMIT) break;
    } catch {
      throw error;
    }
    const near = ids.length > 0 ? closest(task, ids) : undefined;
    const hint = near !== undefined && distance(task, near) <= NEAR ? `did you mean ${near}?` : `\`tasks status ${execution} --tasks\` shows its tasks`;
    throw new TasksError({ ...problem, hint }, { cause: error });
  }
};
