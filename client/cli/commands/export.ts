/** `tasks export`: the graph of an execution, with all its patches, as a plan again. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { counted } from '../view/counts-text.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution } from './shared.ts';

export const exportCommand: CommandSpec = {
  name: 'export',
  group: 'Look',
  summary: 'Write the graph of an execution, with all its patches, as a plan again',
  description: [
    'A plan in the form of tasks.v2.json, whatever the format of the plan was: tasks, dependencies, priorities, resources and policies as the execution has them now, or had them at its end. Read again it is the same graph; docs/plans.md says what it looks like.',
  ],
  arguments: [EXECUTION],
  options: [{ name: 'write', value: 'FILE', description: 'Write it to a new file and print the path instead' }],
  examples: [
    { says: 'Keep what has become of a plan', command: 'tasks export @latest --write patched.json' },
    { says: 'Execute it again as it is now', command: 'tasks export @latest | tasks execute -' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { out, values, cwd } = context;
      const execution = await resolveExecution(context, client);
      const { plan, warnings, version } = await client.exportPlan(execution);
      const text = JSON.stringify(plan, undefined, 2);
      const file = values.text('write');
      if (file === undefined) {
        if (out.format === 'text') out.raw(`${text}\n`);
        else out.answer(plan, () => text);
      } else {
        const path = resolve(cwd, file);
        await write(path, `${text}\n`);
        out.answer({ executionId: execution, version, path, warnings }, () => path);
        out.hint(`Version ${version} of the graph of ${execution}, ${counted((plan['tasks'] as readonly unknown[]).length, 'task', 'tasks')}. Next: tasks execute ${file} --dry-run`);
      }
      for (const warning of warnings) out.warn(warning);
      return EXIT.ok;
    }),
};

/** Never over a file that there is. */
const write = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    throw new TasksError({ code: 'TASKS4003', message: `the plan cannot be written: ${error instanceof Error ? error.message : String(error)}`, place: { file: path }, hint: 'Name a file that is not there yet, in a directory that is.' }, { cause: error });
  }
};
