/** Which versions the registry has of packages whose range nobody states. */
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import { typesPackageOf } from '../npm/package-name.ts';
import { bounded } from './bounded.ts';
import { runTool } from './run-tool.ts';
import type { Environment } from './run-tool.ts';

const AT_ONCE = 8;
const LIMIT_MS = 60_000;

export interface VersionRequest {
  readonly names: readonly string[];
  /** Those of which only the types are wanted: they may be in `@types/…` alone. */
  readonly typesOnly: ReadonlySet<string>;
  /** Where `.npmrc` is looked for. */
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

export interface Release {
  /** Of the package that provides it. */
  readonly name: string;
  /** `^x.y.z` of the newest release. */
  readonly range: string;
}

/** What to declare for each name, or why there is nothing. */
export const npmReleases = async ({ names, typesOnly, cwd, environment, signal }: VersionRequest): Promise<ReadonlyMap<string, Result<Release, Problem>>> => {
  const ask = async (name: string): Promise<Result<Release, Problem>> => {
    const result = await runTool({ program: 'npm', args: ['view', `${name}@latest`, 'version', '--json'], cwd, environment, timeoutMs: LIMIT_MS, ...(signal && { signal }) });
    return answerOf(name, result.stdout, result.lastWords);
  };
  const answers = await bounded(names, AT_ONCE, async (name) => {
    const answer = await ask(name);
    const types = !answer.ok && typesOnly.has(name) ? await ask(typesPackageOf(name)) : answer;
    return [name, types.ok ? types : answer] as const;
  });
  return new Map(answers);
};

const answerOf = (name: string, stdout: string, lastWords: string): Result<Release, Problem> => {
  const value = parsed(stdout);
  if (typeof value === 'string' && /^\d+\.\d+\.\d+/.test(value)) return ok({ name, range: `^${value}` });
  const code = typeof value === 'object' && value !== null && 'error' in value ? errorCode(value.error) : undefined;
  const unknown = code === 'E404' || /\bE404\b/.test(lastWords);
  return fail({
    code: 'TASKS5010',
    message: unknown ? `the registry has no package ${quote(name)}` : `the registry does not answer for ${quote(name)}: ${code ?? lastWords.split('\n').at(-1) ?? ''}`,
    hint: unknown ? 'Is it private, an alias, or misspelled? `--exclude` leaves it out.' : 'Is the registry reachable, and may you read the package?',
  });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const errorCode = (error: unknown): string | undefined => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined);
