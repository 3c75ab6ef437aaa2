/** Paths and globs as plans write them, before they are compared. */

/**
 * By which a directory's or file's name may say more than itself. `@`, `+` and `!` do so in front of a parenthesis alone, and what
 * closes something does so where it was opened: `packages/@acme/x` is plain.
 */
const WILD = /[*?[{(\\]/;
/** What {@link scopeKey} would change. */
const UNTIDY = /(?:^|\/)(?:\.?(?:\/|$)|\*\*\/*$)/;

/** `./src/`, `src` and `src/**` say the same: the path, and everything below it. */
export const scopeKey = (text: string): string => (UNTIDY.test(text) ? tidied(text) : text);

const tidied = (text: string): string =>
  text
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
    .replace(/(?:^|\/)(?:\*\*\/?)+$/, '');

/** A glob that only takes away. */
export const isNegated = (text: string): boolean => text.startsWith('!') && !text.startsWith('!(');

/** Whether a path or a pattern, tidy or not, stands for itself alone. The one notion of it: indices of paths go by it. */
export const isPlain = (path: string): boolean => !WILD.test(path) && !path.startsWith('!');

/** The leading parts of a path or a pattern that are plain text: all of them, where {@link isPlain} holds. */
export const plainHead = (parts: readonly string[]): readonly string[] => {
  if (parts[0]?.startsWith('!')) return [];
  const wild = parts.findIndex((part) => WILD.test(part));
  return wild < 0 ? parts : parts.slice(0, wild);
};

/** The plain text that a pattern begins with. */
export const plainStem = (pattern: string): string => {
  if (pattern.startsWith('!')) return '';
  const wild = pattern.search(WILD);
  if (wild < 0) return pattern;
  const isGroup = pattern[wild] === '(' && '@!+'.includes(pattern[wild - 1] ?? ' ');
  return pattern.slice(0, isGroup ? wild - 1 : wild);
};
