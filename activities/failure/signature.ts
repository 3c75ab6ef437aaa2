/**
 * What a failure says, without what is different each time: two failures are alike when their signatures are. Quoted
 * names are masked too, so that a missing `left-pad` is like a missing `lodash`.
 */
const MAX_LENGTH = 200;
/** More than fits is cut before the masks: they take time for each character. */
const MAX_INPUT = 2_000;

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'`<>)]+/giu, '‹url›'],
  [/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’/gu, '‹name›'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu, '‹id›'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/gu, '‹time›'],
  [/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\b/gu, '‹time›'],
  // A path has a slash inside it, or begins with one; what follows (`:12:5`) is a place in it.
  [/(?:[A-Za-z]:)?(?:[\w.@~-]*[\\/])+[\w.@~-]*(?::\d+)*(?:\(\d+,\d+\))?/gu, '‹path›'],
  [/\b[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|json|ya?ml|sql|vue|css)\b(?::\d+)*(?:\(\d+,\d+\))?/gu, '‹path›'],
  [/\b(?:0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{7,64})\b/giu, '‹hash›'],
  [/(?<![\w.])[+-]?\d+(?:[.,]\d+)*(?:\s?(?:ms|s|sec|seconds?|min|minutes?|[kmg]i?b|bytes?|%))?(?![\w.]*\w)/giu, '‹n›'],
];

export const signatureOf = (text: string): string => {
  const masked = MASKS.reduce((line, [pattern, mask]) => line.replaceAll(pattern, mask), text.slice(0, MAX_INPUT));
  return masked.toLowerCase().replaceAll(/\s+/gu, ' ').trim().slice(0, MAX_LENGTH);
};
