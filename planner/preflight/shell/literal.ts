/** What a word of a shell command is, where the shell has nothing left to work out. */
import type { Word, WordPart } from 'unbash';

const isPlain = (part: WordPart): boolean => {
  if (part.type === 'DoubleQuoted') return part.parts.every((inner) => inner.type === 'Literal');
  return part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted';
};

/** Undefined when only the shell knows: variables, substitutions, patterns, home directories. */
export const literalOf = (word: Word): string | undefined => {
  if (word.text.startsWith('~')) return undefined;
  return word.parts === undefined || word.parts.every(isPlain) ? word.value : undefined;
};
