/** Where the program of a parser lies: beside this module, or in `dist/` when we run from TypeScript sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TasksError } from '../../model/problem.ts';

/** @throws TasksError TASKS5006 when the project was not built. */
export const parserEntry = (moduleUrl: string = import.meta.url): string => {
  const isSource = moduleUrl.endsWith('.ts');
  const entry = fileURLToPath(new URL(isSource ? '../../dist/planner/parsing/parser-main.js' : './parser-main.js', moduleUrl));
  if (existsSync(entry)) return entry;
  throw new TasksError({ code: 'TASKS5006', message: `the program of the parser is missing: ${entry}`, hint: 'Run `npm run build`.' });
};
