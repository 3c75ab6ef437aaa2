/** `tasks scan-imports`: what the code of a project imports. */
import { resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { Census, ImportUse } from '../../../planner/imports/census.ts';
import type { CommandSpec, OptionSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { reportWarnings } from '../errors.ts';
import { oneLine } from '../markup.ts';
import { counted } from '../view/counts-text.ts';

export const WORKSPACES: OptionSpec = {
  name: 'workspaces',
  value: 'GLOB...',
  kind: 'list',
  // A comma may stand in a glob.
  separator: '\n',
  env: false,
  description: 'Only the packages in these directories, such as apps/*; takes all words up to the next option. All packages of the project unless stated',
};

export const scanImportsCommand: CommandSpec = {
  name: 'scan-imports',
  group: 'Set up',
  summary: 'List what the code of a project imports',
  description: [
    'Parses the JavaScript, TypeScript and Python of every package: the workspaces of npm and pnpm, and each directory with a Python manifest. Nothing is run. What .gitignore leaves out is left out, as are node_modules, dist, build and virtual environments; links are not followed.',
    'A source that does not parse is a warning. Exit codes: 0 scanned, 2 the code base or a manifest cannot be read, 6 no parser.',
  ],
  arguments: [{ name: 'directory', description: 'Top of the project; the current directory unless stated', optional: true }],
  options: [WORKSPACES],
  examples: [
    { says: 'A line for each import', command: 'tasks scan-imports' },
    { says: 'For `tasks missing-deps`, of some packages', command: 'tasks scan-imports . -o json --workspaces apps/* > imports.json' },
  ],
  run: async (context) => {
    const { args, cwd, out } = context;
    const census = await scan(context, resolve(cwd, args[0] ?? '.'));
    out.answer(census, () => census.packages.flatMap(({ imports }) => imports.map(importText)).join('\n'));
    const imports = census.packages.flatMap((one) => one.imports);
    const names = new Set(imports.flatMap((use) => use.package ?? []));
    const files = census.packages.reduce((sum, one) => sum + one.files, 0);
    out.hint(`${counted(imports.length, 'import', 'imports')} in ${counted(files, 'file', 'files')} of ${counted(census.packages.length, 'workspace', 'workspaces')}, naming ${counted(names.size, 'package', 'packages')}`);
    return EXIT.ok;
  },
};

/** @throws TasksError with every problem that stops a scan. */
export const scan = async ({ values, out }: Context, root: string): Promise<Census> => {
  const { scanImports } = await import('../../../planner/imports/scan-imports.ts');
  const census = await scanImports({ root, workspaces: values.list('workspaces') });
  if (!census.ok) throw new TasksError(census.error);
  reportWarnings(out, census.value.warnings);
  const { skipped } = census.value;
  if (skipped.length > 0) out.hint(`Left out, being no workspaces: ${skipped.slice(0, 5).map(oneLine).join(', ')}${skipped.length > 5 ? ` and ${skipped.length - 5} more` : ''}`);
  return census.value;
};

const importText = ({ file, line, column, kind, specifier, optional, unreached, dev }: ImportUse): string => {
  const marks = [dev && 'dev', optional && 'optional', unreached && 'unreached'].filter((mark) => typeof mark === 'string');
  return oneLine([`${file}:${line}:${column}`, kind, specifier, ...(marks.length > 0 ? [`(${marks.join(', ')})`] : [])].join(' '));
};
