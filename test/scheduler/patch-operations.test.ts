/** What patches do to edges and tasks that there are: whole or not at all, judged in the state at that moment. */
import { describe, expect, it } from 'vitest';
import type { ContentHash, TaskId } from '../../model/ids.ts';
import type { ParsedPatch, RemovedEdge, TaskUpdate } from '../../model/patch.ts';
import type { Step } from '../../scheduler/protocol.ts';
import { Driver } from './driver.ts';
import { graphOf, patchOf, PLAN_HASH, writes } from './graphs.ts';
import type { PatchSketch } from './graphs.ts';

const SOURCE = 'd'.repeat(64) as ContentHash;
const id = (text: string): TaskId => text as TaskId;

/** `a > b`: both kinds of edge. */
const removedOf = (edge: string): RemovedEdge => {
  const [from = '', sign = '', to = ''] = edge.split(' ');
  return { from: id(from), to: id(to), ...(sign === '~' && { type: 'soft' as const }), ...(sign === '>>' && { type: 'hard' as const }) };
};

const update = (task: string, fields: Partial<TaskUpdate> = {}): TaskUpdate => ({ task: id(task), from: PLAN_HASH, ...fields });

const send = (driver: Driver, parts: Partial<ParsedPatch>, sketch: PatchSketch = {}): Step =>
  driver.apply({ type: 'patch', patch: { ...patchOf(`p${String(driver.scheduler.state.version)}`, sketch), ...(parts.updates && { source: SOURCE }), ...parts } });

/** One slot: `a` runs, `b` is ready, `c` waits for `a`, `d` for `c`. */
const driverOf = (): Driver =>
  new Driver(graphOf([{ id: 'a', priority: 1 }, 'b', { id: 'c', after: ['a'] }, { id: 'd', after: ['c'], softAfter: ['b'] }], { concurrencyMax: 1 }));

