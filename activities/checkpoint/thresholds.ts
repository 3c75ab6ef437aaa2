/** At which progress checkpoints are made by themselves, and what they are called. */
import type { CheckpointPlan, DeclaredPoint } from '../../model/graph.ts';

export interface Threshold extends DeclaredPoint {
  readonly percent: number;
  /** The plan names it: it is passed for its own sake, and not only to keep what there is. */
  readonly isDeclared: boolean;
}

/** Every so many percent, and where the plan says; nothing for a task that is not checkpoint capable. */
export const thresholdsOf = (plan: CheckpointPlan | undefined, intervalPercent: number): readonly Threshold[] => {
  if (!plan) return [];
  const declared = (plan.points ?? []).flatMap((point) => (point.percent === undefined ? [] : [{ ...point, percent: point.percent, isDeclared: true }]));
  const known = new Set(declared.map(({ percent }) => percent));
  const regular: Threshold[] = [];
  for (let percent = intervalPercent; percent < 100; percent += intervalPercent) {
    const rounded = Math.round(percent * 10) / 10;
    if (!known.has(rounded)) regular.push({ name: `p${rounded}`, percent: rounded, isDeclared: false });
  }
  return [...declared, ...regular].sort((a, b) => a.percent - b.percent);
};

/**
 * Those that are due between two percentages: all that the plan names, and of the others at most the last, as they would
 * all keep the same.
 */
export const dueBetween = (thresholds: readonly Threshold[], from: number, to: number): readonly Threshold[] => {
  const crossed = thresholds.filter(({ percent }) => percent > from && percent <= to);
  return crossed.filter(({ isDeclared }, at) => isDeclared || at === crossed.length - 1);
};
