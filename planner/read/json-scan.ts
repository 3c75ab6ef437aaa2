/**
 * Positions in a JSON text. `JSON.parse` is fast and says nothing of where things stand, so this walks the
 * text: once, for what JSON.parse lets pass, and again, container by container, when a position is wanted.
 */
import type { Span } from './line-index.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export interface JsonChild extends Span {
  readonly key?: Span;
}

/** Children of a container by key or index; of a key that stands twice, the last, as JSON.parse has it. */
export type JsonChildren = ReadonlyMap<string | number, JsonChild>;

export const skipSpace = (text: string, from: number): number => {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || (code >= 0x09 && code <= 0x0d); code = text.charCodeAt(at)) at += 1;
  return at;
};

/** The end of the string that starts at `from`, after its closing quote. */
const skipString = (text: string, from: number): number => {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let back = quote - 1;
    while (text.charCodeAt(back) === BACKSLASH) back -= 1;
    if ((quote - back) % 2 === 1) return quote + 1;
    at = quote + 1;
  }
};

const isDelimiter = (code: number): boolean =>
  code === COMMA || code === CLOSE_ARRAY || code === CLOSE_OBJECT || code === COLON || code <= 0x20;

const skipScalar = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && !isDelimiter(text.charCodeAt(at))) at += 1;
  return at;
};

/** The end of the value that starts at `from`. */
export const skipValue = (text: string, from: number): number => {
  let at = from;
  let depth = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = skipString(text, at);
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      at += 1;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth -= 1;
      at += 1;
    } else if (depth === 0) return skipScalar(text, at);
    else at += 1;
    if (depth === 0) return at;
  }
  return at;
};

const decodeKey = (text: string, span: Span): string => {
  const raw = text.slice(span.start + 1, span.end - 1);
  return raw.includes('\\') ? String(JSON.parse(text.slice(span.start, span.end))) : raw;
};

/** The children of the array or object that starts at `from`; of a scalar, none. The text is valid JSON. */
export const childrenAt = (text: string, from: number): JsonChildren => {
  const children = new Map<string | number, JsonChild>();
  const isObject = text.charCodeAt(from) === OPEN_OBJECT;
  if (!isObject && text.charCodeAt(from) !== OPEN_ARRAY) return children;
  let at = skipSpace(text, from + 1);
  for (let index = 0; at < text.length; index += 1) {
    const code = text.charCodeAt(at);
    if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) return children;
    const key = isObject ? { start: at, end: skipString(text, at) } : undefined;
    const start = key ? skipSpace(text, skipSpace(text, key.end) + 1) : at;
    const end = skipValue(text, start);
    children.set(key ? decodeKey(text, key) : index, { start, end, ...(key ? { key } : {}) });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return children;
};

export interface JsonScan {
  /** Keys that stand twice in one object. */
  readonly duplicates: readonly { readonly key: string; readonly first: Span; readonly again: Span }[];
  /** Where the nesting first goes deeper than the limit. */
  readonly tooDeep?: Span;
}

/** What JSON.parse lets pass and a plan may not hold. The text is valid JSON. */
export const scanJson = (text: string, options: { readonly maxDepth: number; readonly maxDuplicates: number }): JsonScan => {
  const duplicates: { key: string; first: Span; again: Span }[] = [];
  // One entry per open container: the keys of an object, nothing for an array.
  const open: (Map<string, Span> | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const span = { start: at, end: skipString(text, at) };
      at = span.end;
      const keys = open.at(-1);
      if (!keys || text.charCodeAt(skipSpace(text, at)) !== COLON) continue;
      const key = decodeKey(text, span);
      const first = keys.get(key);
      if (!first) keys.set(key, span);
      else if (duplicates.length < options.maxDuplicates) duplicates.push({ key, first, again: span });
      continue;
    }
    if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (open.length >= options.maxDepth) return { duplicates, tooDeep: { start: at, end: at + 1 } };
      open.push(code === OPEN_OBJECT ? new Map() : undefined);
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) open.pop();
    at += 1;
  }
  return { duplicates };
};
