/**
 * Matches the requirements of a plan with those of a document, one to one. Words count for more than numbers: documents are
 * numbered anew when something is put in between, and that must not look as if everything had changed. In this order: the same
 * words under the same own id, the same words, the same own id and like words, like words, the same own id.
 */
import type { Coverage } from '../artifacts/coverage.schema.ts';
import type { Requirements } from '../requirements/unit.ts';
import { likelyPairs } from './likely-pairs.ts';
import type { MatchKind, OldRequirement, RequirementMatches } from './requirement-match.ts';
import { comparableText, ownKey, sectionKey } from './requirement-text.ts';
import { longestRun } from './longest-run.ts';

/** Enough in common to be the same requirement in other words (cosine of content words, rare ones counting for more). */
export const REWORDED = 0.5;
/** Under the same own id less is enough. */
const REWORDED_SAME_KEY = 0.2;

export interface MatchRequirementsOptions {
  readonly before: Pick<Coverage, 'requirements'>;
  readonly after: Pick<Requirements, 'units'>;
}

interface Side {
  readonly text: string;
  readonly key: string | undefined;
  readonly section: string;
}

export const matchRequirements = ({ before: { requirements }, after: { units } }: MatchRequirementsOptions): RequirementMatches => {
  const before = requirements.map(({ evidence }): Side => ({ text: comparableText(evidence.quote), key: ownKey(evidence.quote) ?? sectionKey(evidence.section), section: evidence.section }));
  const after = units.map(({ evidence, key }): Side => ({ text: comparableText(evidence.quote), key: ownKey(evidence.quote) ?? key, section: evidence.section }));
  const pairs = new Pairs(before, after);
  pairs.join(({ text, key, section }) => `${key ?? ''}\n${section}\n${text}`);
  pairs.join(({ text, key }) => `${key ?? ''}\n${text}`);
  pairs.join(({ text, section }) => `${section}\n${text}`);
  pairs.join(({ text }) => text);
  const keyed = uniqueKeys(before, after);
  pairs.joinLike(REWORDED_SAME_KEY, (a, b) => keyed.has(a.key ?? '') && a.key === b.key);
  pairs.joinLike(REWORDED, () => true);
  pairs.join(({ key }) => (key !== undefined && keyed.has(key) ? key : undefined));
  return result(requirements, units, before, after, pairs);
};

const result = (requirements: readonly OldRequirement[], units: Requirements['units'], before: readonly Side[], after: readonly Side[], pairs: Pairs): RequirementMatches => {
  const found = pairs.found();
  const isSame = (from: number, to: number): boolean => before[from]?.text === after[to]?.text;
  const equal = found.filter(({ from, to }) => isSame(from, to));
  const inOrder = longestRun(equal.map(({ from }) => from));
  const stayed = new Set(inOrder.map((at) => equal[at]?.to));
  const kindOf = (from: number, to: number, isRenumbered: boolean): MatchKind => {
    if (!isSame(from, to)) return 'reworded';
    return stayed.has(to) && !isRenumbered && before[from]?.section === after[to]?.section ? 'same' : 'moved';
  };
  const matched = new Set(found.map(({ from }) => from));
  const known = new Set(found.map(({ to }) => to));
  return {
    matches: found.flatMap(({ from, to, likeness }) => {
      const [old, unit] = [requirements[from], units[to]];
      const [keyBefore, keyAfter] = [before[from]?.key, after[to]?.key];
      const isRenumbered = keyBefore !== undefined && keyAfter !== undefined && keyBefore !== keyAfter;
      return old && unit ? [{ kind: kindOf(from, to, isRenumbered), before: old, after: unit, isRenumbered, likeness }] : [];
    }),
    added: units.filter((_, at) => !known.has(at)),
    removed: requirements.filter((_, at) => !matched.has(at)),
  };
};

/** Ids that each side has once: of those that it has twice none says which is which. */
const uniqueKeys = (before: readonly Side[], after: readonly Side[]): ReadonlySet<string> => {
  const once = (sides: readonly Side[]): ReadonlySet<string> => {
    const counts = new Map<string, number>();
    for (const { key } of sides) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    return new Set([...counts].flatMap(([key, count]) => (count === 1 ? [key] : [])));
  };
  const others = once(after);
  return new Set([...once(before)].filter((key) => others.has(key)));
};

interface Pair {
  readonly from: number;
  readonly to: number;
  readonly likeness: number;
}

/** Pairs that grow, one to one; of several that could be it the first of each document. */
class Pairs {
  readonly #before: readonly Side[];
  readonly #after: readonly Side[];
  readonly #pairs = new Map<number, Pair>();
  readonly #taken = new Set<number>();

  constructor(before: readonly Side[], after: readonly Side[]) {
    this.#before = before;
    this.#after = after;
  }

  join(keyOf: (side: Side) => string | undefined): void {
    const waiting = new Map<string, number[]>();
    for (const [from, side] of this.#before.entries()) {
      const key = this.#taken.has(from) ? undefined : keyOf(side);
      if (key === undefined) continue;
      const own = waiting.get(key);
      if (own) own.push(from);
      else waiting.set(key, [from]);
    }
    for (const own of waiting.values()) own.reverse();
    for (const [to, side] of this.#after.entries()) {
      const key = this.#pairs.has(to) ? undefined : keyOf(side);
      const from = key === undefined ? undefined : waiting.get(key)?.pop();
      if (from !== undefined) this.#put({ from, to, likeness: this.#before[from]?.text === side.text ? 1 : 0 });
    }
  }

  joinLike(enough: number, isPossible: (before: Side, after: Side) => boolean): void {
    const from = [...this.#before.keys()].filter((at) => !this.#taken.has(at));
    const to = [...this.#after.keys()].filter((at) => !this.#pairs.has(at));
    const all = [...this.#before, ...this.#after].map(({ text }) => text);
    const likely = likelyPairs({ all, before: from.map((at) => this.#before[at]?.text ?? ''), after: to.map((at) => this.#after[at]?.text ?? ''), enough });
    for (const pair of likely) {
      const [a, b] = [from[pair.from], to[pair.to]];
      if (a === undefined || b === undefined || this.#taken.has(a) || this.#pairs.has(b)) continue;
      if (isPossible(this.#before[a] as Side, this.#after[b] as Side)) this.#put({ from: a, to: b, likeness: pair.likeness });
    }
  }

  /** In the order of the new document. */
  found(): readonly Pair[] {
    return [...this.#pairs.values()].sort((a, b) => a.to - b.to);
  }

  #put(pair: Pair): void {
    this.#pairs.set(pair.to, pair);
    this.#taken.add(pair.from);
  }
}
