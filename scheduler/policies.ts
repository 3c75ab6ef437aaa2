/** Policies, and what somebody changes of them: a plan of the defaults, an execution of its plan's. */
import { DEFAULT_POLICIES, MAX_CONCURRENCY } from '../model/graph.ts';
import type { Policies } from '../model/graph.ts';
import type { PolicyOverrides } from '../model/message.ts';

/** Policies that `base` does not know (an older version stored it) have their defaults. */
export const mergePolicies = (base: Policies, changes: PolicyOverrides = {}): Policies => {
  const known = { ...DEFAULT_POLICIES, ...base };
  const merged = {
    ...known,
    ...changes,
    retry: { ...known.retry, ...changes.retry },
    wave: { ...known.wave, ...changes.wave },
    approval: { ...known.approval, ...changes.approval },
    matching: { ...known.matching, ...changes.matching },
    preemption: { ...known.preemption, ...changes.preemption },
    backpressure: { ...known.backpressure, ...changes.backpressure },
    background: { ...known.background, ...changes.background },
    rollback: { ...known.rollback, ...changes.rollback },
    checkpoints: { ...known.checkpoints, ...changes.checkpoints },
    ...((known.workspaceTerms ?? changes.workspaceTerms) && { workspaceTerms: { ...known.workspaceTerms, ...changes.workspaceTerms } }),
  };
  return { ...merged, concurrencyMax: Math.max(1, Math.min(Math.trunc(merged.concurrencyMax), MAX_CONCURRENCY)) };
};
