/** `tasks plans gc`: what no execution can ask for any more. */
import type { ContentHash } from '../model/ids.ts';
import type { StoredPlanInfo } from './plan-store.ts';

/** A younger plan may belong to an execution that is just being started. */
const MIN_AGE_MS = 60 * 60_000;

export interface PlanUsage {
  /** Plans of every execution there is, open or closed: a closed one may be gone on with. */
  readonly used: ReadonlySet<ContentHash>;
  /** Whether any execution is open: what its patches brought is in use too, and nobody can say which that is. */
  readonly hasOpen: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** An hour unless stated. */
  readonly minAgeMs?: number;
}

/** The stored plans that can be deleted. While an execution is open, only what is known not to be a patch. */
export const unusedPlans = (stored: readonly StoredPlanInfo[], usage: PlanUsage): readonly StoredPlanInfo[] => {
  const storedBefore = usage.now - (usage.minAgeMs ?? MIN_AGE_MS);
  return stored.filter(({ hash, format, storedAt }) => {
    if (usage.used.has(hash) || Date.parse(storedAt) > storedBefore) return false;
    return !usage.hasOpen || (format !== undefined && format !== 'patch');
  });
};
