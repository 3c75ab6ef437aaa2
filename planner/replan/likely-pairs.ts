/** Pairs of texts that are like each other, in bounded time also for many texts. */
import { Likeness } from '../wording/likeness.ts';

export interface LikelyPair {
  readonly from: number;
  readonly to: number;
  readonly likeness: number;
}

/** A word that more texts have tells nothing of which belongs to which. */
const MAX_SHARED = 200;

/** The likeliest first; ties by the order of both sides. `all` says which words are rare. */
export const likelyPairs = ({ all, before, after, enough }: { readonly all: readonly string[]; readonly before: readonly string[]; readonly after: readonly string[]; readonly enough: number }): readonly LikelyPair[] => {
  if (before.length === 0 || after.length === 0) return [];
  const likeness = new Likeness(all);
  const weights = before.map((text) => likeness.weigh(text));
  const byWord = new Map<string, number[]>();
  for (const [at, words] of weights.entries()) {
    for (const word of words.keys()) {
      const own = byWord.get(word);
      if (own) own.push(at);
      else byWord.set(word, [at]);
    }
  }
  const pairs: LikelyPair[] = [];
  for (const [to, text] of after.entries()) {
    const own = likeness.weigh(text);
    const near = new Set<number>();
    for (const word of own.keys()) {
      const sharing = byWord.get(word) ?? [];
      if (sharing.length <= MAX_SHARED) for (const from of sharing) near.add(from);
    }
    for (const from of near) {
      // What is rounded compares alike on every machine.
      const alike = Math.round(Likeness.cosine(weights[from] ?? new Map(), own) * 1e6) / 1e6;
      if (alike >= enough) pairs.push({ from, to, likeness: alike });
    }
  }
  return pairs.sort((a, b) => b.likeness - a.likeness || a.from - b.from || a.to - b.to);
};
