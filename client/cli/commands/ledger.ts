/** `tasks ledger`: the provenance of an execution, from Temporal's history alone. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution } from './shared.ts';

export const ledger: CommandSpec = {
  name: 'ledger',
  group: 'Look',
  summary: 'Print the provenance of an execution, a line for each attempt, each limit crossed, and the end of a rollback',
  description: ['Made from the history on the server: needs no worker, and works for executions that were terminated. docs/semantics.md says what the lines hold.'],
  arguments: [EXECUTION],
  options: [{ name: 'write', value: 'DIR', description: 'Write it to DIR/provenance/<time>.jsonl and print the path instead' }],
  examples: [
    { says: 'Lines of JSON', command: 'tasks ledger @latest' },
    { says: 'Keep it beside the work', command: 'tasks ledger @latest --write .' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { out, values, cwd, now } = context;
      const execution = await resolveExecution(context, client);
      const lines = await client.ledger(execution);
      const directory = values.text('write');
      if (directory === undefined) {
        if (out.format === 'json') out.answer(lines, () => '');
        else if (out.format !== 'none') for (const line of lines) out.record(line);
        return EXIT.ok;
      }
      const path = join(resolve(cwd, directory), 'provenance', `${new Date(now()).toISOString().replaceAll(':', '-')}.jsonl`);
      try {
        await mkdir(join(resolve(cwd, directory), 'provenance'), { recursive: true });
        await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx' });
      } catch (error) {
        throw new TasksError({ code: 'TASKS4003', message: `the ledger cannot be written: ${error instanceof Error ? error.message : String(error)}`, place: { file: path } }, { cause: error });
      }
      out.answer({ executionId: execution, path, lines: lines.length }, () => path);
      return EXIT.ok;
    }),
};
