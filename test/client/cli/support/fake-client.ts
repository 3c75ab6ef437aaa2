/** A client whose execution is a script of the test. */
import { expect } from 'vitest';
import type { ExecutionSummary, StartedExecution, TasksClient } from '../../../../client/api.ts';
import type { PatchDifference } from '../../../../client/patches.ts';
import type { EventBody, ExecutionEvent } from '../../../../model/event.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../../../model/ids.ts';
import type { LedgerLine } from '../../../../model/ledger.ts';
import type { ExecutionState, TaskView } from '../../../../model/message.ts';
import type { MutexView, ResourceView } from '../../../../model/mutex.ts';
import type { PoolView } from '../../../../model/pool.ts';
import type { QuarantineEntry } from '../../../../model/quarantine.ts';
import type { Review, ReviewItem } from '../../../../client/reviews.ts';
import type { Quarantined } from '../../../../temporal/quarantine.ts';
import type { Counts } from '../../../../model/outcome.ts';

export const EXECUTION = 'quickstart-1' as ExecutionId;
export const PLAN = 'a'.repeat(64) as ContentHash;
export const START = Date.UTC(2026, 0, 15, 9, 0, 0);
export const id = (text: string): TaskId => text as TaskId;

export const resourceView: ResourceView = {
  name: 'db.local',
  mode: 'exclusive',
  capacity: 1,
  scope: 'global',
  units: 1,
  readers: 0,
  holders: [{ id: 'x', holder: 'tasks/nightly/t/migrate/1', execution: 'nightly' as ExecutionId, task: id('migrate'), attempt: 1, units: 1, access: 'write', since: START - 90_000, fence: `${START}-7` }],
  queue: [{ id: 'y', execution: EXECUTION, task: id('seed'), units: 1, access: 'write', since: START - 30_000, priority: 3, reason: 'nightly/migrate holds db.local' }],
  waiting: 1,
};

export const quarantinedEntry: QuarantineEntry = { plan: 'quickstart', task: id('test'), since: START - 90_000, execution: EXECUTION, attempt: 3, by: 'flapping', class: 'transient', message: 'it broke' };

/** Bodies become events, one second apart, numbered from 1. */
export const eventsOf = (bodies: readonly EventBody[], options: { readonly stepMs?: number } = {}): readonly ExecutionEvent[] =>
  bodies.map((body, index) => ({ ...body, seq: index + 1, at: START + index * (options.stepMs ?? 1_000) }));

export const stateOf = (counts: Counts, changes: Partial<ExecutionState> = {}): ExecutionState => ({
  executionId: EXECUTION,
  plan: PLAN,
  name: 'quickstart',
  workspace: '/work/space',
  checkpoints: '/work/space/.tasks/checkpoints',
  status: 'succeeded',
  total: Object.values(counts).reduce((sum, count) => sum + count, 0),
  counts,
  version: 1,
  startedAt: START,
  finishedAt: START + 10_000,
  estimatedSeconds: 300,
  criticalPathSeconds: 120,
  retries: 0,
  hotUpdates: 0,
  runs: 1,
  longestBoundaryMs: 0,
  lastEvent: 0,
  concurrencyMax: 2,
  version_info: { state: 1, worker: '1.2.3' },
  failed: [],
  failedTotal: 0,
  ...changes,
});

export interface Script {
  readonly events?: readonly ExecutionEvent[];
  /** Stands still after the events instead of ending. */
  readonly hangs?: boolean;
  readonly result?: Awaited<ReturnType<TasksClient['result']>>;
  readonly tasks?: readonly TaskView[];
  readonly ledger?: readonly LedgerLine[];
  readonly list?: readonly ExecutionSummary[];
  readonly resources?: readonly MutexView[];
  readonly pool?: PoolView;
  readonly quarantined?: Quarantined;
  readonly reviews?: readonly ReviewItem[];
  readonly review?: Review;
  readonly overrides?: Partial<TasksClient>;
}

export interface FakeClient extends TasksClient {
  /** What was called, in order. */
  readonly calls: { readonly method: string; readonly args: readonly unknown[] }[];
}

const forever = (signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));

const none = { total: 0, first: [] };

/** A patch that would do nothing but for what is stated. */
export const previewOf = (changes: Partial<PatchDifference>): PatchDifference => ({
  patchId: 'p1',
  version: 4,
  receipt: { patchId: 'p1', version: 5, injected: [], edges: 0, ready: [], warnings: [], duplicate: false },
  edges: { added: none, removed: none },
  priorities: none,
  starts: none,
  stops: none,
  unblocks: none,
  holds: none,
  blocks: none,
  waits: none,
  changes: [],
  ...changes,
});

