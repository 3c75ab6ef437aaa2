/** Connecting by the options that every command takes. */
import type { TasksClient } from '../api.ts';
import type { Context } from './context.ts';
import type { ConnectionChoice } from './services.ts';

export const connectionChoice = ({ values }: Context): ConnectionChoice => {
  const [address, namespace, profile, queue] = ['address', 'namespace', 'env', 'queue'].map((name) => values.text(name));
  return { ...(address && { address }), ...(namespace && { namespace }), ...(profile && { profile }), ...(queue && { queue }) };
};

/** Runs `use` on a connection that is closed whatever happens. */
export const withClient = async <T>(context: Context, use: (client: TasksClient) => Promise<T>): Promise<T> => {
  await using client = await context.services.connect(connectionChoice(context));
  return await use(client);
};
