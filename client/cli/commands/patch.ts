/** `tasks patch`: a hot update of a running execution. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { capacitiesText, counted } from '../view/counts-text.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, readStream, resolveExecution } from './shared.ts';

export const patch: CommandSpec = {
  name: 'patch',
  group: 'Steer',
  summary: 'Change the graph of a running execution',
  description: ['A patch, or an array of them, is applied whole or not at all, and once for its id; nothing that runs is stopped. Operations: inject_task, add_edge, modify_resource.'],
  arguments: [EXECUTION, { name: 'file', description: 'JSON file with the patch, or - for standard input' }],
  options: [],
  examples: [
    { says: 'From a file', command: 'tasks patch @latest add-checks.json' },
    { says: 'Two more cores for the quotas of a running execution', command: `echo '{"op": "modify_resource", "resources": {"increase_quota": {"cpu_cores": 2}}}' | tasks patch @latest -` },
    { says: 'From a pipe', command: 'make-patch | tasks patch @latest -' },
  ],
  run: async (context) => {
    const payload = await readPatch(context, argument(context, 1));
    return withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      const receipt = await client.patch(execution, payload);
      context.out.answer({ executionId: execution, ...receipt }, () => {
        if (receipt.duplicate) return `Patch ${receipt.patchId} was applied before; nothing was done`;
        const ready = receipt.ready.length > 0 ? `; ready at once: ${receipt.ready.join(', ')}` : '';
        return `Patch ${receipt.patchId} applied: ${counted(receipt.injected.length, 'task', 'tasks')}, ${counted(receipt.edges, 'dependency', 'dependencies')}${capacitiesText(receipt.capacities)}, graph version ${receipt.version}${ready}`;
      });
      for (const warning of receipt.warnings) context.out.warn(warning);
      context.out.hint(`Next: tasks watch ${execution}`);
      return EXIT.ok;
    });
  },
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
