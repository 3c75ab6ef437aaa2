/**
 * How far a rollback reaches. Every answer holds, with a task, whatever was built upon it: that is, what depends on it over
 * hard dependencies. A soft one only orders; it makes nothing part of a rollback.
 */
import type { TaskSpec } from '../../model/graph.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import type { RollbackTarget, TaskStanding } from '../../model/rollback.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { GraphIndex } from '../../scheduler/graph-index.ts';
import { didYouMean, quote } from '../read/words.ts';
import type { Verdict } from './verdict.ts';

export interface ScopeRequest {
  readonly target: RollbackTarget;
  readonly index: GraphIndex;
  readonly tasks: readonly TaskStanding[];
  /** By task index. */
  readonly specs: readonly TaskSpec[];
  readonly verdicts: readonly Verdict[];
}

/** Task indices. @returns TASKS3104 when the target names what is not there. */
export const scopeOf = (request: ScopeRequest): Result<ReadonlySet<number>> => {
  const { target, index, tasks, specs } = request;
  const all = [...tasks.keys()];
  switch (target.kind) {
    case 'all':
      return ok(new Set(all));
    case 'depth':
      return ok(new Set(all.filter((at) => (index.depth[at] as number) > target.depth)));
    case 'failed':
      return ok(ofFailed(request));
    case 'after': {
      const task = index.indexOf.get(target.point);
      const points = task === undefined ? all.filter((at) => labelOf(specs[at]) === target.point) : [task];
      return points.length > 0 ? ok(below(index, points)) : fail([unknownPoint(target.point, request)]);
    }
    default:
      return unreachable(target);
  }
};

export const labelOf = (spec: TaskSpec | undefined): string | undefined => {
  const label = spec?.fields['checkpoint'];
  return typeof label === 'string' ? label : undefined;
};

/** What failed and what that was built upon, as far as it must be undone; and whatever else was built upon that. */
const ofFailed = ({ index, tasks, verdicts }: ScopeRequest): ReadonlySet<number> => {
  const failed = [...tasks.keys()].filter((at) => tasks[at]?.failed);
  const reached = walk(failed, (at) => index.tasks[at]?.deps ?? []);
  const seeds = [...reached, ...failed].filter((at) => verdicts[at]?.how === 'command' || verdicts[at]?.how === 'hand');
  return new Set([...seeds, ...below(index, seeds)]);
};

const below = (index: GraphIndex, points: readonly number[]): ReadonlySet<number> => walk(points, (at) => index.hard[at] ?? []);

/** All that can be reached, over one step or more. */
const walk = (from: readonly number[], next: (at: number) => readonly number[]): ReadonlySet<number> => {
  const found = new Set<number>();
  const work = [...from];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    for (const other of next(at)) {
      if (found.has(other)) continue;
      found.add(other);
      work.push(other);
    }
  }
  return found;
};

const LABELS_SHOWN = 10;

const unknownPoint = (point: string, { index, specs }: ScopeRequest): Problem => {
  const labels = [...new Set(specs.flatMap((spec) => labelOf(spec) ?? []))];
  const known = labels.length > 0 ? `Checkpoint labels are: ${labels.slice(0, LABELS_SHOWN).map(quote).join(', ')}.` : 'No task of this plan carries a checkpoint label.';
  const hint = didYouMean(point, [...index.indexOf.keys(), ...labels]) ?? known;
  return { code: 'TASKS3104', message: `${quote(point)} is neither a task nor a checkpoint label of one`, hint };
};
