/** pip or uv: how each is asked for a version, and how it installs. */
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import { runTool } from './run-tool.ts';
import type { Environment } from './run-tool.ts';

const ASK_MS = 120_000;

interface Where {
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

export interface PythonInstaller {
  readonly program: string;
  readonly installArgs: (requirements: readonly string[]) => readonly string[];
  /** The newest version that this Python can have. */
  readonly versionOf: (name: string, where: Where) => Promise<Result<string, Problem>>;
}

const unavailable = (name: string, lastWords: string): { readonly ok: false; readonly error: Problem } => {
  const isUnknown = /No matching distribution|not found in the package registry|no versions/i.test(lastWords);
  return fail({
    code: 'TASKS5010',
    message: isUnknown ? `the index has no distribution ${quote(name)} for this Python` : `the index does not answer for ${quote(name)}: ${lastWords.split('\n').at(-1) ?? ''}`,
    hint: 'The module may come from a distribution of another name: install that one by hand, and declare it.',
  });
};

export const pip = (python: string): PythonInstaller => ({
  program: python,
  installArgs: (requirements) => ['-m', 'pip', 'install', '--', ...requirements],
  versionOf: async (name, where) => {
    const { stdout, lastWords } = await runTool({ program: python, args: ['-m', 'pip', 'index', 'versions', '--', name], timeoutMs: ASK_MS, ...where });
    const version = /\(([^)\s]+)\)/.exec(stdout)?.[1];
    return version === undefined ? unavailable(name, lastWords) : ok(version);
  },
});

export const uv = (python: string): PythonInstaller => ({
  program: 'uv',
  installArgs: (requirements) => ['pip', 'install', '--python', python, '--', ...requirements],
  versionOf: async (name, where) => {
    const result = await runTool({ program: 'uv', args: ['pip', 'install', '--python', python, '--dry-run', '--no-deps', '--reinstall', '--', name], timeoutMs: ASK_MS, ...where });
    const version = /^\s*\+ [^=\s]+==(\S+)/m.exec(`${result.stdout}\n${result.lastWords}`)?.[1];
    return version === undefined ? unavailable(name, result.lastWords) : ok(version);
  },
});
