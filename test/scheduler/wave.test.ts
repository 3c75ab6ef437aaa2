import { describe, expect, it } from 'vitest';
import type { WavePolicy } from '../../model/graph.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';
import type { PolicySketch, TaskSketch } from './graphs.ts';

const waves = (wave: Partial<WavePolicy> = {}, rest: PolicySketch = {}): PolicySketch => ({
  executionModel: 'wave_based',
  wave: { maxWaveSize: 30, quorum: 1, fallback: 'wait', ...wave },
  ...rest,
});

const waveOf = (driver: Driver, task: string): number | undefined => driver.scheduler.state.wave?.of[driver.indexOf(task)];

const inWave = (wave: number, ...ids: readonly string[]): TaskSketch[] => ids.map((id) => ({ id, wave }));

describe('laying out waves', () => {
  it("takes the plan's own waves", () => {
    const driver = new Driver(graphOf([...inWave(2, 'b'), ...inWave(1, 'a')], waves()));
    expect(driver.started).toEqual(['a']);
    expect(driver.recordOf('b')).toMatchObject({ state: 'READY', parked: 'wave' });
    driver.succeed('a');
    expect(driver.events).toContainEqual({ type: 'wave_opened', wave: 2, tasks: 1 });
    expect(driver.started).toEqual(['b']);
  });

  it.each([
    ['far apart', [5, 1_000_000_000, 7]],
    ['below 1 or broken', [-3, 0.5, 0]],
  ])('renumbers waves that are %s', (_, [a, b, c]) => {
    const driver = new Driver(graphOf([{ id: 'a', wave: a ?? 0 }, { id: 'b', wave: b ?? 0 }, { id: 'c', wave: c ?? 0 }], waves()));
    expect([waveOf(driver, 'a'), waveOf(driver, 'b'), waveOf(driver, 'c')]).toEqual([1, 3, 2]);
    driver.runToEnd();
    expect(driver.starts).toEqual(['a', 'c', 'b']);
    expect(driver.outcome).toBe('succeeded');
  });

  it('never puts a task before a dependency, whatever the plan says', () => {
    const driver = new Driver(graphOf([...inWave(3, 'a'), { id: 'b', wave: 1, after: ['a'] }, ...inWave(1, 'c'), ...inWave(2, 'd')], waves()));
    expect(waveOf(driver, 'b')).toBe(3);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('makes layers where a task has no wave, or they are forced: at most so many in one, the more urgent first', () => {
    const sketches = [{ id: 'a', wave: 9, confidence: 0.4 }, { id: 'b', wave: 9, confidence: 0.9 }, { id: 'c', wave: 9 }, { id: 'd', wave: 1, after: ['b'] }];
    const forced = new Driver(graphOf(sketches, waves({ maxWaveSize: 2 })), { forceWaves: true });
    const partial = new Driver(graphOf([...sketches, 'e'], waves({ maxWaveSize: 2 })));
    expect(['a', 'b', 'c', 'd'].map((task) => waveOf(forced, task))).toEqual([2, 1, 1, 2]);
    expect(['a', 'b', 'c', 'd', 'e'].map((task) => waveOf(partial, task))).toEqual([2, 1, 1, 3, 2]);
    for (const driver of [forced, partial]) {
      driver.runToEnd();
      expect(driver.outcome).toBe('succeeded');
    }
  });
});

describe('the barrier', () => {
  const ten = Array.from({ length: 10 }, (_, i) => `a${String(i)}`);

  it('falls when the quorum has ended well', () => {
    const driver = new Driver(graphOf([...inWave(1, ...ten), ...inWave(2, 'b')], waves({ quorum: 0.8 }, { concurrencyMax: 20 })));
    driver.fail('a0');
    driver.succeed(...ten.slice(1, 8));
    expect(driver.stateOf('b')).toBe('READY');
    driver.succeed('a8');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it('asks for no task more than the quorum, however its share is rounded', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => `a${String(i)}`);
    const driver = new Driver(graphOf([...inWave(1, ...twenty), ...inWave(2, 'b')], waves({ quorum: 0.55 }, { concurrencyMax: 30 })));
    driver.succeed(...twenty.slice(0, 10));
    expect(driver.stateOf('b')).toBe('READY');
    driver.succeed('a10');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it('falls when all of the wave has settled, however badly', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a', 'a2'), ...inWave(2, 'b')], waves()));
    driver.fail('a');
    driver.fail('a2');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it('never overrides a hard dependency', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a', 'slow'), { id: 'b', wave: 2, after: ['slow'] }, ...inWave(2, 'c')], waves({ quorum: 0.5 })));
    driver.succeed('a');
    expect([driver.stateOf('b'), driver.stateOf('c')]).toEqual(['PENDING', 'ASSIGNED']);
    driver.succeed('slow');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it('of a wave whose time is up defers the optional tasks that have not started, and goes on', () => {
    const graph = graphOf(
      [{ id: 'a', wave: 1, priority: 1 }, { id: 'extra', wave: 1, optional: true }, { id: 'begun', wave: 1, optional: true, priority: 1 }, ...inWave(2, 'b')],
      waves({ timeoutMs: 5_000, fallback: 'deferOptional' }, { concurrencyMax: 2 }),
    );
    const driver = new Driver(graph);
    expect(driver.started).toEqual(['a', 'begun']);
    expect(driver.scheduler.wakeAt).toBe(5_000);
    driver.wait(5_000);
    expect(driver.events.at(-1)).toEqual({ type: 'wave_fallback', wave: 1, deferred: ['extra'] });
    driver.succeed('a');
    expect(driver.started).toEqual(['begun']);
    driver.succeed('begun');
    expect([...driver.started].sort()).toEqual(['b', 'extra']);
  });

  it('takes along what depends on a deferred task, however often it is deferred', () => {
    const graph = graphOf(
      [{ id: 'flaky', wave: 1, optional: true }, { id: 'needs', wave: 1, after: ['flaky'] }, ...inWave(1, 'a'), ...inWave(2, 'b'), ...inWave(3, 'c')],
      waves({ timeoutMs: 2_000, fallback: 'deferOptional' }, { retry: { maxAttempts: 9, backoff: 'linear', initialDelayMs: 5_000, maxDelayMs: 5_000, jitter: false, retryOn: ['transient'], raiseUpTo: 1 } }),
    );
    const driver = new Driver(graph);
    driver.fail('flaky', { class: 'transient' });
    driver.succeed('a');
    driver.wait(2_000);
    expect([waveOf(driver, 'flaky'), waveOf(driver, 'needs')]).toEqual([2, 2]);
    expect(driver.started).toEqual(['b']);
    driver.wait(2_000);
    expect([waveOf(driver, 'flaky'), waveOf(driver, 'needs')]).toEqual([3, 3]);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('puts off a task that waits for a decision, which goes on being asked for', () => {
    const graph = graphOf(
      [{ id: 'asks', wave: 1, optional: true }, ...inWave(1, 'a'), ...inWave(2, 'b')],
      waves({ timeoutMs: 2_000, fallback: 'deferOptional' }, { errorPolicy: { strategies: [], maxTurns: 1, escalation: 'review' } }),
    );
    const driver = new Driver(graph);
    driver.fail('asks', { class: 'logic' });
    driver.wait(2_000);
    expect(waveOf(driver, 'asks')).toBe(2);
    expect(driver.recordOf('asks')).toMatchObject({ state: 'READY', parked: 'decision' });
    driver.apply({ type: 'retry', task: 'asks' });
    expect(driver.recordOf('asks')).toMatchObject({ state: 'READY', parked: 'wave' });
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('whose time is up may wait on, or stop the execution', () => {
    const sketches = [...inWave(1, 'a', 'a2'), ...inWave(2, 'b')];
    const patient = new Driver(graphOf(sketches, waves({ timeoutMs: 5_000 })));
    patient.wait(5_000);
    expect(patient.scheduler.wakeAt).toBeUndefined();
    patient.runToEnd();
    expect(patient.outcome).toBe('succeeded');
    const strict = new Driver(graphOf(sketches, waves({ timeoutMs: 5_000, fallback: 'fail' })));
    strict.wait(5_000);
    expect(strict.events.at(-1)).toEqual({ type: 'wave_fallback', wave: 1, deferred: [] });
    strict.runToEnd();
    expect(strict.outcome).toBe('failed');
    expect(strict.scheduler.counts).toEqual({ SUCCEEDED: 2, CANCELLED: 1 });
  });

  it('counts the tasks carried over from an earlier execution', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a'), ...inWave(2, 'b')], waves()), { carried: new Map([[0, { attempts: 1, succeeded: true }]]) });
    expect(driver.started).toEqual(['b']);
  });

  it('stands across a continued execution', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a', 'a2'), ...inWave(2, 'b')], waves({ timeoutMs: 5_000 })));
    driver.succeed('a');
    driver.reload();
    expect(driver.scheduler.wakeAt).toBe(5_000);
    expect(driver.stateOf('b')).toBe('READY');
    driver.succeed('a2');
    expect(driver.started).toEqual(['b']);
  });
});

describe('a patch during waves', () => {
  it('brings its tasks into the open wave, and moves tasks behind their new dependencies', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a', 'a2'), ...inWave(2, 'b'), ...inWave(3, 'c')], waves({}, { concurrencyMax: 1 })));
    driver.patch('p', { tasks: [{ id: 'new' }, { id: 'late' }], edges: ['b > late', 'late > c'] });
    expect(['new', 'late', 'c'].map((task) => waveOf(driver, task))).toEqual([1, 2, 3]);
    driver.patch('q', { edges: ['c > a2'] });
    expect(waveOf(driver, 'a2')).toBe(3);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
    expect(driver.starts).toEqual(['a', 'new', 'b', 'late', 'c', 'a2']);
  });

  it('may put a new task behind an old one that it moves', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a', 'z'), ...inWave(2, 'b')], waves({}, { concurrencyMax: 1 })));
    driver.patch('p', { tasks: [{ id: 'new' }], edges: ['b > z', 'z > new'] });
    expect([waveOf(driver, 'z'), waveOf(driver, 'new')]).toEqual([2, 2]);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('that moves a ready task behind a wave that is not open keeps it back', () => {
    const driver = new Driver(graphOf([...inWave(1, 'a', 'z'), ...inWave(2, 'b')], waves({}, { concurrencyMax: 1 })));
    driver.apply({ type: 'skip', task: 'b' });
    driver.patch('p', { edges: ['b > z'] });
    expect(driver.recordOf('z')).toMatchObject({ state: 'READY', parked: 'wave' });
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });
});
