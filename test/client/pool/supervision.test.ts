/** What a pool does with its workers over time: the processes are stand-ins, the clock is turned by hand. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Demand, DemandSource } from '../../../client/pool/demand.ts';
import { startPool } from '../../../client/pool/pool.ts';
import type { PoolOptions } from '../../../client/pool/pool.ts';
import type { StartWorker } from '../../../client/pool/place.ts';
import type { WorkerChildOptions } from '../../../client/pool/worker-child.ts';
import { TasksError } from '../../../model/problem.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Stand {
  readonly number: number;
  readonly on: Pick<WorkerChildOptions, 'onReady' | 'onLine' | 'onEnd'>;
  readonly signals: string[];
  running: number;
}

const GENERIC = { name: 'generic', capabilities: [] };
const QUIET: Demand = { waiting: [], complete: true };

const makePool = (changes: Partial<PoolOptions> = {}) => {
  const stands: Stand[] = [];
  const said: string[] = [];
  const repeated: string[] = [];
  const startWorker: StartWorker = (_role, on) => {
    const stand: Stand = { number: stands.length + 1, on, signals: [], running: 0 };
    stands.push(stand);
    return {
      pid: stand.number,
      get running() {
        return stand.running;
      },
      stop: () => void stand.signals.push('SIGTERM'),
      kill: () => void stand.signals.push('SIGKILL'),
    };
  };
  const demand: DemandSource = { look: async () => QUIET };
  const limits = { min: 1, max: 4, alpha: 2, quietMs: 30_000 };
  const pool = startPool({ roles: [GENERIC], limits, slots: 1, graceMs: 10_000, demand, startWorker, say: (text) => said.push(text), repeat: (text) => repeated.push(text), ...changes });
  const last = (): Stand => stands.at(-1) as Stand;
  return { pool, stands, said, repeated, last };
};
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

test('one that crashes comes back later each time, and soon again once it has lived for a minute', async () => {
  const { stands, said, repeated, last } = makePool();
  last().on.onReady('first');
  for (const wait of [1, 2, 4]) {
    const before = stands.length;
    last().on.onLine(`about to fail ${wait}`);
    last().on.onEnd({ how: 'code 1', lines: [`about to fail ${wait}`] });
    expect(said.at(-1)).toContain(`in ${wait} s`);
    await seconds(wait - 0.1);
    expect(stands).toHaveLength(before);
    await seconds(0.1);
    expect(stands).toHaveLength(before + 1);
  }
  // Only what a worker says that takes tasks is repeated as it comes; the others' words come with their end.
  expect(repeated).toEqual(['worker first: about to fail 1']);
  expect(said.at(-1)).toContain('\n  about to fail 4');
  last().on.onReady('lasting');
  await seconds(60);
  last().on.onEnd({ how: 'SIGKILL', lines: [] });
  expect(said.at(-1)).toBe('Worker lasting ended by itself (SIGKILL): starting another one in its place in 1 s');
});

test('a pool of which one worker has come up is never given up; one of which none does is', async () => {
  const some = makePool({ limits: { min: 2, max: 2, alpha: 2, quietMs: 30_000 } });
  const failed = vi.fn();
  some.pool.failed.catch(failed);
  some.stands[0]?.on.onReady('up');
  for (let round = 0; round < 9; round += 1) {
    some.last().on.onEnd({ how: 'code 1', lines: [] });
    await seconds(60);
  }
  expect(failed).not.toHaveBeenCalled();
  const none = makePool();
  for (let round = 0; round < 3; round += 1) {
    none.last().on.onEnd({ how: 'code 6', lines: ['no server'] });
    await seconds(4);
  }
  await expect(none.pool.failed).rejects.toThrow(/no worker of the pool came up in 3 tries; the last one ended with code 6:\nno server/u);
  await expect(none.pool.failed).rejects.toSatisfy((error) => error instanceof TasksError && error.exit === 6);
});

test('a server that does not answer changes nothing and is told once', async () => {
  let answers = true;
  let demand: Demand = QUIET;
  const look = async (): Promise<Demand> => {
    if (!answers) throw new Error('unavailable');
    return demand;
  };
  const { stands, said } = makePool({ demand: { look } });
  stands[0]?.on.onReady('first');
  demand = { waiting: [{ capabilities: [], tasks: 3 }], complete: true };
  await seconds(2);
  expect(said).toEqual(['3 tasks wait, 1 worker: starting another']);
  demand = QUIET;
  await seconds(28);
  answers = false;
  await seconds(60);
  answers = true;
  await seconds(28);
  expect(said.slice(1)).toEqual(['Nobody says what waits (unavailable): the pool keeps the workers it has', 'The server answers again']);
  await seconds(6);
  expect(said.at(-1)).toBe('2 workers, and nothing has waited for it for 30 s: retiring number 2');
  expect(stands.map(({ signals }) => signals)).toEqual([[], ['SIGTERM']]);
});

test('told to stop: each is told once, after the grace those that are left a second time, then they are killed', async () => {
  const { pool, stands } = makePool({ limits: { min: 3, max: 3, alpha: 2, quietMs: 30_000 } });
  const stopped = vi.fn();
  void pool.stop().then(stopped);
  stands[0]?.on.onEnd({ how: 'code 0', lines: [] });
  await seconds(9.9);
  expect(stands.map(({ signals }) => signals.length)).toEqual([1, 1, 1]);
  await seconds(0.1);
  expect(stands.map(({ signals }) => signals.length)).toEqual([1, 2, 2]);
  stands[1]?.on.onEnd({ how: 'code 130', lines: [] });
  await seconds(10);
  expect(stands.map(({ signals }) => signals.at(-1))).toEqual(['SIGTERM', 'SIGTERM', 'SIGKILL']);
  expect(stopped).not.toHaveBeenCalled();
  stands[2]?.on.onEnd({ how: 'SIGKILL', lines: [] });
  await seconds(0);
  expect(stopped).toHaveBeenCalledOnce();
  // Nobody comes back.
  await seconds(120);
  expect(stands).toHaveLength(3);
});

test('abandoned, those that drain end at once and the others drain', async () => {
  const { pool, stands } = makePool({ limits: { min: 1, max: 1, alpha: 2, quietMs: 30_000 } });
  pool.abandon();
  expect(stands[0]?.signals).toEqual(['SIGTERM']);
  pool.abandon();
  expect(stands[0]?.signals).toEqual(['SIGTERM', 'SIGTERM']);
});
