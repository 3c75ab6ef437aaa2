/** `tasks events`: the raw events, as lines of JSON whatever the output format. */
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution } from './shared.ts';

export const events: CommandSpec = {
  name: 'events',
  group: 'Look',
  summary: "Print an execution's events as lines of JSON",
  description: ['Each has a sequence number; they count from 1 without gaps.'],
  arguments: [EXECUTION],
  options: [
    { name: 'from', value: 'N', kind: 'integer', minimum: 1, default: 1, description: 'First sequence number' },
    { name: 'follow', short: 'f', description: 'Go on until the execution ends' },
  ],
  examples: [
    { says: 'All there are', command: 'tasks events @latest' },
    { says: 'Go on from where you stopped', command: 'tasks events @latest --from 120 --follow' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { values, out, interrupt } = context;
      const execution = await resolveExecution(context, client);
      const stream = client.events(execution, { from: values.number('from') ?? 1, follow: values.flag('follow'), signal: interrupt.signal });
      for await (const event of stream) {
        if (interrupt.happened) break;
        if (out.format !== 'none') out.record(event);
      }
      return EXIT.ok;
    }),
};
