/** What follows words such as "depends on": keys, numbers of a list, names, joined by commas and "and". */
import type { Step } from '../context.ts';
import { singular } from '../words.ts';
import type { Name, Names } from './names.ts';
import { keyOf } from './names.ts';

export interface Reference {
  readonly how: 'key' | 'number' | 'name';
  readonly steps: readonly Step[];
  /** As written. */
  readonly text: string;
}

export interface References {
  readonly found: readonly Reference[];
  /** Numbers that stand alone: of items in the same list. */
  readonly numbers: readonly number[];
  /** Where the last one ends. */
  readonly end: number;
}

const LEAD = /\s*(?:(?:on|the|a|an|all|of|both|that|completing|completion|implementing|implementation|having|finishing|delivery|outcome|output|result|existing|working)\s+|[("“'‘[])*/iuy;
const KEY = /(?:[A-Za-z]{1,10}[- ]?\d{1,5}(?:\.\d{1,4})*[a-z]?)(?![\w-])/uy;
const NUMBERED = /(phases?|milestones?|stages?|sprints?|steps?|epics?|iterations?|releases?|user stor(?:y|ies)|stor(?:y|ies)|features?)\s+(\d{1,4})\b/iuy;
const LISTED = /(?:(?:items?|tasks?|steps?|points?|no\.|number|requirements?)\s+|#)?(\d{1,4})(?:\s*(?:-|–|to|through)\s*(\d{1,4}))?(?![\w%.]?\w)/iuy;
/** After numbers that stand alone nothing may follow that they count. */
const UNCOUNTED = /^\s*(?:$|[).,;:\]&+]|(?:and|or)\s+#?\d|(?:is|are|has|have|first|before|being|done|complete|completion)\b)/iu;
const JOIN = /\s*(?:,\s*(?:and|or)?|&|\+|\band\b|\bor\b)\s*/iuy;
const WORD = /\s*[^\p{L}\p{N}]{0,2}([\p{L}\p{N}]+)/uy;
const MAX_RANGE = 50;
const MAX_REFERENCES = 20;

const at = (pattern: RegExp, text: string, from: number): RegExpExecArray | null => {
  pattern.lastIndex = from;
  return pattern.exec(text);
};

/** The longest name that begins here. */
const nameAt = (text: string, from: number, names: Names): { readonly name: Name; readonly end: number } | undefined => {
  const words: { readonly word: string; readonly end: number }[] = [];
  for (let next = from; words.length < 8; ) {
    const match = at(WORD, text, next);
    if (!match) break;
    next = match.index + match[0].length;
    words.push({ word: singular((match[1] ?? '').toLowerCase()), end: next });
  }
  const name = names.byWord.get(words[0]?.word ?? '')?.find((each) => each.words.every((word, place) => words[place]?.word === word));
  const end = words[(name?.words.length ?? 0) - 1]?.end;
  return name && end !== undefined ? { name, end } : undefined;
};

interface Options {
  readonly names: Names;
  /** Least number of words of a name; none are taken unless stated. */
  readonly leastWords?: number;
}

interface One {
  readonly end: number;
  readonly reference?: Reference;
  readonly numbers?: readonly number[];
}

const oneAt = (text: string, from: number, { names, leastWords }: Options): One | undefined => {
  const numbered = at(NUMBERED, text, from);
  if (numbered) {
    const kind = (numbered[1] ?? '').toLowerCase().replace(/ies$/u, 'y').replace(/s$/u, '');
    const number = Number(numbered[2]);
    const steps = names.byNumber.get(`${kind} ${number}`) ?? (kind.endsWith('story') ? names.byKey.get(`US${number}`) : undefined);
    if (steps) return { end: from + numbered[0].length, reference: { how: 'key', steps, text: numbered[0] } };
  }
  const key = at(KEY, text, from);
  const known = names.byKey.get(keyOf(key?.[0] ?? ''));
  if (key && known) return { end: from + key[0].length, reference: { how: 'key', steps: known, text: key[0] } };
  const number = at(LISTED, text, from);
  if (number && UNCOUNTED.test(text.slice(from + number[0].length, from + number[0].length + 40))) {
    const [first, last] = [Number(number[1]), Number(number[2] ?? number[1])];
    const length = Math.min(Math.max(last - first + 1, 1), MAX_RANGE);
    return { end: from + number[0].length, numbers: Array.from({ length }, (_, step) => first + step) };
  }
  const named = leastWords === undefined ? undefined : nameAt(text, from, names);
  if (!named || named.name.words.length < (leastWords ?? 1)) return undefined;
  return { end: named.end, reference: { how: 'name', steps: named.name.steps, text: text.slice(from, named.end).trim() } };
};

/** Everything from `from` on that is a reference, up to the first thing that is none. */
export const referencesAt = (text: string, from: number, options: Options): References => {
  const found: Reference[] = [];
  const numbers: number[] = [];
  let end = from;
  let next = from;
  while (found.length + numbers.length < MAX_REFERENCES) {
    next += at(LEAD, text, next)?.[0].length ?? 0;
    const one = oneAt(text, next, options);
    if (!one) break;
    if (one.reference) found.push(one.reference);
    numbers.push(...(one.numbers ?? []));
    end = one.end;
    const join = at(JOIN, text, end);
    if (!join) break;
    next = end + join[0].length;
  }
  return { found, numbers, end };
};

const ANY_KEY = /\b[A-Za-z]{1,10}-?\d{1,5}[a-z]?\b/gu;

/** Keys and numbered headings anywhere in a text: what a sentence speaks of. */
export const keysIn = (text: string, names: Names): readonly Step[] => {
  const starts = [...text.matchAll(/\b(?=\p{L})/gu)].map(({ index }) => index).slice(0, 60);
  const numbered = starts.flatMap((start) => {
    const one = at(NUMBERED, text, start) ? oneAt(text, start, { names }) : undefined;
    return one?.reference?.steps ?? [];
  });
  const keyed = [...text.matchAll(ANY_KEY)].flatMap(([key]) => names.byKey.get(keyOf(key)) ?? []);
  return [...new Set([...numbered, ...keyed])];
};
