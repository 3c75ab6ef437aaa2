/** Arguments and options that several commands have in common. */
import { userInfo } from 'node:os';
import type { ExecutionId } from '../../../model/ids.ts';
import type { TasksClient } from '../../api.ts';
import type { ArgumentSpec, OptionSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';

export const EXECUTION: ArgumentSpec = { name: 'execution', description: 'Id of the execution, a prefix that only it has, or @latest' };
export const TASK: ArgumentSpec = { name: 'task', description: 'Id of the task' };

export const BY: OptionSpec = { name: 'by', value: 'NAME', description: 'Who asks, for the events and the ledger; your user name unless stated' };
export const REASON: OptionSpec = { name: 'reason', value: 'TEXT', description: 'Why, for the events and the ledger' };

/** The id that the first argument stands for. */
export const resolveExecution = (context: Context, client: TasksClient): Promise<ExecutionId> => client.resolve(argument(context, 0));

/** Who asks for something, and why. */
export const requester = ({ values }: Context): { readonly by?: string; readonly reason?: string } => {
  const by = values.text('by') ?? userName();
  const reason = values.text('reason');
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
};

const userName = (): string | undefined => {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return undefined;
  }
};

export const readStream = async (stream: AsyncIterable<Uint8Array | string>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
};
