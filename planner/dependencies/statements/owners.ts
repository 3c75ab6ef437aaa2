/** Which steps a passage of the document speaks of: those that cite its requirements, else those that are called much the same. */
import type { RequirementUnit } from '../../requirements/unit.ts';
import type { Context, Step } from '../context.ts';
import { wordsOf } from '../words.ts';
import type { Passage } from './passages.ts';

/** This share of a passage's words, and at least so many (where it has so many), must be a step's, too. */
const LEAST_SHARE = 0.6;
const LEAST_WORDS = 2;
/** Words that more steps have than this tell none apart. */
const MAX_STEPS = 400;
const MAX_WORDS = 30;

export interface Owners {
  readonly units: (span: { readonly start: number; readonly end: number }) => readonly RequirementUnit[];
  readonly steps: (passage: Passage) => readonly Step[];
}

/** `(depends on 3 & 4)` says nothing of what the item is. */
const ASIDE = /\([^()]{0,200}\)/gu;

const alike = (passage: Passage, { byWord }: Context): Step | undefined => {
  const words = [...new Set(wordsOf(passage.head.replaceAll(ASIDE, ' ').replace(/^\s*\d+[.)]/u, ' ')))].slice(0, MAX_WORDS);
  const scores = new Map<Step, number>();
  for (const word of words) {
    const steps = byWord.get(word) ?? [];
    if (steps.length <= MAX_STEPS) for (const step of steps) scores.set(step, (scores.get(step) ?? 0) + (step.titleWords.includes(word) ? 1 : 0.7));
  }
  let best: { readonly step: Step; readonly score: number } | undefined;
  for (const [step, score] of scores) {
    if (!best || score > best.score || (score === best.score && step.index < best.step.index)) best = { step, score };
  }
  const least = Math.max(LEAST_SHARE * words.length, Math.min(LEAST_WORDS, words.length) * 0.7);
  return best && best.score >= least ? best.step : undefined;
};

export const ownersOf = (context: Context): Owners => {
  const sorted = [...context.requirements.units].sort((a, b) => a.start - b.start || a.end - b.end);
  /** The furthest end of all up to here: where to stop looking back. */
  const reach: number[] = [];
  for (const { end } of sorted) reach.push(Math.max(end, reach.at(-1) ?? 0));
  const units: Owners['units'] = ({ start, end }) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.start ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    const found: RequirementUnit[] = [];
    for (let at = low - 1; at >= 0 && (reach[at] ?? 0) > start && low - at < MAX_STEPS; at -= 1) {
      const unit = sorted[at];
      if (unit && unit.end > start) found.push(unit);
    }
    // A requirement that begins here says more than one that holds this among others.
    const inner = found.filter((unit) => unit.start >= start);
    return (inner.length > 0 ? inner : found.slice(0, 1)).toReversed();
  };
  const known = new Map<Passage, readonly Step[]>();
  const ownersOfPassage = (passage: Passage): readonly Step[] => {
    const cited = [...new Set(units(passage).flatMap(({ id }) => context.byUnit.get(id) ?? []))];
    if (cited.length > 0) return cited.sort((a, b) => a.index - b.index);
    const one = alike(passage, context);
    return one ? [one] : [];
  };
  const steps: Owners['steps'] = (passage) => {
    const found = known.get(passage) ?? ownersOfPassage(passage);
    known.set(passage, found);
    return found;
  };
  return { units, steps };
};
