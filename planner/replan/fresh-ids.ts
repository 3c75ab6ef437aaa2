/** Ids for what is new: after the largest number that was ever given, so that nothing is mistaken for what was there before. */
import type { PreviousPlan } from './previous-plan.ts';

/** The largest numbers that were ever given; `.tasks-meta.json` keeps them where something that had one is gone. */
export interface LargestNumbers {
  readonly task: number;
  readonly feature: number;
  readonly requirement: number;
}

const TASK = /^P1\.T(\d{1,9})[a-z]*$/;
const FEATURE = /^F(\d{1,9})$/;
const REQUIREMENT = /^R(\d{1,9})$/;

const largest = (ids: Iterable<string>, pattern: RegExp, recorded = 0): number => {
  let most = recorded;
  for (const id of ids) most = Math.max(most, Number(pattern.exec(id)?.[1] ?? 0));
  return most;
};

export class FreshIds {
  readonly #taken: ReadonlySet<string>;
  #task: number;
  #feature: number;
  #requirement: number;

  constructor({ tasks: { tasks }, features: { features }, coverage: { requirements }, record }: PreviousPlan) {
    const ids = tasks.map(({ id }) => id);
    this.#taken = new Set([...ids, ...features.map(({ id }) => id), ...requirements.map(({ id }) => id)]);
    this.#task = largest(ids, TASK, record?.largest.task);
    this.#feature = largest([...features.map(({ id }) => id), ...tasks.map((task) => task.feature_id)], FEATURE, record?.largest.feature);
    this.#requirement = largest([...requirements.map(({ id }) => id), ...tasks.flatMap((task) => task.requirements ?? [])], REQUIREMENT, record?.largest.requirement);
  }

  task(): string {
    return this.#next(() => `P1.T${padded((this.#task += 1))}`);
  }

  feature(): string {
    return this.#next(() => `F${padded((this.#feature += 1))}`);
  }

  requirement(): string {
    return this.#next(() => `R${padded((this.#requirement += 1))}`);
  }

  get largest(): LargestNumbers {
    return { task: this.#task, feature: this.#feature, requirement: this.#requirement };
  }

  /** Whoever edits a plan may have used one that does not look like ours in length. */
  #next(make: () => string): string {
    let id = make();
    while (this.#taken.has(id)) id = make();
    return id;
  }
}

const padded = (number: number): string => String(number).padStart(3, '0');
