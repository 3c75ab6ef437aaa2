/**
 * Where a plan falls into large parts: its *major cuts*.
 *
 * A **cut** is a point that work must pass. It is a task, or a *meeting*: several tasks that the same several tasks
 * wait for, such as the end of a phase. *Behind* it lies every task that is reached only through it, from wherever
 * one begins; *before* it lie its own tasks and all that come before them. So every way from the one part to the
 * other leads through the cut. Dependencies that follow from others say nothing new and are left out first.
 *
 * A cut is **major** when either part has at least the stated share of all tasks, and {@link LEAST_PART} of them. Of
 * two that follow one another with less than that between them only one counts: the one in which more dependencies
 * meet, and of equals the earlier.
 *
 * Linear in tasks and dependencies, but for the reduction (bit sets) and the choice among at most 1/share cuts.
 */
import { ancestorsOf } from '../../scheduler/graph/ancestors.ts';
import type { BitSet } from '../../scheduler/graph/ancestors.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import { successorsOf } from '../../scheduler/graph/order.ts';
import { dominatedBy, dominatorsOf, NOBODY } from '../graph/dominators.ts';
import { reduced } from '../graph/reduced.ts';

/** Smaller parts are nothing to look at twice. */
export const LEAST_PART = 3;

export interface Cut {
  /** The task, or the tasks that meet. In the order of the graph. */
  readonly at: readonly number[];
  /** Tasks that are reached only through it. */
  readonly behind: ReadonlySet<number>;
  /** How many tasks come before it, its own counted. */
  readonly before: number;
}

/** The tasks that several others wait for in common, as points of their own: at and beyond `preds.length`. */
const withMeetings = (preds: Preds): Preds => {
  const groups = new Map<string, number[]>();
  for (const [index, list] of preds.entries()) {
    if (list.length < 2) continue;
    const key = list.join(' ');
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  const points: (readonly number[])[] = [...preds];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined || group.length < 2) continue;
    const meeting = points.push(preds[first] ?? []) - 1;
    for (const index of group) points[index] = [meeting];
  }
  return points;
};

/** How many tasks lie behind each point. */
const sizesBehind = (parent: readonly number[], order: readonly number[], tasks: number): readonly number[] => {
  const behind = parent.map(() => 0);
  for (const index of order.toReversed()) {
    const above = parent[index] ?? NOBODY;
    if (above !== NOBODY) behind[above] = (behind[above] ?? 0) + (behind[index] ?? 0) + Number(index < tasks);
  }
  return behind;
};

interface Candidate {
  readonly point: number;
  readonly at: readonly number[];
  readonly upTo: BitSet;
  readonly before: number;
}

/** Earlier ones first. `preds` is without cycles; of `share`, 0 to 1, see above. */
export const majorCuts = (preds: Preds, share: number): readonly Cut[] => {
  const tasks = preds.length;
  const least = Math.max(LEAST_PART, Math.ceil(share * tasks - 1e-9));
  const ancestors = ancestorsOf(preds);
  const points = withMeetings(reduced(preds, ancestors));
  const dominators = dominatorsOf(points);
  const { parent, order } = dominators;
  const behind = sizesBehind(parent, order, tasks);
  const successors = successorsOf(points);
  const ties = (point: number): number => (points[point]?.length ?? 0) + (successors[point]?.length ?? 0);
  const candidates = order.flatMap((point): Candidate[] => {
    if ((behind[point] ?? 0) < least) return [];
    const at = point < tasks ? [point] : [...(points[point] ?? [])];
    const upTo = ancestors.upTo(at);
    const before = upTo.size;
    return before < least ? [] : [{ point, at, upTo, before }];
  });
  const comesAfter = (one: Candidate, other: Candidate): boolean => other.at.every((index) => one.upTo.has(index));
  const isNear = (one: Candidate, other: Candidate): boolean => (comesAfter(one, other) || comesAfter(other, one)) && Math.abs(one.before - other.before) < least;
  const chosen = new Set<Candidate>();
  // A sort of equals keeps their order: the earlier one first.
  for (const candidate of candidates.toSorted((a, b) => ties(b.point) - ties(a.point))) {
    if (![...chosen].some((other) => isNear(candidate, other))) chosen.add(candidate);
  }
  return candidates
    .filter((candidate) => chosen.has(candidate))
    .map(({ point, at, before }) => ({ at, before, behind: new Set([...dominatedBy(dominators, point)].filter((index) => index < tasks)) }));
};
