/** Paths that a command names. Options, addresses and what only the shell knows are left out. */
import { join } from 'node:path/posix';
import { staysInside } from '../read/inside.ts';
import { plainPath } from './path-index.ts';
import type { Call, ShellCommand } from './shell/shell-command.ts';

/** All their words but options are paths. */
const OF_PATHS: ReadonlySet<string> = new Set(['mv', 'cp', 'rm', 'mkdir', 'rmdir', 'touch', 'ln', 'rsync', 'cat', 'ls', 'tee']);
const OF_GIT: ReadonlySet<string> = new Set(['mv', 'rm', 'add']);
/** Something with a directory, a dotfile, or a name with an ending. */
const LOOKS_LIKE_PATH = /^(?:[\w@.+-]+\/[\w@./+*-]*|\.[A-Za-z][\w.-]*|[\w-]+\.[A-Za-z]\w{0,9})$/u;

const wordsOf = ({ name, args }: Call): readonly string[] => {
  const words = args.filter((arg): arg is string => arg !== undefined && !arg.startsWith('-') && !arg.includes('://'));
  if (OF_PATHS.has(name)) return words;
  if (name === 'git' && OF_GIT.has(args[0] ?? '')) return words.slice(1);
  if (name === 'cd') return words.slice(0, 1);
  return words.filter((word) => LOOKS_LIKE_PATH.test(word));
};

/** Relative to the workspace; `directory` is where the command starts. */
export const namedPaths = ({ calls }: ShellCommand, directory: string): readonly string[] =>
  calls.flatMap((call) =>
    wordsOf(call).flatMap((word) => {
      if (!staysInside(word)) return [];
      const path = call.directory === undefined ? word : join(directory, call.directory, word);
      return staysInside(path) ? (plainPath(path) ?? []) : [];
    }),
  );
