/** Paths and globs as plans write them, before they are compared. */

/** Characters by which a directory's or file's name says more than itself. */
const DYNAMIC = /[*?[\]{}()!+@\\]/;
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

export const isPlain = (path: string): boolean => !DYNAMIC.test(path);

/** The leading parts of a path or a pattern that are plain text. */
export const plainHead = (parts: readonly string[]): readonly string[] => {
  const dynamic = parts.findIndex((part) => DYNAMIC.test(part));
  return dynamic < 0 ? parts : parts.slice(0, dynamic);
};
