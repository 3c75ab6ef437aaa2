/** Who lives: what a pool knows after any course of announcements, departures and silence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkerTable } from '../../model/pool-guard.ts';
import { MAX_WORKERS, UNHEARD_MS } from '../../model/pool.ts';
import type { WorkerProfile } from '../../model/pool.ts';
import { unreachable } from '../../model/unreachable.ts';
import { createRegistryState, Registry } from '../../resources/registry.ts';

const T0 = 1_700_000_000_000;
const profile = (worker: string, own: Partial<WorkerProfile> = {}): WorkerProfile => ({
  worker,
  host: 'host',
  capabilities: [],
  slots: 4,
  cpus: 2,
  memoryMb: 4_096,
  version: '1.0.0',
  pressure: 'none',
  ...own,
});
const begin = (): Registry => new Registry(createRegistryState(T0));
const names = (registry: Registry): string[] => registry.table.workers.map(({ worker }) => worker);

describe('a worker', () => {
  it('lives from its first announcement, and is told of once', () => {
    const registry = begin();
    expect(registry.announce(profile('a'), T0)).toBe(true);
    expect(registry.announce(profile('a'), T0 + 60_000)).toBe(false);
    expect(registry.views()).toMatchObject([{ worker: 'a', since: T0, heardAt: T0 + 60_000 }]);
    expect(registry.table).toEqual({ epoch: T0, version: 1, workers: [profile('a')] });
  });

  it('that says something else of itself is told of again, and keeps its age', () => {
    const registry = begin();
    registry.announce(profile('a'), T0);
    expect(registry.announce(profile('a', { pressure: 'soft' }), T0 + 10)).toBe(true);
    expect(registry.announce(profile('a', { pressure: 'soft', capabilities: ['db'] }), T0 + 20)).toBe(true);
    expect(registry.views()).toMatchObject([{ since: T0, capabilities: ['db'], pressure: 'soft' }]);
    expect(registry.table.version).toBe(3);
  });

  it('that leaves is off the table at once, and an announcement that comes late does not bring it back', () => {
    const registry = begin();
    registry.announce(profile('a'), T0);
    expect(registry.leave('a', T0 + 1)).toBe(true);
    expect(registry.leave('a', T0 + 2)).toBe(false);
    expect(registry.announce(profile('a'), T0 + 3)).toBe(false);
    expect(names(registry)).toEqual([]);
  });

  it('whose departure overtakes its announcement never lives', () => {
    const registry = begin();
    expect(registry.leave('a', T0)).toBe(false);
    expect(registry.announce(profile('a'), T0 + 1)).toBe(false);
  });

  it('that is not heard of is off the table when its time has come, not before, and is taken in again', () => {
    const registry = begin();
    registry.announce(profile('a'), T0);
    registry.announce(profile('b'), T0 + 1_000);
    expect(registry.nextExpiry).toBe(T0 + UNHEARD_MS);
    expect(registry.expire(T0 + UNHEARD_MS - 1)).toBe(false);
    expect(registry.expire(T0 + UNHEARD_MS)).toBe(true);
    expect(names(registry)).toEqual(['b']);
    expect(registry.nextExpiry).toBe(T0 + 1_000 + UNHEARD_MS);
    expect(registry.announce(profile('a'), T0 + UNHEARD_MS + 5)).toBe(true);
    expect(registry.views()[0]).toMatchObject({ worker: 'a', since: T0 + UNHEARD_MS + 5 });
  });

  it('beyond those there may be is not taken in; those that are in are heard', () => {
    const registry = begin();
    for (let i = 0; i < MAX_WORKERS; i += 1) registry.announce(profile(`w${i}`), T0);
    expect(registry.announce(profile('more'), T0 + 1)).toBe(false);
    expect(registry.announce(profile('w7', { slots: 9 }), T0 + 1)).toBe(true);
    registry.leave('w7', T0 + 2);
    expect(registry.announce(profile('more'), T0 + 3)).toBe(true);
  });
});

it('a table never grows beyond what can be told, and who is on it is still heard', () => {
  const registry = begin();
  const long = (i: number) => Array.from({ length: 32 }, (_, at) => `${String(i)}-${String(at)}-${'x'.repeat(110)}`);
  for (let i = 0; i < MAX_WORKERS; i += 1) registry.announce(profile(`w${i}`, { capabilities: long(i) }), T0);
  expect(registry.views().length).toBeGreaterThan(50);
  expect(registry.views().length).toBeLessThan(MAX_WORKERS);
  expect(JSON.stringify(registry.table).length).toBeLessThan(510_000);
  // What room is left is for those who say little.
  for (let i = 0; registry.announce(profile(`s${i}`), T0); i += 1) expect(i).toBeLessThan(100);
  expect(registry.announce(profile('w0', { capabilities: [...long(0).slice(1), 'y'.repeat(128)], host: 'h'.repeat(255) }), T0 + 1)).toBe(false);
  expect(registry.views().find(({ worker }) => worker === 'w0')).toMatchObject({ host: 'host', heardAt: T0 + 1 });
  // One that leaves makes room.
  registry.leave('w1', T0 + 2);
  expect(registry.announce(profile('another'), T0 + 3)).toBe(true);
});

it('many departures are not remembered for ever', () => {
  const registry = begin();
  for (let i = 0; i < 5_000; i += 1) registry.leave(`w${i}`, T0 + i);
  expect(registry.state.departed.length).toBeLessThanOrEqual(2_000);
  registry.expire(T0 + 5_000 + UNHEARD_MS);
  expect(registry.state.departed).toEqual([]);
});

const WORKERS = ['a', 'b', 'c', 'constructor'];
const actions = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('announce' as const), worker: fc.constantFrom(...WORKERS), slots: fc.integer({ min: 1, max: 2 }), pressure: fc.constantFrom('none' as const, 'soft' as const, 'hard' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), worker: fc.constantFrom(...WORKERS) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -5_000, max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
);

it('tells of every change and of nothing else, whatever comes, also over a new run', () => {
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 80 }), (course) => {
      let registry = begin();
      let clock = T0;
      let latest = T0;
      /** Of each, when it was last heard of and what it said. */
      const living = new Map<string, { readonly heardAt: number; readonly said: WorkerProfile }>();
      for (const action of course) {
        const before = registry.table;
        let told = false;
        latest = Math.max(latest, clock);
        switch (action.kind) {
          case 'announce': {
            const said = profile(action.worker, { slots: action.slots, pressure: action.pressure });
            const isDeparted = registry.state.departed.some(({ worker }) => worker === action.worker);
            told = registry.announce(said, clock);
            if (!isDeparted) living.set(action.worker, { heardAt: latest, said });
            break;
          }
          case 'leave':
            told = registry.leave(action.worker, clock);
            living.delete(action.worker);
            break;
          case 'wait':
            clock += action.ms;
            latest = Math.max(latest, clock);
            told = registry.expire(clock);
            for (const [name, { heardAt }] of living) if (latest - heardAt >= UNHEARD_MS) living.delete(name);
            break;
          case 'reload':
            registry = new Registry(JSON.parse(JSON.stringify(registry.state)) as Registry['state']);
            break;
          default:
            unreachable(action);
        }
        const { table } = registry;
        const isOther = JSON.stringify(table.workers) !== JSON.stringify(before.workers);
        expect(told).toBe(isOther);
        expect(table.version - before.version).toBe(isOther ? 1 : 0);
        expect(table.workers).toEqual([...living.keys()].toSorted().map((name) => living.get(name)?.said));
        expect(registry.tableLength).toBe(table.workers.reduce((sum, said) => sum + JSON.stringify(said).length, 0));
        expect(registry.nextExpiry).toBe(living.size === 0 ? undefined : Math.min(...[...living.values()].map(({ heardAt }) => heardAt)) + UNHEARD_MS);
        expect(readWorkerTable(JSON.parse(JSON.stringify(table))).ok).toBe(true);
      }
    }),
    { numRuns: Number(process.env['TASKS_TEST_RUNS'] ?? 800) },
  );
});
