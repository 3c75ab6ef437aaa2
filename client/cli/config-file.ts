/**
 * Defaults of options in files: `tasks.config.json` in the working directory, and `config.json` in the user's
 * configuration directory. An object of long option names; an object under a command's name holds what only
 * that command takes: `{"namespace": "ci", "worker": {"slots": 8}}`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import type { ValueSource } from './values.ts';

export interface ConfigFile {
  readonly path: string;
  readonly source: ValueSource & ('project file' | 'user file');
  readonly values: ReadonlyMap<string, unknown>;
}

export const PROJECT_FILE = 'tasks.config.json';

export const configPaths = (cwd: string): readonly { readonly path: string; readonly source: ConfigFile['source'] }[] => [
  { path: join(cwd, PROJECT_FILE), source: 'project file' },
  { path: join(envPaths('tasks', { suffix: '' }).config, 'config.json'), source: 'user file' },
];

/** The files that are there, the stronger one first. */
export const readConfigFiles = (cwd: string): Result<readonly ConfigFile[], Problem> => {
  const files: ConfigFile[] = [];
  for (const { path, source } of configPaths(cwd)) {
    const file = readConfigFile(path, source);
    if (!file.ok) return file;
    if (file.value) files.push(file.value);
  }
  return ok(files);
};

const readConfigFile = (path: string, source: ConfigFile['source']): Result<ConfigFile | undefined, Problem> => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return ok(undefined);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return fail({ code: 'TASKS3010', message: 'the configuration file must hold a JSON object', place: { file: path } });
    }
    return ok({ path, source, values: new Map(Object.entries(value)) });
  } catch (error) {
    const message = `the configuration file is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    return fail({ code: 'TASKS3010', message, place: { file: path }, hint: 'mend it or take it away' });
  }
};
