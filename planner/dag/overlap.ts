/**
 * Pairs of tasks that seem to do the same (MECE: mutually exclusive, collectively exhaustive). Two do when
 * - their titles begin with the same word, and at least 8 in 10 of the other words of either are words of both (Jaccard's
 *   index): "Implement login endpoint" and "Test login endpoint" are two tasks, "Add user login form" twice is one; or
 * - they write the same files and produce the same interface.
 *
 * Titles are compared only where they share one of their rarest words (prefix filtering, Bayardo, Ma and Srikant 2007), and
 * no more than {@link MAX_COMPARISONS} times.
 */
import type { PlannedTask } from '../artifacts/task.schema.ts';

export const ALIKE = 0.8;
const MAX_COMPARISONS = 2_000_000;
/** More are not told apart: who has so many has another problem. */
export const MAX_SUSPECTS = 100_000;

const WORD = /[\p{L}\p{N}_]+/gu;

const wordsOf = (title: string): readonly string[] => title.toLowerCase().match(WORD) ?? [];

interface Title {
  readonly words: readonly string[];
  readonly tasks: number[];
}

/** Tasks by title; the first word comes first, the others in order and once. */
const titlesOf = (tasks: readonly Pick<PlannedTask, 'title'>[]): readonly Title[] => {
  const byKey = new Map<string, Title>();
  for (const [index, { title }] of tasks.entries()) {
    const [verb, ...rest] = wordsOf(title);
    if (verb === undefined) continue;
    const words = [verb, ...new Set(rest)];
    const key = [verb, ...[...new Set(rest)].sort()].join(' ');
    const known = byKey.get(key);
    if (known) known.tasks.push(index);
    else byKey.set(key, { words, tasks: [index] });
  }
  return [...byKey.values()];
};

const isAlike = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => {
  let common = 0;
  for (const word of one) if (other.has(word)) common += 1;
  return common / (one.size + other.size - common) >= ALIKE;
};

/** Pairs of different titles that are alike. */
function* alikeTitles(titles: readonly Title[]): Generator<readonly [Title, Title]> {
  const frequency = new Map<string, number>();
  for (const { words } of titles) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const rarer = (a: string, b: string): number => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : Number(a > b));
  const seen = new Map<string, { readonly title: Title; readonly set: ReadonlySet<string> }[]>();
  let comparisons = 0;
  for (const title of titles) {
    const [verb = '', ...rest] = title.words;
    const set = new Set(rest);
    const compared = new Set<Title>();
    const prefix = rest.toSorted(rarer).slice(0, rest.length - Math.ceil(ALIKE * rest.length) + 1);
    for (const word of prefix) {
      const key = `${verb} ${word}`;
      const others = seen.get(key) ?? [];
      for (const other of others) {
        if (compared.has(other.title)) continue;
        compared.add(other.title);
        comparisons += 1;
        if (comparisons > MAX_COMPARISONS) return;
        if (isAlike(set, other.set)) yield [other.title, title];
      }
      others.push({ title, set });
      seen.set(key, others);
    }
  }
}

/** Tasks by what they write and produce. */
const contracts = (tasks: readonly Pick<PlannedTask, 'files_scope' | 'interfaces_produced'>[]): readonly (readonly number[])[] => {
  const groups = new Map<string, Set<number>>();
  for (const [index, { files_scope: scope, interfaces_produced: produced }] of tasks.entries()) {
    if (!scope || scope.writes.length === 0) continue;
    const writes = JSON.stringify([...new Set(scope.writes)].sort());
    for (const name of produced) {
      const key = `${name} ${writes}`;
      const group = groups.get(key) ?? new Set();
      groups.set(key, group.add(index));
    }
  }
  return [...groups.values()].map((group) => [...group]);
};

/** Places of both, the earlier first; each pair once. */
export const overlapSuspects = (tasks: readonly Pick<PlannedTask, 'title' | 'files_scope' | 'interfaces_produced'>[]): readonly (readonly [number, number])[] => {
  const pairs = new Map<number, readonly [number, number]>();
  const add = (one: number, other: number): void => {
    const [first, second] = one < other ? [one, other] : [other, one];
    if (pairs.size < MAX_SUSPECTS) pairs.set(first * tasks.length + second, [first, second]);
  };
  const addAll = (group: readonly number[]): void => {
    for (const [at, one] of group.entries()) {
      for (const other of group.slice(at + 1)) {
        if (pairs.size >= MAX_SUSPECTS) return;
        add(one, other);
      }
    }
  };
  const titles = titlesOf(tasks);
  for (const { tasks: same } of titles) addAll(same);
  for (const group of contracts(tasks)) addAll(group);
  for (const [one, other] of alikeTitles(titles)) {
    if (pairs.size >= MAX_SUSPECTS) break;
    for (const a of one.tasks) for (const b of other.tasks) add(a, b);
  }
  return [...pairs.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
};
