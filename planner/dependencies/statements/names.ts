/** What a document may call by name: requirements by key, numbered headings, features, sections, interfaces. Each stands for steps. */
import type { Context, Step } from '../context.ts';
import { parseInterface } from '../producers.ts';
import { allWords, singular } from '../words.ts';

export interface Name {
  readonly words: readonly string[];
  readonly steps: readonly Step[];
}

export interface Names {
  /** By the key in capitals without spaces and dashes, such as `FR009A`. */
  readonly byKey: ReadonlyMap<string, readonly Step[]>;
  /** By kind and number, such as `phase 2`. */
  readonly byNumber: ReadonlyMap<string, readonly Step[]>;
  /** By their first word, the longest first. */
  readonly byWord: ReadonlyMap<string, readonly Name[]>;
}

const NUMBERED = /^(phase|milestone|stage|sprint|step|epic|iteration|release|user story|story|feature)\s+(\d{1,4})\b/iu;
/** One word alone is no name where it may mean anything. */
const VAGUE: ReadonlySet<string> = new Set(
  'api app application backend basic client code component configuration core data database design feature frontend functional general goal input interface introduction logic model module other output overview plan platform product project requirement scope security server service setup state summary system task test testing time tool user workflow'.split(' '),
);
const MIN_NAME = 4;
const MAX_WORDS = 8;

export const keyOf = (text: string): string => text.toUpperCase().replaceAll(/[\s_-]+/gu, '');

const stepsOfUnits = ({ byUnit }: Context, ids: readonly string[]): readonly Step[] => [...new Set(ids.flatMap((id) => byUnit.get(id) ?? []))].sort((a, b) => a.index - b.index);

/** Ids of the requirements in each section and all below it. */
const unitsBelow = ({ requirements, document }: Context): ReadonlyMap<number, readonly string[]> => {
  const below = new Map<number, string[]>();
  for (const unit of requirements.units) {
    // Parents come first, so this ends; the bound is for documents that say otherwise.
    for (let at: number | undefined = unit.section, depth = 0; at !== undefined && depth < 8; at = document.sections[at]?.parent, depth += 1) {
      const list = below.get(at);
      if (list) list.push(unit.id);
      else below.set(at, [unit.id]);
    }
  }
  return below;
};

export const namesOf = (context: Context): Names => {
  const byKey = new Map<string, readonly Step[]>();
  const byNumber = new Map<string, readonly Step[]>();
  const byWord = new Map<string, Name[]>();
  const seen = new Set<string>();
  const add = (text: string, steps: readonly Step[], words = allWords(text)): void => {
    const [first] = words;
    const phrase = words.join(' ');
    if (first === undefined || steps.length === 0 || words.length > MAX_WORDS || seen.has(phrase)) return;
    if (words.length === 1 && (VAGUE.has(first) || first.length < MIN_NAME)) return;
    seen.add(phrase);
    const list = byWord.get(first);
    if (list) list.push({ words, steps });
    else byWord.set(first, [{ words, steps }]);
  };
  for (const { id, key } of context.requirements.units) {
    if (key === undefined) continue;
    const name = keyOf(key);
    byKey.set(name, [...new Set([...(byKey.get(name) ?? []), ...(context.byUnit.get(id) ?? [])])]);
  }
  for (const { id, title } of context.features) add(title, context.byFeature.get(id) ?? []);
  for (const [name, producer] of context.producers.byName) {
    const step = context.steps[producer];
    const { base } = parseInterface(name);
    if (!step) continue;
    add(base, [step]);
    // As one word, too: a text need not have capitals.
    add(base, [step], [singular(base.toLowerCase())]);
  }
  const below = unitsBelow(context);
  for (const { index, title, kind } of context.document.sections) {
    const steps = kind === 'content' ? stepsOfUnits(context, below.get(index) ?? []) : [];
    const [, what, number] = NUMBERED.exec(title) ?? [];
    if (what !== undefined && steps.length > 0) byNumber.set(`${what.toLowerCase()} ${Number(number)}`, steps);
    add(title, steps);
  }
  for (const list of byWord.values()) list.sort((a, b) => b.words.length - a.words.length);
  return { byKey, byNumber, byWord };
};
