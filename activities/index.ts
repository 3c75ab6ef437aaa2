/** All activities of a worker, made from what they work with. */
import type { Client } from '@temporalio/client';
import type { Activities } from '../model/activity.ts';
import type { PlanStore } from '../store/plan-store.ts';
import type { Launcher } from './command/launcher/launcher.ts';
import type { Program } from './command/attempt.ts';
import type { Relief } from './command/relief.ts';
import type { Seats } from './command/seats.ts';
import { createPatchReader } from './briefing/answer.ts';
import { tagDepth } from './git/tag-depth.ts';
import { createFetchAttempt } from './fetch-attempt.ts';
import { createClosedAttempts, createOwnerIsOpen } from './liveness.ts';
import { createLoadGraph } from './load-graph.ts';
import { createFindDeadlocks } from './deadlocks.ts';
import { createEnsureMutex, createGoneRequests } from './mutex.ts';
import { computeOpenings } from './openings.ts';
import { createParsePatch } from './parse-patch.ts';
import { createPlanRepair } from './plan-repair.ts';
import { createJoinPool } from './pool.ts';
import { pruneCheckpoints } from './prune-checkpoints.ts';
import { createConcludeRollback } from './rollback/conclude.ts';
import { createFetchRollback } from './rollback/fetch.ts';
import { createPlanRollback } from './rollback/plan.ts';
import { createTellQuarantine } from './quarantine.ts';
import { createRunAttempt } from './run-attempt.ts';
import { createTellCompensating } from './tell-compensating.ts';
import { createTellProgress } from './tell-progress.ts';
import { createWriteLedger } from './write-ledger.ts';

export interface ActivityContext {
  readonly store: PlanStore;
  readonly client: Client;
  readonly launcher: Launcher;
  /** One for each command at once, whatever queue it comes from. */
  readonly seats: Seats;
  /** What guards the machine. */
  readonly relief: Relief;
  /** Names of this worker and its machine, as results and the ledger carry them. */
  readonly worker: string;
  readonly host: string;
  /** This program, for commands that call it. */
  readonly program: Program;
}

export const createActivities = (context: ActivityContext): Activities => {
  const ownerIsOpen = createOwnerIsOpen(context);
  return {
    loadGraph: createLoadGraph(context),
    runAttempt: createRunAttempt({ ...context, readPatch: createPatchReader(context), ownerIsOpen: (execution, firstRunId) => ownerIsOpen({ execution, firstRunId }), onCompensating: createTellCompensating(context), tellProgress: createTellProgress(context) }),
    fetchAttempt: createFetchAttempt(context),
    writeLedger: createWriteLedger(context),
    pruneCheckpoints,
    tagDepth,
    parsePatch: createParsePatch(context),
    planRepair: createPlanRepair(context),
    planRollback: createPlanRollback(context),
    fetchRollback: createFetchRollback(context),
    concludeRollback: createConcludeRollback(context),
    computeOpenings,
    ownerIsOpen,
    closedAttempts: createClosedAttempts(context),
    joinPool: createJoinPool(context),
    tellQuarantine: createTellQuarantine(context),
    ensureMutex: createEnsureMutex(context),
    goneRequests: createGoneRequests(context),
    findDeadlocks: createFindDeadlocks(context),
  };
};
