/**
 * Where compiled plans are kept: content-addressed, written once, read by every worker. One interface, two
 * implementations (`file-store.ts`, `temporal-store.ts`), one conformance suite.
 */
import type { ContentHash } from '../model/ids.ts';
import type { StoredFormat, StoredPlan } from '../model/graph.ts';

export interface StoredPlanInfo {
  readonly hash: ContentHash;
  readonly name: string;
  /** `patch` is what a hot update brought, not a plan. Undefined where it cannot be told: damaged, or half-written. */
  readonly format?: StoredFormat;
  readonly tasks: number;
  readonly bytes: number;
  /** ISO 8601 UTC. */
  readonly storedAt: string;
}

export interface PlanStore {
  /** `file:/absolute/dir` or `temporal:`, as `TASKS_PLAN_STORE` takes it. */
  readonly location: string;
  /** Idempotent: the same plan has the same hash and is stored once; a crash in between leaves nothing half-written. */
  put(plan: StoredPlan): Promise<ContentHash>;
  /** @throws TasksError TASKS4001 when it is not there, TASKS4002 when its content does not match its hash. */
  get(hash: ContentHash): Promise<StoredPlan>;
  /** Also what is damaged or half-written, so that it can be seen and deleted. */
  list(): Promise<readonly StoredPlanInfo[]>;
  /** Deleting what is not there is no error. */
  delete(hash: ContentHash): Promise<void>;
}
