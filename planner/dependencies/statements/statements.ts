/** What the document itself says of order: "depends on 3 & 4", "after FR-002", "once the API is done". */
import type { Context, Step } from '../context.ts';
import { BUILDERS } from '../roles.ts';
import type { Warn } from '../rule.ts';
import { shortened } from '../words.ts';
import type { Names } from './names.ts';
import { namesOf } from './names.ts';
import type { Owners } from './owners.ts';
import { ownersOf } from './owners.ts';
import type { Passage } from './passages.ts';
import { passagesOf } from './passages.ts';
import type { Phrase } from './phrases.ts';
import { NEGATED, PHRASES, SOME_PHRASE } from './phrases.ts';
import type { References } from './references.ts';
import { keysIn, referencesAt } from './references.ts';

export interface Statement {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
  readonly kind: Phrase['kind'];
  /** By name is less certain than by key or number. */
  readonly how: 'key' | 'name' | 'loose';
  /** The words that say so, and nothing but them. */
  readonly quote: string;
  readonly line: number;
}

/** As many steps on either side at most are ordered by one statement. */
export const MAX_SIDE = 12;

export interface Reading {
  readonly context: Context;
  readonly passages: readonly Passage[];
  readonly owners: Owners;
  /** Items of the ordered lists, by list and number. */
  readonly items: ReadonlyMap<string, Passage>;
  readonly lineAt: (offset: number) => number;
}

const read = (context: Context): Reading => {
  const passages = passagesOf(context.document);
  const items = new Map<string, Passage>();
  for (const passage of passages) if (passage.item) items.set(`${passage.item.list} ${passage.item.number}`, passage);
  const starts = [0, ...[...context.document.text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
  const lineAt = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { context, passages, owners: ownersOf(context), items, lineAt };
};

const readings = new WeakMap<Context, Reading>();

/** The document as passages; read once for each context. */
export const readingOf = (context: Context): Reading => {
  const known = readings.get(context);
  if (known) return known;
  const reading = read(context);
  readings.set(context, reading);
  return reading;
};

/** Those that build it, else all: what follows from the order of these within a feature needs not be said. */
const main = (steps: readonly Step[]): readonly Step[] => {
  const builders = steps.filter(({ role }) => BUILDERS.has(role));
  return builders.length > 0 ? builders : steps;
};

interface Sentence {
  readonly text: string;
  readonly start: number;
}

const sentencesOf = ({ text, start }: Passage): readonly Sentence[] => {
  const found: Sentence[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/[.!?;](?=\s|$)/gu)) {
    found.push({ text: text.slice(from, index), start: start + from });
    from = index + 1;
  }
  return [...found, { text: text.slice(from), start: start + from }].filter(({ text: each }) => SOME_PHRASE.test(each));
};

/** No sentence says more often what comes first. */
const MAX_MATCHES = 8;
const LEAST_WORDS = { any: 1, long: 2, keys: undefined } as const;

interface Place {
  readonly passage: Passage;
  readonly sentence: Sentence;
  readonly names: Names;
  readonly reading: Reading;
}

const numbered = (numbers: readonly number[], { passage, sentence, reading }: Place): readonly Step[] => {
  const { item } = passage;
  if (numbers.length === 0) return [];
  const listed = item ? numbers.flatMap((number) => reading.items.get(`${item.list} ${number}`) ?? []) : [];
  if (listed.length > 0) return listed.filter((each) => each !== passage).flatMap(reading.owners.steps);
  // The list was read by whoever found the requirements.
  const { byUnit } = reading.context;
  return reading.owners.units({ start: sentence.start, end: sentence.start + sentence.text.length }).flatMap(({ mentions }) => mentions.flatMap((id) => byUnit.get(id) ?? []));
};

/** Behind the last of these a new clause begins. */
const CLAUSE = /[,:;()[\]]/gu;

/** Of whom the sentence speaks: whom its clause names by key, else who cites it, else whose item it stands in, else what it names at all. */
const subjectOf = (ahead: string, { passage, sentence, names, reading }: Place): readonly Step[] => {
  const clause = ahead.slice(([...ahead.matchAll(CLAUSE)].at(-1)?.index ?? -1) + 1);
  const named = keysIn(clause, names);
  if (named.length > 0) return named;
  const cited = reading.owners.units({ start: sentence.start, end: sentence.start + sentence.text.length }).flatMap(({ id }) => reading.context.byUnit.get(id) ?? []);
  if (cited.length > 0) return [...new Set(cited)];
  const mine = passage.item ? reading.owners.steps(passage) : keysIn(ahead, names);
  if (mine.length > 0 || passage.item) return mine;
  const words = ahead.trim();
  const begun = referencesAt(words, 0, { names, leastWords: 1 });
  return begun.found.flatMap(({ steps }) => steps);
};

const howOf = ({ found }: References, { names, closing }: Phrase): Statement['how'] => {
  if (!found.some(({ how }) => how === 'name')) return 'key';
  return names === 'any' && !closing ? 'name' : 'loose';
};

const statementsOf = (phrase: Phrase, place: Place): readonly Statement[] => {
  const { text, start } = place.sentence;
  const least = LEAST_WORDS[phrase.names];
  return [...text.matchAll(phrase.pattern)].slice(0, MAX_MATCHES).flatMap((match): readonly Statement[] => {
    const ahead = text.slice(0, match.index);
    if (NEGATED.test(ahead.slice(-40))) return [];
    const options = { names: place.names, ...(least !== undefined && { leastWords: least }) };
    const references = referencesAt(text, match.index + match[0].length, options);
    const closing = phrase.closing?.exec(text.slice(references.end));
    if (phrase.closing && !closing) return [];
    const objects = main([...new Set([...references.found.flatMap(({ steps }) => steps), ...numbered(references.numbers, place)])]);
    if (objects.length === 0) return [];
    const subjects = main(subjectOf(ahead, place));
    if (subjects.length === 0) return [];
    const [before, after] = phrase.subject === 'after' ? [objects, subjects] : [subjects, objects];
    const quote = shortened(text.slice(match.index, references.end + (closing?.[0].length ?? 0)));
    return [{ before, after, kind: phrase.kind, how: howOf(references, phrase), quote, line: place.reading.lineAt(start + match.index) }];
  });
};

/** In the order of the document. `warn` hears of statements that are about more steps than are ordered. */
export const statementsIn = (reading: Reading, warn: Warn): readonly Statement[] => {
  const names = namesOf(reading.context);
  return reading.passages.flatMap((passage) => {
    if (!SOME_PHRASE.test(passage.text)) return [];
    return sentencesOf(passage).flatMap((sentence) =>
      PHRASES.flatMap((phrase) => statementsOf(phrase, { passage, sentence, names, reading })).map((statement) => {
        const { before, after, line, quote } = statement;
        if (before.length > MAX_SIDE || after.length > MAX_SIDE) warn(`Line ${line}, "${quote}", is about more than ${MAX_SIDE} tasks; the first ${MAX_SIDE} of either side are ordered by it.`);
        return { ...statement, before: before.slice(0, MAX_SIDE), after: after.slice(0, MAX_SIDE) };
      }),
    );
  });
};