describe('an edge that is taken out', () => {
  it('makes its target ready at once if it was the last', () => {
    const driver = driverOf();
    const { receipt } = send(driver, { removed: [removedOf('a > c')] });
    expect(receipt).toMatchObject({ version: 2, edges: 0, removed: 1, ready: ['c'], warnings: [] });
    expect(driver.stateOf('c')).toBe('READY');
    expect(driver.scheduler.index.tasks[driver.indexOf('c')]?.deps).toBeUndefined();
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('is of one kind only where that is said', () => {
    const driver = driverOf();
    send(driver, {}, { edges: ['c ~ d'] });
    expect(send(driver, { removed: [removedOf('c >> d')] }).receipt).toMatchObject({ removed: 1 });
    expect(driver.scheduler.index.tasks[3]).toMatchObject({ soft: [1] });
    expect(send(driver, { removed: [removedOf('b ~ d')] }).receipt?.ready).toEqual(['d']);
  });

  it('brings a task back that it had blocked', () => {
    const driver = driverOf();
    driver.fail('a');
    expect([driver.stateOf('c'), driver.stateOf('d')]).toEqual(['UPSTREAM_FAILED', 'UPSTREAM_FAILED']);
    expect(send(driver, { removed: [removedOf('a > c')] }).receipt).toMatchObject({ ready: ['c'], unblocked: ['c', 'd'] });
    expect(driver.stateOf('d')).toBe('PENDING');
    driver.runToEnd();
    expect(driver.scheduler.counts).toEqual({ SUCCEEDED: 3, FAILED: 1 });
  });

  it('leaves alone a task that has ended, until somebody retries it', () => {
    const driver = driverOf();
    driver.apply({ type: 'skip', task: 'c' });
    expect(send(driver, { removed: [removedOf('a > c')] }).receipt).toMatchObject({ removed: 1, ready: [] });
    expect(driver.stateOf('c')).toBe('SKIPPED');
    driver.apply({ type: 'retry', task: 'c' });
    expect(driver.stateOf('c')).toBe('READY');
  });

  it('that is not there is a warning', () => {
    const { receipt } = send(driverOf(), { removed: [removedOf('d > a'), removedOf('b >> d')] });
    expect(receipt?.warnings).toEqual(['edge d -> a is not there', 'edge b -> d is not there']);
    expect(receipt).not.toHaveProperty('removed');
  });

  it('makes way for its opposite, and for one of another kind, in the same patch', () => {
    const driver = driverOf();
    const { receipt } = send(driver, { removed: [removedOf('c > d'), removedOf('a > c')] }, { edges: ['d > c', 'a ~ c'] });
    expect(receipt).toMatchObject({ removed: 2, edges: 2, warnings: [] });
    driver.runToEnd();
    expect(driver.starts).toEqual(['a', 'b', 'd', 'c']);
  });

  it('of a task that runs or has succeeded is refused: it ran by it', () => {
    const driver = driverOf();
    driver.succeed('a', 'c');
    driver.succeed('b');
    expect(driver.started).toEqual(['d']);
    for (const edge of ['a > c', 'c > d']) expect(send(driver, { removed: [removedOf(edge)] }).rejected?.[0]).toMatchObject({ code: 'TASKS3007', message: expect.stringContaining('that is what it ran by') as string });
  });
});

describe('an update of a task', () => {
  it('changes what its next attempt is, and keeps what it does not speak of', () => {
    const driver = driverOf();
    const { receipt } = send(driver, { updates: [update('c', { set: { title: 'new', estimateMs: 5, retry: { maxAttempts: 1 } }, asks: [] })] });
    expect(receipt).toMatchObject({ updated: ['c'], ready: [] });
    expect(driver.scheduler.index.tasks[2]).toEqual({ id: 'c', deps: [0], title: 'new', estimateMs: 5, retry: { maxAttempts: 1 }, source: 1 });
    expect(driver.scheduler.state.graph.sources).toEqual([PLAN_HASH, SOURCE]);
    driver.succeed('a');
    driver.fail('c', { class: 'transient' });
    expect(driver.stateOf('c')).toBe('FAILED');
  });

  it('takes fields back to their default', () => {
    const driver = driverOf();
    driver.apply({ type: 'pause' });
    driver.fail('a', { class: 'logic' });
    send(driver, { updates: [update('a', { unset: ['priority'] })] });
    expect(driver.scheduler.index.tasks[0]).toEqual({ id: 'a', source: 1 });
  });

  it('lets a person mend a task that failed, and try it again with its dependents', () => {
    const driver = driverOf();
    driver.fail('a');
    expect(send(driver, { updates: [update('a', { set: { timeoutMs: 9 } })] }).receipt?.warnings).toEqual(['task a is FAILED: the change counts when it is retried']);
    expect(driver.stateOf('a')).toBe('FAILED');
    driver.apply({ type: 'retry', task: 'a' });
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('changes the order of those that are ready', () => {
    const driver = new Driver(graphOf(['a', 'b', 'c'], { concurrencyMax: 1 }));
    send(driver, { updates: [update('c', { set: { priority: 1 } })] });
    driver.succeed('a');
    expect(driver.started).toEqual(['c']);
  });

  it('lets a task that asks for nothing any more start at once, though it had asked a mutex', () => {
    const driver = new Driver(graphOf([{ id: 'a', asks: [writes('db')] }], { resources: [{ name: 'db', mode: 'exclusive', scope: 'global' }] }));
    expect([driver.started, driver.requests.size]).toEqual([[], 1]);
    send(driver, { updates: [update('a', { drop: ['db'], asks: [] })] });
    expect([driver.started, driver.requests.size]).toEqual([['a'], 0]);
  });

  it('changes what a ready task asks for: old requests are withdrawn, new ones go out', () => {
    const driver = new Driver(graphOf([{ id: 'a', asks: [writes('db')] }, 'b'], { resources: [{ name: 'db', mode: 'exclusive', scope: 'global' }, { name: 'cpu', capacity: 2 }], concurrencyMax: 2 }));
    expect([...driver.requests.values()].map(({ request }) => request.task)).toEqual(['a']);
    const step = send(driver, { updates: [update('a', { drop: ['db'], asks: [writes('cpu', 2)], asksIfThere: [writes('label:none')], asksIfAsked: [writes('memory')] })] });
    expect(step.decisions.map(({ type }) => type)).toEqual(['withdraw', 'emit', 'emit', 'start']);
    expect(driver.started).toEqual(['b', 'a']);
    expect(driver.scheduler.index.tasks[0]?.asks).toEqual([writes('cpu', 2)]);
  });

  it('parks a ready task that needs an approval or a worker now, and lets one in that does not any more', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', risk: 'high' }, 'c', 'd'], { concurrencyMax: 1, approval: { risk: 'high', onTimeout: 'fail' } }));
    expect(driver.recordOf('b').parked).toBe('approval');
    send(driver, { updates: [update('b', { unset: ['risk'] }), update('c', { set: { risk: 'high' } }), update('d', { set: { capabilities: ['gpu'] } })] });
    expect(['b', 'c', 'd'].map((task) => driver.recordOf(task).parked)).toEqual([undefined, 'approval', 'worker']);
    expect(driver.events.flatMap((event) => (event.type === 'approval_requested' ? [event.task] : []))).toEqual(['b', 'c']);
  });

  it('makes an approval that was given void', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', risk: 'high' }], { concurrencyMax: 1, approval: { risk: 'high', onTimeout: 'fail' } }));
    driver.apply({ type: 'approve', task: 'b' });
    send(driver, { updates: [update('b', { set: { title: 'another command' } })] });
    expect(driver.recordOf('b')).toMatchObject({ parked: 'approval', approval: { state: 'asked' } });
  });

  it.each([
    ['runs', 'a', /task a is ASSIGNED/],
    ['is unknown', 'z', /no task z/],
  ])('of a task that %s is refused', (_what, task, message) => {
    expect(send(driverOf(), { updates: [update(task)] }).rejected?.[0]?.message).toMatch(message);
  });

  it('of a task that has succeeded, or waits for a decision, is refused with a way out', () => {
    const driver = new Driver(graphOf([{ id: 'a', idempotent: false }, 'b', 'c']));
    driver.succeed('b');
    driver.fail('a', { reason: 'lost' });
    expect(send(driver, { updates: [update('b')] }).rejected?.[0]).toMatchObject({ message: expect.stringContaining('SUCCEEDED') as string, hint: expect.stringContaining('Inject') as string });
    expect(send(driver, { updates: [update('a')] }).rejected?.[0]).toMatchObject({ message: expect.stringContaining('PAUSED') as string, hint: expect.stringContaining('Decide') as string });
  });

  it('that was made of an older version of the task is refused', () => {
    const driver = driverOf();
    send(driver, { updates: [update('c', { set: { title: 'first' } })] });
    const second = send(driver, { updates: [update('c', { set: { title: 'second' } })] });
    expect(second.rejected).toMatchObject([{ code: 'TASKS3008', message: 'task c has been changed by another patch meanwhile' }]);
    expect(driver.scheduler.index.tasks[2]?.title).toBe('first');
    expect(send(driver, { updates: [update('c', { from: SOURCE, set: { title: 'second' } })] }).receipt).toMatchObject({ updated: ['c'] });
  });

  it('that asks for what is not there is refused; what it asked before it may wait for', () => {
    const driver = new Driver(graphOf(['x', { id: 'a', after: ['x'], asks: [writes('cpu', 2)] }], { resources: [{ name: 'cpu', capacity: 2 }] }));
    driver.apply({ type: 'patch', patch: { ...patchOf('less', {}), resources: { capacities: { cpu: 1 } } } });
    expect(send(driver, { updates: [update('a', { set: { title: 'new' } })] }).receipt).toBeDefined();
    const from = SOURCE;
    expect(send(driver, { updates: [update('a', { from, asks: [writes('cpu', 3)] })] }).rejected?.[0]?.message).toBe('task a asks for 3 of "cpu", of which there are 1');
    expect(send(driver, { updates: [update('a', { from, asks: [writes('gpu')] })] }).rejected?.[0]?.message).toMatch(/"gpu", which this execution does not have/);
    expect(send(driver, { updates: [update('a', { from, set: { preferredWindow: 'night' } })] }).rejected?.[0]?.message).toMatch(/window "night", a calendar that this execution does not have/);
  });
});

describe('a cancelled task', () => {
  it('that has not started never does, and blocks what depends on it', () => {
    const driver = driverOf();
    expect(send(driver, { cancelled: [{ task: id('c') }] }).receipt).toMatchObject({ cancelled: ['c'] });
    expect([driver.stateOf('c'), driver.stateOf('d')]).toEqual(['CANCELLED', 'UPSTREAM_FAILED']);
    driver.runToEnd();
    expect(driver.outcome).toBe('failed');
  });

  it('lets what depends on it go on where it is passed over', () => {
    const driver = driverOf();
    send(driver, { cancelled: [{ task: id('c'), skip: true }] });
    expect(driver.stateOf('c')).toBe('SKIPPED');
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('that runs is stopped; its success counts if it was faster', () => {
    const driver = new Driver(graphOf(['a', 'b', { id: 'c', after: ['a'] }]));
    const step = send(driver, { cancelled: [{ task: id('a') }, { task: id('b') }] });
    expect(step.decisions.flatMap((decision) => (decision.type === 'cancel' ? [decision.task] : []))).toEqual(['a', 'b']);
    expect(send(driver, { cancelled: [{ task: id('a') }] }).rejected?.[0]?.code).toBe('TASKS3005');
    driver.end('a', { outcome: 'cancelled' });
    driver.succeed('b');
    expect(driver.scheduler.counts).toEqual({ CANCELLED: 1, SUCCEEDED: 1, UPSTREAM_FAILED: 1 });
  });

  it('is not tried again, whatever the class of its failure', () => {
    const driver = new Driver(graphOf(['a']));
    send(driver, { cancelled: [{ task: id('a') }] });
    driver.fail('a', { class: 'transient' });
    expect(driver.stateOf('a')).toBe('CANCELLED');
    expect(driver.outcome).toBe('failed');
  });

  it('may come with all that depends on it: nobody fails upstream', () => {
    const driver = driverOf();
    send(driver, { cancelled: ['c', 'd'].map((task) => ({ task: id(task) })) });
    expect(driver.events.filter(({ type }) => type === 'task_upstream_failed')).toEqual([]);
    expect(driver.scheduler.counts).toMatchObject({ CANCELLED: 2 });
  });

  it('may be the last that is open: the execution ends', () => {
    const driver = driverOf();
    driver.succeed('a', 'c');
    driver.apply({ type: 'pause' });
    driver.succeed('b');
    send(driver, { cancelled: [{ task: id('d'), skip: true }] });
    expect(driver.outcome).toBe('succeeded');
  });

  it('that has ended cannot be, with a way out', () => {
    const driver = driverOf();
    driver.fail('a');
    expect(send(driver, { cancelled: [{ task: id('a') }] }).rejected).toMatchObject([{ code: 'TASKS3005', message: 'task a is FAILED: cannot cancel it', hint: expect.stringContaining('"skip": true') as string }]);
    expect(send(driver, { cancelled: [{ task: id('nobody') }] }).rejected?.[0]?.code).toBe('TASKS3004');
    send(driver, { cancelled: [{ task: id('a'), skip: true }] });
    expect(driver.stateOf('c')).toBe('READY');
  });

  it('gates nothing that the same patch brings', () => {
    const driver = driverOf();
    expect(send(driver, { cancelled: [{ task: id('c') }] }, { tasks: [{ id: 'x' }], edges: ['c > x'] }).rejected?.[0]?.message).toMatch(/its source is cancelled by the same patch/);
    expect(send(driver, { cancelled: [{ task: id('c') }] }, { tasks: [{ id: 'x' }], edges: ['c ~ x'] }).receipt?.ready).toEqual(['x']);
  });
});

describe('another priority', () => {
  it('changes the order of ready tasks at once, also after a copy through JSON', () => {
    const driver = new Driver(graphOf(['a', 'b', 'c', 'd'], { concurrencyMax: 1 }));
    expect(send(driver, { priorities: [{ task: id('d'), priority: 1 }, { task: id('b'), priority: 4 }, { task: id('c'), priority: 3 }] }).receipt).toMatchObject({ reprioritized: 2 });
    expect(driver.scheduler.frontier(driver.now).map((at) => driver.scheduler.index.id(at))).toEqual(['d', 'c', 'b']);
    driver.reload();
    driver.runToEnd();
    expect(driver.starts).toEqual(['a', 'd', 'c', 'b']);
  });

  it('keeps the age of who waits', () => {
    const driver = new Driver(graphOf(['a', 'b'], { concurrencyMax: 1 }));
    driver.wait(5_000);
    send(driver, { priorities: [{ task: id('b'), priority: 1 }] });
    expect(driver.recordOf('b').readyAt).toBe(0);
  });

  it('is asked for anew of mutexes, as old as before; a grant in hand is kept', () => {
    const resources = ['db', 'disk'].map((name) => ({ name, mode: 'exclusive', scope: 'global' }) as const);
    const driver = new Driver(graphOf(['busy', { id: 'a', asks: [writes('db')] }, { id: 'b', asks: [writes('disk')] }], { concurrencyMax: 2, resources }));
    driver.wait(1_000);
    const priorities = ['a', 'b'].map((task) => ({ task: id(task), priority: 1 }));
    send(driver, { priorities });
    expect([...driver.requests.values()].map(({ request: { task, round, priority, since } }) => [task, round, priority, since])).toEqual([['a', 2, 1, 0], ['b', 2, 1, 0]]);
    driver.patch('urgent', { tasks: [{ id: 'urgent' }] });
    driver.grant('a');
    send(driver, { priorities: priorities.map((each) => ({ ...each, priority: 2 })) });
    expect(['a', 'b'].map((task) => [driver.recordOf(task).request?.state, driver.recordOf(task).rounds])).toEqual([['granted', 2], ['withdrawn', 2]]);
    driver.succeed('urgent');
    expect(driver.started).toEqual(['busy', 'a']);
  });

  it('of who has ended well does not count any more, which is a warning', () => {
    const driver = driverOf();
    driver.succeed('a');
    expect(send(driver, { priorities: [{ task: id('a'), priority: 4 }, { task: id('d'), priority: 1 }] }).receipt).toMatchObject({ reprioritized: 1, warnings: ['task a is SUCCEEDED: its priority no longer counts'] });
    expect(send(driver, { priorities: [{ task: id('z'), priority: 4 }] }).rejected?.[0]?.code).toBe('TASKS3004');
  });
});

it('all of it is one patch: one thing that cannot be, and nothing has changed', () => {
  const driver = driverOf();
  const before = JSON.stringify(driver.scheduler.state);
  const parts: Partial<ParsedPatch> = {
    removed: [removedOf('a > c')],
    updates: [update('c', { set: { title: 'x' } })],
    priorities: [{ task: id('b'), priority: 1 }],
    cancelled: [{ task: id('d') }, { task: id('nobody') }],
    resources: { locks: ['deploy'] },
  };
  expect(send(driver, parts, { tasks: [{ id: 'new' }], edges: ['c > new'] }).rejected).toMatchObject([{ code: 'TASKS3004', message: 'no task nobody' }]);
  expect(JSON.stringify(driver.scheduler.state)).toBe(before);
  const good = { ...parts, cancelled: [{ task: id('d') }] };
  const { receipt } = send(driver, good, { tasks: [{ id: 'new' }], edges: ['c > new'] });
  expect(receipt).toEqual({ patchId: 'p1', version: 2, injected: ['new'], edges: 1, removed: 1, updated: ['c'], reprioritized: 1, cancelled: ['d'], capacities: [{ resource: 'deploy', from: 0, to: 1 }], ready: ['c'], warnings: [], duplicate: false });
  expect(driver.apply({ type: 'patch', patch: { ...patchOf('p1', {}), ...good } }).receipt).toEqual({ ...receipt, duplicate: true });
});

it('is judged in the state when it is applied: a completion that comes first changes the answer', () => {
  const driver = driverOf();
  driver.succeed('a');
  expect(send(driver, { cancelled: [{ task: id('a') }] }).rejected?.[0]?.message).toBe('task a is SUCCEEDED: cannot cancel it');
  expect(send(driver, {}, { tasks: [{ id: 'x' }], edges: ['x > c'] }).rejected?.[0]?.message).toMatch(/under way|ended/);
});
