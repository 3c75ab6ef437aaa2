/** Edges that files suggest, and what an execution makes of them. */
import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../model/event.ts';
import type { Policies } from '../../../model/graph.ts';
import type { TaskFiles } from '../../../model/late-edge.ts';
import { Driver, throughJson } from '../driver.ts';
import type { DriverOptions } from '../driver.ts';
import { graphOf } from '../graphs.ts';
import type { TaskSketch } from '../graphs.ts';

type LateEdge = Extract<EventBody, { readonly type: 'late_edge' }>;
const late = ({ events }: Driver): readonly LateEdge[] => events.flatMap((event) => (event.type === 'late_edge' ? [event] : []));
const edges = (driver: Driver): readonly string[] => late(driver).filter(({ applied }) => applied).map(({ from, to, kind }) => `${from} ${kind === 'hard' ? '>' : '~'} ${to}`);

const task = (id: string, files: TaskFiles, more: Partial<TaskSketch> = {}): TaskSketch => ({ id, files, ...more });
const produces = (id: string, ...paths: readonly string[]): TaskSketch => task(id, { produces: paths });
const reads = (id: string, ...paths: readonly string[]): TaskSketch => task(id, { reads: paths });
const drive = (tasks: readonly (string | TaskSketch)[], policies: Partial<Policies> = {}, options: DriverOptions = {}): Driver => new Driver(graphOf(tasks, policies), options);

