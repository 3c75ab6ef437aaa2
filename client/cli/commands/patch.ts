/** `tasks patch`: a hot update of a running execution, or what it would do. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ExecutionId } from '../../../model/ids.ts';
import { hotUpdateJsonSchema } from '../../../model/patch.schema.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { differenceText, newsText } from '../view/patch-text.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, readStream, resolveExecution } from './shared.ts';

export const patch: CommandSpec = {
  name: 'patch',
  group: 'Steer',
  summary: 'Change the graph of a running execution, or show what a change would do',
  description: [
    'A patch, or an array of them, is applied whole or not at all, and once for its id; nothing that runs is stopped unless the patch cancels it. Operations: inject_task, add_edge, remove_edge, update_task, cancel_task, reprioritize, modify_resource; docs/plans.md has them all.',
    'With --dry-run nothing is changed: it shows what the patch would change, start, hold and unblock, or why it would be refused (exit code 1).',
  ],
  arguments: [
    { ...EXECUTION, optional: true },
    { name: 'file', description: 'JSON file with the patch, or - for standard input', optional: true },
  ],
  options: [
    { name: 'dry-run', short: 'd', description: 'Show what it would do to the graph as it is now, and do nothing' },
    { name: 'schema', description: 'Print the JSON Schema of patches, and do nothing' },
  ],
  examples: [
    { says: 'What a patch would do', command: 'tasks patch @latest add-checks.json --dry-run' },
    { says: 'From a file', command: 'tasks patch @latest add-checks.json' },
    { says: 'Mend the command of a task that failed, before `tasks retry`', command: `echo '{"op": "update_task", "task": "test", "changes": {"cmd": "npm test"}}' | tasks patch @latest -` },
    { says: 'Two more cores for the quotas of a running execution', command: `echo '{"op": "modify_resource", "resources": {"increase_quota": {"cpu_cores": 2}}}' | tasks patch @latest -` },
    { says: 'What an editor checks patches with', command: 'tasks patch --schema > hot-update.schema.json' },
  ],
  run: async (context) => {
    if (context.values.flag('schema')) {
      context.out.answer(hotUpdateJsonSchema(), () => JSON.stringify(hotUpdateJsonSchema(), undefined, 2));
      return EXIT.ok;
    }
    if (context.args.length < 2) throw usageError(`missing required argument '${context.args.length === 0 ? 'execution' : 'file'}'`, 'see `tasks patch --help`');
    const payload = await readPatch(context, argument(context, 1));
    return withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      return context.values.flag('dry-run') ? preview(context, client, execution, payload) : apply(context, client, execution, payload);
    });
  },
};

const apply = async ({ out }: Context, client: TasksClient, execution: ExecutionId, payload: unknown): Promise<ExitCode> => {
  const receipt = await client.patch(execution, payload);
  out.answer({ executionId: execution, ...receipt }, () => {
    if (receipt.duplicate) return `Patch ${receipt.patchId} was applied before; nothing was done`;
    const ready = receipt.ready.length > 0 ? `; ready at once: ${receipt.ready.join(', ')}` : '';
    return `Patch ${receipt.patchId} applied: ${newsText(receipt)}, graph version ${receipt.version}${ready}`;
  });
  for (const warning of receipt.warnings) out.warn(warning);
  out.hint(`Next: tasks watch ${execution}`);
  return EXIT.ok;
};

const preview = async ({ out, args }: Context, client: TasksClient, execution: ExecutionId, payload: unknown): Promise<ExitCode> => {
  const difference = await client.previewPatch(execution, payload);
  out.answer({ executionId: execution, ...difference }, () => differenceText(difference));
  for (const warning of difference.receipt?.warnings ?? []) out.warn(warning);
  if (difference.refused) return EXIT.invalid;
  if (!difference.receipt?.duplicate) out.hint(`Next: tasks patch ${execution} ${shellWord(args[1] ?? '-')}   (with "expected_version": ${difference.version} it is refused if the graph has moved on by then)`);
  return EXIT.ok;
};

const readPatch = async ({ cwd }: Context, reference: string): Promise<unknown> => {
  const path = resolve(cwd, reference);
  const place = reference === '-' ? {} : { place: { file: path } };
  let text: string;
  try {
    text = reference === '-' ? await readStream(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new TasksError({ code: 'TASKS3006', message: `the patch cannot be read: ${error instanceof Error ? error.message : String(error)}`, ...place }, { cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new TasksError({ code: 'TASKS3006', message: `the patch is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, ...place }, { cause: error });
  }
};
