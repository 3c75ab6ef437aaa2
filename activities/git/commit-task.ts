/**
 * `--git`: one conventional commit for each task that changed what it declares. In a shared workspace others
 * work at the same time, so only declared artifacts and `files_scope.writes` are committed, and never what is
 * ignored.
 */
import type { AttemptInput } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { git, identity, inTurn } from './git.ts';

/** Conventional types by label; the first label that is one wins. */
const TYPES = new Set(['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'style', 'test']);
const SUBJECT_LENGTH = 100;

/** @returns the commit's hash, or undefined when nothing declared has changed. @throws Error when git refuses. */
export const commitTask = async (options: {
  readonly workspace: string;
  readonly input: AttemptInput;
  readonly spec: TaskSpec;
}): Promise<string | undefined> => {
  const { workspace, input, spec } = options;
  const patterns = declared(spec);
  if (patterns.length === 0) return undefined;
  const repository = (await git({ workspace, args: ['rev-parse', '--show-toplevel'] })).trim();
  return inTurn(repository, async () => {
    const paths = await changed(workspace, patterns);
    if (paths.length === 0) return undefined;
    const list = ['--pathspec-from-file=-', '--pathspec-file-nul'];
    const literal = paths.map((path) => `:(top,literal)${path}`).join('\0');
    await git({ workspace, args: ['add', '--all', ...list], input: literal });
    await git({ workspace, args: [...(await identity(workspace)), 'commit', '--quiet', '--only', '-m', commitMessage(input, spec), ...list], input: literal });
    return (await git({ workspace, args: ['rev-parse', 'HEAD'] })).trim();
  });
};

const declared = (spec: TaskSpec): string[] => {
  const scope = spec.fields['files_scope'];
  // spec/003 spells it both ways.
  const written = isObject(scope) ? [scope['writes'], scope['write']].flat() : [];
  const patterns = [...(spec.artifacts ?? []), ...written.filter((path) => typeof path === 'string')];
  return [...new Set(patterns)].map((pattern) => `:(glob)${pattern}`);
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Paths from the top of the repository. A rename is listed by both its names. */
const changed = async (workspace: string, patterns: readonly string[]): Promise<string[]> => {
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', ...patterns];
  const entries = (await git({ workspace, args })).split('\0').filter((entry) => entry !== '');
  return entries.map((entry) => entry.slice(3));
};

/** Conventional, and says by which attempt. */
export const commitMessage = (input: Pick<AttemptInput, 'execution' | 'task' | 'attempt'>, spec: TaskSpec): string => {
  const labels = spec.fields['labels'];
  const type = (Array.isArray(labels) ? labels : []).find((label) => TYPES.has(String(label))) as string | undefined;
  const title = (spec.title ?? 'run').replace(/\s+/g, ' ').trim();
  const subject = `${type ?? 'chore'}(${input.task}): ${title}`.slice(0, SUBJECT_LENGTH);
  return `${subject}\n\nTasks-Execution: ${input.execution}\nTasks-Task: ${input.task}\nTasks-Attempt: ${input.attempt}\n`;
};
