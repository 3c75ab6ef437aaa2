/** Where a text stops being JSON, and why: JSON.parse's own words differ between versions of Node. */
import type { Span } from './line-index.ts';
import { skipSpace } from './json-scan.ts';

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const WORD = /[^\s,\]}[{:"]+/y;

export interface SyntaxFault extends Span {
  readonly message: string;
  readonly hint?: string;
}

const matchAt = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

/** The end of the string that starts at `at`; undefined when it has none, or holds what no string may. */
const stringEnd = (text: string, at: number): number | undefined => {
  if (text[at] !== '"') return undefined;
  let next = at + 1;
  for (let code = text.charCodeAt(next); code >= 0x20; code = text.charCodeAt(next)) {
    if (code === 0x22) return next + 1;
    const after = code === 0x5c ? matchAt(ESCAPE, text, next) : next + 1;
    if (after === undefined) return undefined;
    next = after;
  }
  return undefined;
};

const faultAt = (text: string, at: number, expected: string): SyntaxFault => {
  if (at >= text.length) return { start: at, end: at, message: `the text ends where ${expected} should be`, hint: 'The file may be cut short.' };
  const end = matchAt(WORD, text, at) ?? at + 1;
  const found = text.slice(at, Math.min(end, at + 40));
  if (text[at] === '"') return { start: at, end, message: 'this string does not end, or holds a line break or a wrong escape' };
  if (text[at] === '/') return { start: at, end, message: 'JSON has no comments', hint: 'Take the comment out, or write the plan in YAML.' };
  if (text[at] === "'") return { start: at, end, message: 'JSON strings stand in double quotes' };
  if (']}'.includes(text[at] ?? ' ') && /,\s*$/.test(text.slice(Math.max(0, at - 200), at))) {
    return { start: at, end, message: 'there is a comma before this bracket', hint: 'JSON allows no trailing comma.' };
  }
  return { start: at, end, message: `found ${JSON.stringify(found)} where ${expected} should be` };
};

type Expect = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or ]' | ', or }' | 'end';

const WORDS: Readonly<Record<Expect, string>> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  'key or }': 'a key in double quotes or "}"',
  key: 'a key in double quotes',
  ':': '":"',
  ', or ]': '"," or "]"',
  ', or }': '"," or "}"',
  end: 'the end of the text',
};

/** The first fault of a text that JSON.parse refuses; undefined should it find none. */
export const findJsonFault = (text: string): SyntaxFault | undefined => {
  const open: ('[' | '{')[] = [];
  const afterValue = (): Expect => {
    const container = open.at(-1);
    if (container === undefined) return 'end';
    return container === '[' ? ', or ]' : ', or }';
  };
  let expect: Expect = 'value';
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const char = text[at] ?? '';
    let next: number | undefined = at + 1;
    const closes: boolean = (char === ']' && expect.endsWith(']')) || (char === '}' && expect.endsWith('}'));
    if (closes) {
      open.pop();
      expect = afterValue();
    } else if (expect.startsWith('value')) {
      if (char === '[' || char === '{') {
        open.push(char);
        expect = char === '[' ? 'value or ]' : 'key or }';
      } else {
        next = stringEnd(text, at) ?? matchAt(SCALAR, text, at);
        expect = next === undefined ? expect : afterValue();
      }
    } else if (expect.startsWith('key')) {
      next = stringEnd(text, at);
      expect = next === undefined ? expect : ':';
    } else if (expect === ':' && char === ':') expect = 'value';
    else if (expect === ', or ]' && char === ',') expect = 'value';
    else if (expect === ', or }' && char === ',') expect = 'key';
    else next = undefined;
    if (next === undefined) return faultAt(text, at, WORDS[expect]);
    at = skipSpace(text, next);
  }
  return expect === 'end' ? undefined : faultAt(text, at, WORDS[expect]);
};
