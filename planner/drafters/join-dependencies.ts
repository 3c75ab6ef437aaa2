/**
 * Dependencies of a draft beside those that the rules have found. One of both is one, with the evidence of both; one that
 * contradicts what the rules are sure of is left out: a draft never makes a cycle.
 */
import type { Dependency } from '../artifacts/tasks.schema.ts';
import { OrderGraph } from './verify/order-graph.ts';

export interface JoinedDependencies {
  /** The rules' in their order, then those that only the draft has. */
  readonly dependencies: readonly Dependency[];
  /** What was left out, one line each. */
  readonly report: readonly string[];
}

const isTurn = ({ type }: Dependency): boolean => type === 'mutual_exclusion' || type === 'resource_limited';
const keyOf = ({ from, to }: Dependency): string => `${from} ${to}`;

export const joinDependencies = (found: readonly Dependency[], drafted: readonly Dependency[]): JoinedDependencies => {
  const order = new OrderGraph<string>();
  for (const each of found) if (each.isHard) order.put(each.from, each.to);
  const places = new Map<string, number>();
  const joined = [...found];
  for (const [at, each] of found.entries()) if (!isTurn(each) && !places.has(keyOf(each))) places.set(keyOf(each), at);
  const report: string[] = [];
  for (const each of drafted) {
    const at = places.get(keyOf(each));
    const own = at === undefined ? undefined : joined[at];
    const way = own?.isHard === true ? undefined : order.add(each.from, each.to);
    if (way) report.push(`dropped: dependency ${each.from} → ${each.to}: the rules have found ${way.join(' → ')}`);
    else if (at !== undefined && own) joined[at] = { ...own, evidence: [...own.evidence, ...each.evidence], confidence: Math.max(own.confidence, each.confidence), isHard: own.isHard || each.isHard };
    else places.set(keyOf(each), joined.push(each) - 1);
  }
  return { dependencies: joined, report };
};
