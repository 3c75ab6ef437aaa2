/** Changes of a live graph: whole or not at all, once, and never a cycle. */
import { describe, expect, it } from 'vitest';
import { MAX_TASKS } from '../../model/graph.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';
import type { PatchSketch } from './graphs.ts';

/** One slot: `a` runs, `b` is ready, `c` waits for `a`, `d` for `c`. */
const driverOf = (): Driver =>
  new Driver(graphOf([{ id: 'a', priority: 1 }, 'b', { id: 'c', after: ['a'] }, { id: 'd', after: ['c'] }], { concurrencyMax: 1 }));

describe('a good patch', () => {
  it('injects a task between others, and answers what it did', () => {
    const driver = driverOf();
    const step = driver.patch('p', { tasks: [{ id: 'new' }, { id: 'free' }], edges: ['a > new', 'new > d'] });
    expect(step.receipt).toEqual({ patchId: 'p', version: 2, injected: ['new', 'free'], edges: 2, ready: ['free'], warnings: [], duplicate: false });
    expect(step.decisions).toEqual([{ type: 'emit', event: { type: 'hot_update', patchId: 'p', version: 2, injected: ['new', 'free'], edges: 2 } }]);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
    expect(driver.starts.indexOf('new')).toBeGreaterThan(driver.starts.indexOf('a'));
    expect(driver.starts.indexOf('d')).toBeGreaterThan(driver.starts.indexOf('new'));
  });

  it('starts an injected task at once where a slot is free', () => {
    const driver = new Driver(graphOf(['a']));
    const step = driver.patch('p', { tasks: [{ id: 'new' }] });
    expect(step.decisions.at(-1)).toMatchObject({ type: 'start', task: 'new', attempt: 1 });
  });

  it('takes a ready task back that gains a dependency', () => {
    const driver = driverOf();
    expect(driver.patch('p', { edges: ['d > b'] }).receipt?.ready).toEqual([]);
    expect(driver.stateOf('b')).toBe('PENDING');
    driver.runToEnd();
    expect(driver.starts).toEqual(['a', 'c', 'd', 'b']);
  });

  it('tells as made ready only what was not', () => {
    const driver = driverOf();
    driver.succeed('a');
    const [ready] = ['b', 'c'].filter((task) => driver.stateOf(task) === 'READY');
    expect(driver.patch('p', { edges: [`a > ${String(ready)}`] }).receipt?.ready).toEqual([]);
  });

  it('keeps a task that backs off waiting for its new dependency', () => {
    const driver = driverOf();
    driver.fail('a', { class: 'transient' });
    driver.patch('p', { tasks: [{ id: 'fix', priority: 1 }], edges: ['fix > a'] });
    driver.wait(1_000);
    expect(driver.stateOf('a')).toBe('PENDING');
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('is applied once, and answers the same again, also in a continued execution', () => {
    const driver = driverOf();
    const { receipt } = driver.patch('p', { tasks: [{ id: 'new' }] });
    for (let i = 0; i < 2; i += 1) {
      const before = JSON.stringify(driver.scheduler.state);
      const again = driver.patch('p', { tasks: [{ id: 'another' }] });
      expect(again).toEqual({ decisions: [], receipt: { ...receipt, duplicate: true } });
      expect(JSON.stringify(driver.scheduler.state)).toBe(before);
      driver.reload();
    }
  });

  it('may come while the execution is paused', () => {
    const driver = driverOf();
    driver.apply({ type: 'pause' });
    expect(driver.patch('p', { tasks: [{ id: 'new', priority: 1 }] }).receipt?.ready).toEqual(['new']);
    driver.succeed('a');
    driver.apply({ type: 'resume' });
    expect(driver.started).toEqual(['new']);
  });

  it('may carry names that a plain object has of its own', () => {
    const driver = driverOf();
    expect(driver.patch('constructor', { tasks: [{ id: 'toString' }, { id: 'constructor' }], edges: ['toString > constructor'] }).receipt?.edges).toBe(1);
    expect(driver.patch('valueOf', { edges: ['hasOwnProperty > d'] }).rejected?.[0]?.code).toBe('TASKS3004');
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('leaves out an edge that exists, and a soft one that would close a cycle, with a warning', () => {
    const driver = driverOf();
    const { receipt } = driver.patch('p', { edges: ['a > c', 'd ~ b', 'd ~ c', 'b ~ d', 'a ~ c'] });
    expect(receipt).toMatchObject({ edges: 1 });
    expect(receipt?.warnings).toEqual([
      'edge a -> c exists already',
      'edge a -> c exists already',
      'soft edge d -> c would close a cycle and was left out',
      'soft edge b -> d would close a cycle and was left out',
    ]);
  });

  it('never takes a hard edge for a soft one between the same tasks', () => {
    const driver = driverOf();
    expect(driver.patch('p', { edges: ['a ~ b', 'a > b', 'a ~ b', 'a > b'] }).receipt?.edges).toBe(2);
    driver.fail('a');
    expect(driver.stateOf('b')).toBe('UPSTREAM_FAILED');
  });

  it('of hundreds of tasks and edges keeps the index as it should be', () => {
    const driver = driverOf();
    const tasks = Array.from({ length: 200 }, (_, i) => ({ id: `n${String(i)}`, estimateMs: 1 + i }));
    driver.patch('p', { tasks, edges: tasks.slice(1).flatMap((task, i) => [`n${String(i)} > ${task.id}`, `a > ${task.id}`]) });
    expect(driver.scheduler.index.depth[driver.indexOf('n199')]).toBe(199);
    expect(driver.scheduler.index.after[driver.indexOf('n0')]).toBe((199 * 200) / 2 + 199);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });
});

describe('a bad patch', () => {
  const cases: readonly [string, PatchSketch, string, RegExp][] = [
    ['a task that exists', { tasks: [{ id: 'b' }] }, 'TASKS3007', /task b exists already/],
    ['a task twice', { tasks: [{ id: 'x' }, { id: 'x' }] }, 'TASKS3007', /task x exists already/],
    ['an edge from nowhere', { tasks: [{ id: 'x' }], edges: ['y > x'] }, 'TASKS3004', /no task y/],
    ['an edge to nowhere', { edges: ['a > y'] }, 'TASKS3004', /no task y/],
    ['a task that depends on itself', { edges: ['d > d'] }, 'TASKS3007', /cannot depend on itself/],
    ['a cycle', { edges: ['d > c'] }, 'TASKS3007', /cycle: c -> d -> c/],
    ['a cycle through new tasks', { tasks: [{ id: 'x' }, { id: 'y' }], edges: ['d > x', 'x > y', 'y > c'] }, 'TASKS3007', /cycle: .*x -> y/],
    ['a cycle among new tasks', { tasks: [{ id: 'x' }, { id: 'y' }], edges: ['x > y', 'y > x'] }, 'TASKS3007', /cycle/],
    ['an edge into a running task', { edges: ['b > a'] }, 'TASKS3007', /under way/],
    ['another version', { expectedVersion: 7 }, 'TASKS3008', /expects version 7 .* at version 1/],
    ['too many tasks', { tasks: Array.from({ length: MAX_TASKS }, (_, i) => ({ id: `x${String(i)}` })) }, 'TASKS3007', /more than 10000 tasks/],
  ];

  it.each(cases)('is refused with the reason, and changes nothing: %s', (_, sketch, code, message) => {
    const driver = driverOf();
    const before = JSON.stringify(driver.scheduler.state);
    const step = driver.patch('p', { ...sketch, tasks: [{ id: 'good' }, ...(sketch.tasks ?? [])] });
    expect(step.decisions).toEqual([]);
    expect(step.rejected?.[0]).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect(JSON.stringify(driver.scheduler.state)).toBe(before);
    expect(driver.scheduler.index.indexOf.has('good')).toBe(false);
    expect(driver.patch('p', { tasks: [{ id: 'good' }] }).receipt?.version).toBe(2);
  });

  it('names an ended target or source, and what became of it', () => {
    const driver = driverOf();
    driver.fail('a');
    expect(driver.patch('p', { edges: ['b > a'] }).rejected?.[0]?.message).toMatch(/ended \(FAILED\)/);
    expect(driver.patch('p', { tasks: [{ id: 'x' }], edges: ['c > x'] }).rejected?.[0]?.message).toMatch(/ended as UPSTREAM_FAILED/);
    expect(driver.patch('p', { tasks: [{ id: 'x' }], edges: ['c ~ x', 'b > x'] }).receipt?.edges).toBe(2);
  });

  it('comes too late when the execution stops, is being aborted or has ended', () => {
    const driver = driverOf();
    driver.apply({ type: 'abort' });
    expect(driver.patch('p', { tasks: [{ id: 'x' }] }).rejected?.[0]?.message).toMatch(/aborting/);
    driver.end('a', { outcome: 'cancelled' });
    expect(driver.patch('p', { tasks: [{ id: 'x' }] }).rejected?.[0]?.message).toMatch(/finished/);
  });

  it('is told from a good one without being applied', () => {
    const driver = driverOf();
    const before = JSON.stringify(driver.scheduler.state);
    const patch = { id: 'p', tasks: [], edges: [{ from: 'd', to: 'c', type: 'hard' }] } as never;
    expect(driver.scheduler.refuse({ type: 'patch', patch })?.[0]?.code).toBe('TASKS3007');
    expect(JSON.stringify(driver.scheduler.state)).toBe(before);
  });
});
