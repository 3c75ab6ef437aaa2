/** `tasks watch`: an execution's events from its beginning, until it ends. */
import { attend } from '../attend.ts';
import type { CommandSpec } from '../command-spec.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution } from './shared.ts';

export const watch: CommandSpec = {
  name: 'watch',
  group: 'Look',
  summary: 'Follow an execution until it ends',
  description: ['Ctrl-C stops watching; the execution goes on. The exit code is that of the execution, as with `tasks execute`.'],
  arguments: [EXECUTION],
  options: [{ name: 'verbose', short: 'v', description: 'Show every event' }],
  examples: [
    { says: 'The latest execution', command: 'tasks watch @latest' },
    { says: 'Every event as a line of JSON', command: 'tasks watch quickstart-2026 -o jsonl' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      return attend(context, { client, execution, lines: 'answer', hasWorker: false });
    }),
};
