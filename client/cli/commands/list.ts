import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { pad, widthOf } from '../markup.ts';
import { duration, moment } from '../time-text.ts';
import { withClient } from '../with-client.ts';

export const list: CommandSpec = {
  name: 'list',
  group: 'Look',
  summary: 'List executions, newest first',
  arguments: [],
  options: [{ name: 'limit', short: 'n', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: 20, description: 'At most this many' }],
  examples: [
    { says: 'The latest five', command: 'tasks list --limit 5' },
    { says: 'Ids of what runs', command: "tasks list -o jsonl | jq -r 'select(.status == \"running\").executionId'" },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { out, values, now } = context;
      const found = await client.list({ limit: values.number('limit') ?? 20 });
      out.answer(found, () => {
        const column = Math.max(0, ...found.map(({ executionId }) => widthOf(executionId)));
        return found
          .map(({ executionId, status, startedAt, closedAt }) => {
            const start = Date.parse(startedAt);
            const took = closedAt === undefined ? '' : `, took ${duration(Date.parse(closedAt) - start)}`;
            return `${pad(executionId, column)}  ${pad(status, 10)}  started ${moment(start, { format: out.timeFormat, now: now() })}${took}`;
          })
          .join('\n');
      });
      if (found.length === 0) out.hint(`No executions in namespace ${client.namespace} at ${client.address}. Start one: tasks execute PLAN`);
      return EXIT.ok;
    }),
};
