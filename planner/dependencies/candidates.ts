/** What the rules found, pair by pair: one dependency of the strongest kind, in one direction, with the evidence of all. */
import type { Context } from './context.ts';
import { RULE_SETS, RULES } from './rules.ts';
import type { Candidate, Evidence, Rule, Warn } from './rule.ts';

/** A pair that something orders. */
export interface Precedence extends Candidate {
  /** 0 for the first rule of all. */
  readonly rank: number;
}

/** One set of rules finds no more than this; the rest is left out, and said. */
const MAX_CANDIDATES = 20_000;
export const MAX_EVIDENCE = 6;

const RANKS: ReadonlyMap<Rule, number> = new Map(RULES.map((rule, rank) => [rule, rank]));

export const stronger = (one: Pick<Precedence, 'rule' | 'rank'>, other: Pick<Precedence, 'rule' | 'rank'>): number =>
  Number(other.rule.isHard) - Number(one.rule.isHard) ||
  other.rule.confidence - one.rule.confidence ||
  Number(other.rule.isStated ?? false) - Number(one.rule.isStated ?? false) ||
  one.rank - other.rank;

/** Each reason once, the most certain first. */
export const mergedEvidence = (lists: readonly (readonly Evidence[])[]): readonly Evidence[] => {
  const merged: Evidence[] = [];
  for (const each of lists.flat()) {
    if (merged.length === MAX_EVIDENCE) break;
    if (!merged.some(({ type, reason }) => reason === each.reason && type === each.type)) merged.push(each);
  }
  return merged;
};

const found = (context: Context, warn: Warn): readonly Precedence[] =>
  RULE_SETS.flatMap((set) => {
    const candidates: Precedence[] = [];
    for (const candidate of set.find(context, warn)) {
      if (candidates.length === MAX_CANDIDATES) {
        warn(`The rules ${set.rules.map(({ id }) => id).join(', ')} find more than ${MAX_CANDIDATES} dependencies; the rest is left out.`);
        break;
      }
      candidates.push({ ...candidate, rank: RANKS.get(candidate.rule) ?? RULES.length });
    }
    return candidates;
  });

/** Of two directions the more certain wins, then plan order. */
const settled = (pair: readonly Precedence[], { context, warn }: { readonly context: Context; readonly warn: Warn }): Precedence | undefined => {
  if (pair.length === 1) return pair[0];
  const sorted = [...pair].sort((a, b) => stronger(a, b) || a.from - b.from);
  const [best] = sorted;
  if (!best) return undefined;
  const against = sorted.find(({ from, rule }) => from !== best.from && rule.isHard);
  if (against) {
    const name = (index: number): string => context.steps[index]?.id ?? '';
    warn(`${name(best.from)} and ${name(best.to)} are to wait for each other: "${best.reason}" (${best.rule.id}) counts, "${against.reason}" (${against.rule.id}) does not.`);
  }
  // What is only a hint says nothing more for what gates.
  const agreeing = sorted.filter(({ from, rule }) => from === best.from && rule.isHard === best.rule.isHard);
  return { ...best, evidence: mergedEvidence(agreeing.map(({ evidence }) => evidence)) };
};

/** In no order that means anything. */
export const precedencesOf = (context: Context, warn: Warn): readonly Precedence[] => {
  const pairs = new Map<number, Precedence[]>();
  const size = context.steps.length;
  for (const candidate of found(context, warn)) {
    const { from, to } = candidate;
    if (from === to) continue;
    const key = Math.min(from, to) * size + Math.max(from, to);
    const pair = pairs.get(key);
    if (pair) pair.push(candidate);
    else pairs.set(key, [candidate]);
  }
  return [...pairs.values()].flatMap((pair) => settled(pair, { context, warn }) ?? []);
};