export const fakeClient = (script: Script = {}): FakeClient => {
  const calls: FakeClient['calls'] = [];
  const note = <T>(method: string, args: readonly unknown[], answer: T): T => {
    calls.push({ method, args });
    return answer;
  };
  const receipt = { status: 'running' as const };
  const started: StartedExecution = { executionId: EXECUTION, workflowId: `tasks/${EXECUTION}`, runId: 'run', plan: PLAN };
  const client: FakeClient = {
    calls,
    namespace: 'default',
    address: '127.0.0.1:7233',
    store: async (plan) => note('store', [plan], PLAN),
    start: async (plan, options) => note('start', [plan, options], started),
    resolve: async (reference) => note('resolve', [reference], EXECUTION),
    list: async (options) => note('list', [options], script.list ?? []),
    webUrl: () => undefined,
    resources: {
      list: async (domain) => note('resources.list', [domain], script.resources ?? []),
      release: async (request) => note('resources.release', [request], resourceView),
      modify: async (request) => note('resources.modify', [request], resourceView),
    },
    workers: { list: async () => note('workers.list', [], script.pool ?? { name: 'tasks', workers: [], executions: 0 }) },
    reviews: {
      list: async (execution) => note('reviews.list', [execution], script.reviews ?? []),
      check: async (execution, task) => note('reviews.check', [execution, task], undefined),
      show: async (execution, task) => note('reviews.show', [execution, task], script.review ?? expect.fail('nothing to show')),
    },
    quarantine: {
      list: async (options) => note('quarantine.list', [options], script.quarantined ?? { entries: [], full: false }),
      add: async (execution, request) => note('quarantine.add', [execution, request], { ...receipt, state: 'QUARANTINED' as const }),
      revive: async (options) => note('quarantine.revive', [options], { revived: quarantinedEntry, runs: { execution: EXECUTION, state: 'READY' as const } }),
    },
    state: async () => script.result?.state ?? stateOf({ RUNNING: 1 }, { status: 'running' }),
    frontier: async () => ({ ready: [], running: [], backoff: [], waiting: [], counts: {}, version: 1 }),
    task: async (_execution, task) => {
      const found = script.tasks?.find((view) => view.task === task);
      if (!found) throw new Error(`no task ${task}`);
      return found;
    },
    async *tasks() {
      yield* script.tasks ?? [];
    },
    async *graph() {
      for (const task of script.tasks ?? []) yield { task: task.task, deps: [], soft: [], state: task.state, depth: 0, estimateMs: 0 };
    },
    async *events(_execution, options) {
      for (const event of script.events ?? []) if (event.seq >= (options?.from ?? 1)) yield event;
      if (script.hangs) await forever(options?.signal);
    },
    result: async () => {
      if (script.hangs) await forever();
      return script.result ?? { outcome: 'succeeded', state: stateOf({ SUCCEEDED: 1 }) };
    },
    ledger: async () => script.ledger ?? [],
    takeOver: async (execution, request) => note('takeOver', [execution, request], { carried: [], takenOver: { from: execution, lineage: [] } }),
    pause: async (execution, request) => note('pause', [execution, request], { status: 'paused' as const }),
    resume: async (execution, request) => note('resume', [execution, request], receipt),
    abort: async (execution, request) => note('abort', [execution, request], { status: 'aborting' as const }),
    retry: async (execution, request) => note('retry', [execution, request], { ...receipt, state: 'READY' as const }),
    skip: async (execution, request) => note('skip', [execution, request], { ...receipt, state: 'SKIPPED' as const }),
    complete: async (execution, request) => note('complete', [execution, request], receipt),
    approve: async (execution, request) => note('approve', [execution, request], receipt),
    breakers: async (execution) => note('breakers', [execution], []),
    resetBreaker: async (execution, request) => note('resetBreaker', [execution, request], receipt),
    patch: async (execution, patch) =>
      note('patch', [execution, patch], { patchId: 'p1', version: 2, injected: [id('x')], edges: 1, ready: [id('x')], warnings: ['mind the gap'], duplicate: false }),
    previewPatch: async (execution, patch) => note('previewPatch', [execution, patch], previewOf({})),
    exportPlan: async (execution) => note('exportPlan', [execution], { executionId: execution, version: 3, plan: { name: 'quickstart', tasks: [{ id: 'a' }] }, warnings: ['mind the gap'] }),
    rollBack: async (execution, request) => note('rollBack', [execution, request], { rollback: `${execution}.r1` as ExecutionId, steps: 1, byHand: [] }),
    rollbacks: async () => [],
    rollbackOutline: async (execution, request) =>
      note('rollbackOutline', [execution, request], { of: execution, target: { kind: 'all' as const }, steps: [{ task: id('a'), how: 'command' as const, command: 'undo', depth: 0 }], left: [] }),
    [Symbol.asyncDispose]: async () => {},
  };
  return { ...client, ...script.overrides, calls };
};
