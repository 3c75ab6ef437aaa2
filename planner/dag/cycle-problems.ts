/** Cycles that are left once breaking them was given up, drawn edge by edge. */
import type { Problem } from '../../model/problem.ts';
import { findCycles } from '../graph/cycles.ts';
import type { Broken } from './break-cycles.ts';
import { MAX_ROUNDS } from './break-cycles.ts';
import { byTasks, predsOf } from './pairs.ts';
import type { Pair } from './pairs.ts';

const MAX_SHOWN = 20;
const MAX_EDGES = 50;

export type IdOf = (index: number) => string;

export const pathOf = (cycle: readonly number[], idOf: IdOf): string => {
  const ids = [...cycle, ...cycle.slice(0, 1)].map(idOf);
  return ids.length > MAX_EDGES + 1 ? `${ids.slice(0, MAX_EDGES).join(' → ')} → … → ${ids.at(-1) ?? ''}` : ids.join(' → ');
};

const edgeText = ({ from, to, dependencies }: Pair, idOf: IdOf): string => {
  const [first] = dependencies.toSorted((a, b) => b.confidence - a.confidence);
  return `${idOf(to)} depends on ${idOf(from)}${first ? ` (${first.type}, ${first.confidence}): ${first.reason}` : ''}`;
};

/** One for each knot of cycles, `count` being that of the tasks. Empty for pairs without cycles. */
export const cycleProblems = (count: number, pairs: readonly Pair[], idOf: IdOf): readonly Problem[] => {
  const byEnds = new Map(pairs.map((pair) => [pair.from * count + pair.to, pair]));
  return findCycles(predsOf(count, pairs)).slice(0, MAX_SHOWN).map((cycle): Problem => {
    const edges = cycle.flatMap((from, at) => byEnds.get(from * count + (cycle[(at + 1) % cycle.length] ?? from)) ?? []);
    const [least] = edges.toSorted((a, b) => a.confidence - b.confidence || byTasks(a, b));
    return {
      code: 'TASKS1605',
      message: `the dependencies form a cycle, and ${MAX_ROUNDS} rounds of breaking the least certain ones left it: ${pathOf(cycle, idOf)}`,
      hint: `Take one of them out, or make it soft${least ? `; the least certain is ${idOf(least.from)} → ${idOf(least.to)} (${least.confidence})` : ''}.`,
      related: edges.slice(0, MAX_EDGES).map((edge) => ({ message: edgeText(edge, idOf) })),
    };
  });
};

/** As `dag.json` says it. */
export const suggestionOf = ({ cycle, removed: { from, to, confidence } }: Broken, idOf: IdOf): { cycle: string[]; remove: [string, string]; reason: string; confidence: number; applied: boolean } => ({
  cycle: cycle.map(idOf),
  remove: [idOf(from), idOf(to)],
  reason: `the least certain dependency of the cycle ${pathOf(cycle, idOf)}`,
  confidence,
  applied: true,
});
