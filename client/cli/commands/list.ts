import { isOpen } from '../../../model/outcome.ts';
import { EXIT } from '../../../model/problem.ts';
import type { Problem } from '../../../model/problem.ts';
import type { ExecutionSummary, TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { oneLine, pad, style, truncate, widthOf } from '../markup.ts';
import { standings } from '../standing.ts';
import { duration, moment } from '../time-text.ts';
import { withClient } from '../with-client.ts';

export const list: CommandSpec = {
  name: 'list',
  group: 'Look',
  summary: 'List executions, newest first',
  description: ['Open executions are asked how they stand, until none has answered for a second, or after five: one whose worker does not answer is shown as running.'],
  arguments: [],
  options: [{ name: 'limit', short: 'n', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: 20, description: 'At most this many' }],
  examples: [
    { says: 'The latest five', command: 'tasks list --limit 5' },
    { says: 'Ids of what runs', command: "tasks list -o jsonl | jq -r 'select(.status == \"running\").executionId'" },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { out, values, now } = context;
      const found = await withStanding(client, await client.list({ limit: values.number('limit') ?? 20 }));
      out.answer(found, () => {
        const fit = (text: string): string => (out.width > 0 ? truncate(text, out.width) : text);
        const column = Math.max(0, ...found.map(({ executionId }) => widthOf(executionId)));
        return found
          .map(({ executionId, status, startedAt, closedAt, rollbackOf, problem }) => {
            const start = Date.parse(startedAt);
            const took = closedAt === undefined ? '' : `, took ${duration(Date.parse(closedAt) - start)}`;
            const line = `${pad(executionId, column)}  ${pad(status, 10)}  started ${moment(start, { format: out.timeFormat, now: now() })}${took}${rollbackOf === undefined ? '' : `, rollback of ${rollbackOf}`}`;
            return problem === undefined ? line : [line, fit(`  ${style('red', 'error:')} ${oneLine(problem.message)}`)].join('\n');
          })
          .join('\n');
      });
      if (found.length === 0) out.hint(`No executions in namespace ${client.namespace} at ${client.address}. Start one: tasks execute PLAN`);
      return EXIT.ok;
    }),
};

interface Listed extends ExecutionSummary {
  /** Why it does not say how it stands. */
  readonly problem?: Problem;
}

/** With what the open ones say of themselves. */
const withStanding = async (client: TasksClient, found: readonly ExecutionSummary[]): Promise<readonly Listed[]> => {
  const executions = found.filter(({ status }) => isOpen(status)).map(({ executionId }) => executionId);
  const known = await standings({ client, executions });
  return found.map((summary) => ({ ...summary, ...known.get(summary.executionId) }));
};
