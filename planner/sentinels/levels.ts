/** The levels of a plan: depths, or, where every task of a plan that runs in waves states its own, the waves. */
import type { Preds } from '../../scheduler/graph/order.ts';
import { orderOf } from '../../scheduler/graph/order.ts';

export interface Levels {
  /** `D` and the depth, counted from 0, or `W` and the wave as the plan counts. */
  readonly kind: 'D' | 'W';
  readonly of: readonly number[];
}

/** No task has a lower level than one before it. `waves` are as stated; undefined where they do not count. */
export const levelsOf = (preds: Preds, waves: readonly number[] | undefined): Levels => {
  const { order, level } = orderOf(preds);
  if (!waves) return { kind: 'D', of: level };
  // As the scheduler does: nobody comes in an earlier wave than what it waits for.
  const of = [...waves];
  for (const index of order) of[index] = Math.max(of[index] ?? 0, ...(preds[index] ?? []).map((pred) => of[pred] ?? 0));
  return { kind: 'W', of };
};