describe('what tasks declare', () => {
  test.each<readonly [name: string, tasks: readonly TaskSketch[], expected: readonly string[]]>([
    ['the example of spec/000: what is moved is referenced', [reads('update-gitignore', 'apps/web'), produces('move-apps', 'apps')], ['move-apps ~ update-gitignore']],
    ['a file below what is produced', [reads('b', 'src/x/a.ts'), produces('a', 'src')], ['a ~ b']],
    ['what lies above what is produced', [reads('b', 'src'), produces('a', 'src/x/a.ts')], ['a ~ b']],
    ['a pattern that can match', [reads('b', 'src/*.ts'), produces('a', '*/a.ts')], ['a ~ b']],
    ['a pattern that cannot', [reads('b', 'src/*.ts'), produces('a', 'src/*.js')], []],
    ['a directory that is named and produced', [task('b', { names: ['apps/web'] }), produces('a', 'apps')], ['a ~ b']],
    ['a directory that is named, and something below it produced', [task('b', { names: ['apps/web'] }), produces('a', 'apps/web/dist')], []],
    ['a directory whose name would be a pattern', [task('b', { names: ['app/[slug]'] }), produces('a', 'app'), produces('c', 'app/s')], ['a ~ b', 'a ~ c']],
    ['both produce it: the order of the plan', [produces('b', 'out'), produces('a', 'out/x')], ['b ~ a']],
    ['both produce it: the more urgent one', [produces('b', 'out'), task('a', { produces: ['out'] }, { priority: 1 })], ['a ~ b']],
    ['each touches what the other produces: the order of the plan', [task('a', { produces: ['x'], reads: ['y'] }), task('b', { produces: ['y'], reads: ['x'] })], ['a ~ b']],
    ['one reads what both produce', [task('b', { produces: ['x'], reads: ['x'] }), produces('a', 'x')], ['a ~ b']],
    ['what follows from others is left out', [produces('a', 'x'), produces('b', 'x'), produces('c', 'x'), reads('d', 'x')], ['a ~ b', 'b ~ c', 'c ~ d']],
    ['the plan says so already', [produces('a', 'x'), { id: 'm', after: ['a'] }, task('b', { reads: ['x'] }, { after: ['m'] })], []],
    ['the plan says otherwise', [reads('b', 'x'), task('a', { produces: ['x'] }, { softAfter: ['b'] })], []],
    ['nobody else', [task('a', { produces: ['x'], reads: ['x'] })], []],
    ['what repairs waits for nobody', [task('b', { reads: ['x'] }, { repairs: 'breaker' }), produces('a', 'x')], []],
  ])('%s', (_, tasks, expected) => {
    expect(edges(drive(tasks)).toSorted()).toEqual(expected);
  });

  test('order tasks, and are told with what they are for', () => {
    const driver = drive([reads('b', 'src/a.ts'), produces('a', 'src')]);
    expect(late(driver)).toEqual([{ type: 'late_edge', from: 'a', to: 'b', kind: 'soft', because: { produces: 'src', touches: 'src/a.ts' }, seen: 'declared', applied: true }]);
    expect(driver.started).toEqual(['a']);
    expect(driver.scheduler.waitingForFiles(0)).toBe('waits for a: it produces src');
    driver.fail('a');
    expect(driver.started).toEqual(['b']);
  });

  test('that would close a cycle only together: the later ones give way, and that is told', () => {
    const driver = drive([task('a', { reads: ['z'], produces: ['x'] }), task('b', { reads: ['x'], produces: ['y'] }), task('c', { reads: ['y'], produces: ['z'] })]);
    expect(edges(driver)).toEqual(['a ~ b', 'b ~ c']);
    expect(late(driver).find(({ applied }) => !applied)).toMatchObject({ from: 'c', to: 'a', reason: 'it would close a cycle' });
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  test('a hard edge fails what touches the files of a task that failed', () => {
    const driver = drive([reads('b', 'x'), produces('a', 'x')], { lateBoundEdges: 'hard' });
    expect(edges(driver)).toEqual(['a > b']);
    driver.fail('a');
    expect(driver.stateOf('b')).toBe('UPSTREAM_FAILED');
  });

  test('are only told where the policy is to report, and nothing is said where it is off', () => {
    const report = drive([reads('b', 'x'), produces('a', 'x')], { lateBoundEdges: 'report' });
    expect(late(report)).toMatchObject([{ from: 'a', to: 'b', applied: false, reason: 'the policy is to report' }]);
    expect(report.started.toSorted()).toEqual(['a', 'b']);
    const off = drive([reads('b', 'x'), produces('a', 'x')], { lateBoundEdges: 'off' });
    expect(late(off)).toEqual([]);
    expect(off.scheduler.watchesFiles).toBe(false);
  });

  test('what an earlier execution has done is neither waited for nor told of', () => {
    const driver = drive([reads('b', 'x'), produces('a', 'x'), reads('c', 'x')], {}, { carried: new Map([[1, { attempts: 1, succeeded: true }], [2, { attempts: 1, succeeded: true }]]) });
    expect(late(driver)).toEqual([]);
    expect(driver.started).toEqual(['b']);
  });

  test('a task of an earlier wave goes to the wave of what it waits for', () => {
    const driver = drive([task('b', { reads: ['x'] }, { wave: 1 }), task('a', { produces: ['x'] }, { wave: 2 }), { id: 'c', wave: 1 }], { executionModel: 'wave_based' });
    driver.runToEnd();
    expect(driver.starts).toEqual(['c', 'a', 'b']);
  });

  test('of many at once the first hundred are told one by one', () => {
    const tasks = Array.from({ length: 150 }, (_, at) => [reads(`r${at}`, `f${at}`), produces(`p${at}`, `f${at}`)]).flat();
    const driver = drive(tasks);
    expect(late(driver)).toHaveLength(100);
    expect(driver.events.find(({ type }) => type === 'late_edges')).toEqual({ type: 'late_edges', applied: 50, refused: 0, limited: false });
    expect(driver.scheduler.index.edges).toBe(150);
  });

  test('that are too many are not all kept, which is told once', () => {
    const tasks = Array.from({ length: 90 }, (_, at) => [reads(`r${at}`, 'f'), task(`p${at}`, { produces: [`f/${at}`] })]).flat();
    const driver = drive(tasks);
    expect(driver.events.filter(({ type }) => type === 'late_edges')).toMatchObject([{ limited: true }]);
    expect(driver.scheduler.index.edges).toBe(5_000);
    driver.patch('p', { tasks: [{ id: 'more', files: { reads: ['f'] } }] });
    expect(driver.events.filter(({ type }) => type === 'late_edges')).toHaveLength(1);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });
});

describe('a patch', () => {
  test('brings a task that waits for what produces its files, and is waited for', () => {
    const driver = drive([produces('a', 'x'), reads('c', 'y'), 'slow'], { concurrencyMax: 1 });
    driver.patch('p', { tasks: [{ id: 'b', files: { reads: ['x'], produces: ['y'] } }] });
    expect(edges(driver)).toEqual(['a ~ b', 'b ~ c']);
    expect(driver.decisions.findLast((decision) => decision.type === 'emit' && decision.event.type === 'hot_update')).toBeDefined();
    driver.runToEnd();
    expect(driver.starts.filter((id) => id !== 'slow')).toEqual(['a', 'b', 'c']);
  });

  test('that comes too late for a task is told, and changes nothing', () => {
    const driver = drive([reads('c', 'y'), 'other']);
    driver.patch('p', { tasks: [{ id: 'b', files: { produces: ['y'] } }] });
    expect(late(driver)).toMatchObject([{ from: 'b', to: 'c', applied: false, late: true, reason: 'c had begun before that was known' }]);
    expect(driver.started).toEqual(['c', 'other', 'b']);
  });

  test('of two that produce the same, who has begun is first', () => {
    const driver = drive([produces('c', 'y')]);
    driver.patch('p', { tasks: [{ id: 'b', files: { produces: ['y'] }, priority: 1 }] });
    expect(edges(driver)).toEqual(['c ~ b']);
  });

  test('that changes what a task states brings its edges', () => {
    const driver = drive([produces('a', 'x'), { id: 'b', after: ['gate'] }, 'gate']);
    driver.apply({ type: 'patch', patch: { id: 'p', tasks: [], edges: [], updates: [{ task: 'b' as never, from: 'a'.repeat(64) as never, set: { files: { reads: ['x'] } } }] } });
    expect(edges(driver)).toEqual(['a ~ b']);
  });

  test('turns a late edge into a hard one, which takes its place', () => {
    const driver = drive([reads('b', 'x'), produces('a', 'x')]);
    expect(driver.patch('p', { edges: ['a > b'] }).receipt).toMatchObject({ edges: 1, removed: 1 });
    expect(driver.scheduler.state.graph.tasks[0]).toMatchObject({ deps: [1], late: [{ from: 1 }] });
    expect(driver.scheduler.state.graph.tasks[0]?.soft).toBeUndefined();
    expect(driver.scheduler.index.edges).toBe(1);
    driver.fail('a');
    expect(driver.stateOf('b')).toBe('UPSTREAM_FAILED');
  });

  test('brings what repairs, which nobody waits for, also after a reload', () => {
    for (const isReloaded of [false, true]) {
      const driver = drive([reads('c', 'x'), 'gate'], { concurrencyMax: 1 });
      driver.patch('p', { tasks: [{ id: 'mend', files: { produces: ['y'], reads: ['x'] }, repairs: 'breaker' }] });
      if (isReloaded) driver.reload();
      driver.patch('q', { tasks: [{ id: 'b', files: { reads: ['y'], produces: ['x'] } }] });
      expect(late(driver).filter(({ from, to }) => from === 'mend' || to === 'mend')).toEqual([]);
    }
  });

  test('takes a late edge out, which does not come back the other way round either', () => {
    const retry = { maxAttempts: 2, backoff: 'linear', initialDelayMs: 1_000, maxDelayMs: 1_000, jitter: false, retryOn: ['logic'], raiseUpTo: 1 } as const;
    for (const isReloaded of [false, true]) {
      const driver = drive([produces('a', 'x'), produces('b', 'x'), task('c', { reads: ['x'] }, { after: ['gate'] }), 'gate'], { retry }, { durationOf: () => 60_000 });
      driver.apply({ type: 'patch', patch: { id: 'p', tasks: [], edges: [], removed: [{ from: 'a' as never, to: 'b' as never }] } });
      if (isReloaded) driver.reload();
      expect(driver.started).toEqual(['a', 'gate', 'b']);
      driver.end('a', { outcome: 'failed', failure: { reason: 'exit', class: 'logic', message: 'no' }, touched: ['x'] });
      driver.wait(1_000);
      expect(driver.started).toEqual(['gate', 'b', 'a']);
      expect(late(driver).filter(({ from, to }) => from === 'b' && to === 'a')).toEqual([]);
    }
  });

  test('keeps what a state of an older version has told, whichever way round', () => {
    const driver = drive([produces('a', 'x'), produces('b', 'x')], { lateBoundEdges: 'report' }, { asleep: true });
    driver.scheduler.state.late = { edges: 0, reported: [1 * 16_384 + 0] };
    driver.reload();
    driver.apply({ type: 'begin' });
    expect(late(driver)).toEqual([]);
  });

  test('takes a late edge out, which does not come back', () => {
    const driver = drive([reads('b', 'x'), produces('a', 'x')]);
    driver.apply({ type: 'patch', patch: { id: 'p', tasks: [], edges: [], removed: [{ from: 'a' as never, to: 'b' as never }] } });
    expect(driver.started).toEqual(['a', 'b']);
    expect(driver.scheduler.waitingForFiles(0)).toBeUndefined();
    driver.reload();
    driver.patch('q', { tasks: [{ id: 'c', files: { reads: ['x'] } }] });
    expect(edges(driver)).toEqual(['a ~ b', 'a ~ c']);
  });
});

describe('what attempts are seen to touch', () => {
  const retry = { maxAttempts: 2, backoff: 'linear', initialDelayMs: 1_000, maxDelayMs: 1_000, jitter: false, retryOn: ['logic'], raiseUpTo: 1 } as const;

  test('a retry waits for the producer', () => {
    const driver = drive([{ id: 'b', files: { reads: ['other'] } }, produces('a', 'x')], { retry }, { durationOf: (index) => (index === 0 ? 1_000 : 60_000) });
    driver.end('b', { outcome: 'failed', failure: { reason: 'exit', class: 'logic', message: 'no' }, touched: ['x/y.txt'] });
    expect(late(driver)).toMatchObject([{ from: 'a', to: 'b', because: { produces: 'x', touches: 'x/y.txt' }, seen: 'observed', applied: true }]);
    driver.wait(5_000);
    expect(driver.stateOf('b')).toBe('PENDING');
    expect(driver.started).toEqual(['a']);
    driver.succeed('a');
    expect(driver.started).toEqual(['b']);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  test('who reads what it changed and has not begun waits for its next attempt', () => {
    const driver = drive([{ id: 'b' }, task('c', { reads: ['x'] }, { after: ['gate'] }), 'gate'], { retry });
    driver.end('b', { outcome: 'failed', failure: { reason: 'exit', class: 'logic', message: 'no' }, touched: ['x/y.txt'] });
    expect(edges(driver)).toEqual(['b ~ c']);
    driver.succeed('gate');
    expect(driver.started).toEqual([]);
    driver.wait(2_000);
    driver.succeed('b');
    expect(driver.started).toEqual(['c']);
  });

  test('what has succeeded is told, and nobody waits for it', () => {
    const driver = drive([{ id: 'b' }, reads('c', 'x'), task('d', { reads: ['x'] }, { after: ['c'] }), task('a', { produces: ['x'] }, { after: ['c'] })], { retry });
    driver.end('b', { touched: ['x/y.txt'] });
    const told = late(driver).filter(({ seen }) => seen === 'observed');
    expect(told).toMatchObject([{ from: 'b', to: 'c', late: true }, { from: 'a', to: 'b', late: true }]);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  test('of two that say that they produce the same is told once, whoever ends first', () => {
    const driver = drive([produces('a', 'x'), produces('b', 'x')], { lateBoundEdges: 'report' }, { durationOf: () => 60_000 });
    expect(late(driver)).toMatchObject([{ from: 'a', to: 'b', applied: false }]);
    driver.end('a', { touched: ['x'] });
    driver.end('b', { touched: ['x'] });
    expect(late(driver)).toHaveLength(1);
  });

  test('is told once, also by a scheduler made from a copy of the state', () => {
    const driver = drive([{ id: 'b' }, reads('c', 'x')], { retry }, { durationOf: () => 60_000 });
    driver.end('b', { outcome: 'failed', failure: { reason: 'exit', class: 'logic', message: 'no' }, touched: ['x'] });
    driver.reload();
    expect(throughJson(driver.scheduler.state)).toEqual(driver.scheduler.state);
    driver.wait(2_000);
    driver.end('b', { touched: ['x'] });
    expect(late(driver)).toHaveLength(1);
  });
});
