/**
 * Pieces of work: one requirement that leads, and others that say the same, belong to it, or say more about it. Lists of things to
 * do lead before descriptions of what is wanted; goals, risks and orders of building lead only where nothing is like them.
 */
import type { RequirementUnit } from '../requirements/unit.ts';
import { Likeness } from '../wording/likeness.ts';
import type { FeatureDraft } from './extract-features.ts';
import type { Role } from './roles.ts';

export interface WorkItem {
  readonly lead: RequirementUnit;
  /** The lead first, then in the order of the document. */
  readonly units: readonly RequirementUnit[];
}

/** What a feature consists of, before it is tasks. */
export interface FeatureWork {
  readonly draft: FeatureDraft;
  /** Entities and other declarations: what the parts of it agree on. */
  readonly declarations: readonly RequirementUnit[];
  readonly items: readonly WorkItem[];
  /** How it is known to be right. */
  readonly scenarios: readonly RequirementUnit[];
  readonly qualities: readonly RequirementUnit[];
  /** It is a list of things to do, and no capability: it has no contract, and nothing to tell users. */
  readonly isList: boolean;
}

export interface DividedWork {
  readonly features: readonly FeatureWork[];
  /** Requirements that no task is made of, and why. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Enough in common to be the same thing said twice; what has a key of its own is a thing of its own. */
const SAME = 0.8;
/** A description that a listed thing to do is about. */
const ABOUT = 0.24;

const ENDPOINT = /^`?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+\//;
export const isEndpoint = ({ text }: RequirementUnit): boolean => ENDPOINT.test(text);

/** How a requirement becomes work. */
type Turn = 'listed' | 'wanted' | 'again' | 'why' | 'declaration' | 'scenario' | 'quality';

const isListed = (role: Role | undefined): boolean => role === 'roadmap' || role === 'order';

const turnOf = (unit: RequirementUnit, role: Role): Turn => {
  if (unit.kind === 'scenario' || (role === 'tests' && unit.kind !== 'interface')) return 'scenario';
  if (role === 'order') return 'again';
  if (role === 'roadmap') return 'listed';
  if (unit.kind === 'interface') return isEndpoint(unit) ? 'wanted' : 'declaration';
  if (role === 'entities') return 'declaration';
  if (unit.kind === 'quality' || role === 'quality') return 'quality';
  return role === 'overview' || role === 'risks' ? 'why' : 'wanted';
};

export const divideWork = (drafts: readonly FeatureDraft[], roles: readonly Role[]): DividedWork => {
  const featureOf = new Map<string, FeatureDraft>();
  const turns = new Map<Turn, RequirementUnit[]>();
  for (const draft of drafts) {
    for (const unit of draft.units) {
      featureOf.set(unit.id, draft);
      const turn = turnOf(unit, roles[unit.section] ?? 'plain');
      const own = turns.get(turn);
      if (own) own.push(unit);
      else turns.set(turn, [unit]);
    }
  }
  const of = (turn: Turn): readonly RequirementUnit[] => (turns.get(turn) ?? []).sort((a, b) => a.start - b.start);
  const items = new Items(new Likeness([...featureOf.keys()].length === 0 ? [] : drafts.flatMap(({ units }) => units.map(({ text }) => text))));
  for (const unit of of('listed')) items.add(unit);
  const enough = of('listed').length > 0 ? ABOUT : SAME;
  for (const unit of of('wanted')) if ((unit.key !== undefined && enough === SAME) || !items.join(unit, enough)) items.add(unit);
  for (const unit of of('again')) if (!items.join(unit, ABOUT)) items.add(unit);
  const reasons = new Map<string, string>();
  for (const unit of of('why')) {
    if (items.join(unit, ABOUT)) continue;
    if (unit.strength === 'must' || unit.strength === 'should') items.add(unit);
    else reasons.set(unit.id, 'it says why, or how success is measured, and asks for nothing by itself');
  }
  const within = <T extends RequirementUnit>(list: readonly T[], draft: FeatureDraft): readonly T[] => list.filter((unit) => featureOf.get(unit.id) === draft);
  const all = items.all();
  return {
    features: drafts.map((draft): FeatureWork => {
      const own = all.filter(({ lead }) => featureOf.get(lead.id) === draft);
      return {
        draft,
        declarations: within(of('declaration'), draft),
        items: own,
        scenarios: within(of('scenario'), draft),
        qualities: within(of('quality'), draft),
        isList: own.length > 0 && own.every(({ lead }) => isListed(roles[lead.section])),
      };
    }),
    reasons,
  };
};

class Items {
  readonly #likeness: Likeness;
  readonly #items: { lead: RequirementUnit; weights: ReadonlyMap<string, number>; others: RequirementUnit[] }[] = [];
  readonly #itemOf = new Map<string, number>();
  /** Which items have a word: whatever has none in common need not be compared. */
  readonly #byWord = new Map<string, number[]>();

  constructor(likeness: Likeness) {
    this.#likeness = likeness;
  }

  add(lead: RequirementUnit): void {
    const outer = lead.parent === undefined ? undefined : this.#itemOf.get(lead.parent);
    if (outer !== undefined) return this.#put(lead, outer);
    const weights = this.#likeness.weigh(lead.text);
    const at = this.#items.push({ lead, weights, others: [] }) - 1;
    this.#itemOf.set(lead.id, at);
    for (const word of weights.keys()) {
      const own = this.#byWord.get(word);
      if (own) own.push(at);
      else this.#byWord.set(word, [at]);
    }
  }

  /** Whether it is part of what is there: below it, or alike enough. */
  join(unit: RequirementUnit, enough: number): boolean {
    const outer = unit.parent === undefined ? undefined : this.#itemOf.get(unit.parent);
    const at = outer ?? this.#likeliest(unit, enough);
    if (at === undefined) return false;
    this.#put(unit, at);
    return true;
  }

  all(): readonly WorkItem[] {
    return this.#items.map(({ lead, others }) => ({ lead, units: [lead, ...others.toSorted((a, b) => a.start - b.start)] }));
  }

  #put(unit: RequirementUnit, at: number): void {
    this.#items[at]?.others.push(unit);
    this.#itemOf.set(unit.id, at);
  }

  #likeliest(unit: RequirementUnit, enough: number): number | undefined {
    const weights = this.#likeness.weigh(unit.text);
    const sums = new Map<number, number>();
    for (const [word, weight] of weights) {
      for (const at of this.#byWord.get(word) ?? []) sums.set(at, (sums.get(at) ?? 0) + weight * (this.#items[at]?.weights.get(word) ?? 0));
    }
    let best: number | undefined;
    let most = enough;
    for (const [at, sum] of [...sums].sort(([a], [b]) => a - b)) {
      if (sum <= most) continue;
      best = at;
      most = sum;
    }
    return best;
  }
}
