/** Tasks on which much depends. */
import type { Dependency } from '../../artifacts/tasks.schema.ts';

const MAX_LOOKED_AT = 20;

export interface Hub {
  readonly task: string;
  readonly direct: number;
  /** All that cannot start before it is done. */
  readonly downstream: number;
}

/** Those with most tasks behind them first; ties in the order of the dependencies. */
export const hubs = (gates: readonly Pick<Dependency, 'from' | 'to'>[]): readonly Hub[] => {
  const after = new Map<string, Set<string>>();
  for (const { from, to } of gates) after.set(from, (after.get(from) ?? new Set()).add(to));
  const count = (start: string): number => {
    const seen = new Set<string>();
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      for (const next of after.get(id) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
    seen.delete(start);
    return seen.size;
  };
  return [...after]
    .sort(([, a], [, b]) => b.size - a.size)
    .slice(0, MAX_LOOKED_AT)
    .map(([task, direct]) => ({ task, direct: direct.size, downstream: count(task) }))
    .sort((a, b) => b.downstream - a.downstream);
};
