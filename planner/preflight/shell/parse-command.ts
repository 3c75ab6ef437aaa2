/** From the text of a command to what is to be known of it. */
import { parse } from 'unbash';
import type { ShellCommand } from './shell-command.ts';
import { Walk } from './walk.ts';

/** Longer ones are programs of their own. */
const MAX_LENGTH = 64 * 1024;

/**
 * Undefined when the text is not understood: nothing is said of it then. The grammar is Bash's, of which a POSIX
 * shell takes a part.
 */
export const parseCommand = (text: string): ShellCommand | undefined => {
  if (text.length > MAX_LENGTH) return undefined;
  const script = parse(text);
  if (script.errors && script.errors.length > 0) return undefined;
  const walk = new Walk();
  walk.script(script, { directory: '.', decides: true });
  const { calls, functions, sets, guarded, required, read, nounset, isOpaque } = walk;
  return {
    calls: calls.filter(({ name }) => !functions.has(name)),
    uses: [...read].filter((name) => !sets.has(name) && (!guarded.has(name) || required.has(name))).map((name) => ({ name, isRequired: nounset || required.has(name) })),
    isOpaque,
    changesPath: sets.has('PATH'),
  };
};
