/** `tasks quarantine`, and what `tasks execute` says of tasks that are left out. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { TasksError } from '../../../../model/problem.ts';
import type { ExecutionId } from '../../../../model/ids.ts';
import type { QuarantineEntry } from '../../../../model/quarantine.ts';
import { EXECUTION, eventsOf, fakeClient, id, quarantinedEntry, START } from '../support/fake-client.ts';
import { withPlan } from '../support/plan-file.ts';
import { run } from '../support/run.ts';

const NOW = { now: () => START };
const ODD: QuarantineEntry = { ...quarantinedEntry, plan: `it's "$(x)" 名`, task: id('T.1'), attempt: 0, by: 'ann', reason: 'see issue 12' };
const { class: _class, message: _message, ...BY_HAND } = ODD;
const PLAN = { name: 'quickstart', tasks: [{ id: 'install', cmd: 'true' }, { id: 'test', cmd: 'true', deps: ['install'] }, { id: 'pack', cmd: 'true', deps: ['test'] }] };

describe('list', () => {
  test('names what is left out, since when, where and why, and the way out', async () => {
    const client = fakeClient({ quarantined: { entries: [BY_HAND, quarantinedEntry], full: false } });
    const { exit, stdout, stderr } = await run(['quarantine'], { client, ...NOW });
    expect(exit).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `it's "$(x)" 名`,
      '  ⊘ T.1  1m 30s ago by ann: see issue 12',
      `      in ${EXECUTION}`,
      'quickstart',
      '  ⊘ test  1m 30s ago by flapping',
      `      in ${EXECUTION} after 3 attempts`,
      '      it broke · transient',
      '',
    ]);
    expect(stderr).toBe(`When it is mended: tasks quarantine revive 'it'\\''s "$(x)" 名' T.1\n`);
  });

  test('fits into 60 columns', async () => {
    const long = { ...quarantinedEntry, plan: 'p'.repeat(100), message: 'm'.repeat(200) };
    const { stdout } = await run(['quarantine', 'list'], { client: fakeClient({ quarantined: { entries: [long], full: false } }), terminal: { width: 60 }, ...NOW });
    for (const line of stripVTControlCharacters(stdout).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(stdout).toContain('test');
  });

  test('answers as data, of one plan only, and says when there is nothing', async () => {
    const client = fakeClient({ quarantined: { entries: [quarantinedEntry], full: false } });
    expect(JSON.parse((await run(['quarantine', 'list', '--plan', 'quickstart', '-o', 'json'], { client })).stdout)).toEqual([quarantinedEntry]);
    expect(client.calls).toContainEqual({ method: 'quarantine.list', args: [{ plan: 'quickstart' }] });
    expect(await run(['quarantine'], { client: fakeClient() })).toEqual({ exit: 0, stdout: '', stderr: 'No task is quarantined.\n' });
    expect((await run(['quarantine', '--plan', 'x'], { client: fakeClient() })).stderr).toBe('No task of x is quarantined.\n');
  });

  test('says when no more are taken in', async () => {
    const { stderr } = await run(['quarantine'], { client: fakeClient({ quarantined: { entries: [quarantinedEntry], full: true } }) });
    expect(stderr).toContain('warning: there are as many as can be kept');
  });
});

describe('revive', () => {
  test('says where the task runs again', async () => {
    const client = fakeClient();
    const { exit, stdout, stderr } = await run(['quarantine', 'revive', 'quickstart', 'test', '--by', 'ann', '--reason', 'mended'], { client });
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: `test of quickstart is quarantined no more; in ${EXECUTION} it is ready now\n`, stderr: `Next: tasks watch ${EXECUTION}\n` });
    expect(client.calls).toContainEqual({ method: 'quarantine.revive', args: [{ plan: 'quickstart', task: 'test', by: 'ann', reason: 'mended' }] });
  });

  test('says when the execution that is named does not run it, or could not be told', async () => {
    const answering = (answer: object) => fakeClient({ overrides: { quarantine: { ...fakeClient().quarantine, revive: async () => ({ revived: quarantinedEntry, ...answer }) } } });
    const named = ['quarantine', 'revive', 'quickstart', 'test', '--execution', 'q'];
    expect((await run(named, { client: answering({}) })).stderr).toContain(`${EXECUTION} is not open, or does not leave test out`);
    expect((await run(named, { client: answering({ untold: 'too late' }) })).stderr).toContain(`could not be told: too late. Ask it again: tasks retry ${EXECUTION} test`);
    expect((await run(named.slice(0, 4), { client: answering({}) })).stderr).toBe('It runs again in the next execution of the plan.\n');
  });

  test.each([
    ['a plan that is spelt otherwise', 'quickstrat', 'test', true],
    ['a plan of another task', 'nightly', 'test', true],
    ['something else', 'nightly', 'nothing', false],
  ])('of %s', async (_, plan, task, isNear) => {
    const unknown = new TasksError({ code: 'TASKS3014', message: 'not there', hint: 'look' });
    const operations = fakeClient({ quarantined: { entries: [quarantinedEntry], full: false } }).quarantine;
    const client = fakeClient({ overrides: { quarantine: { ...operations, revive: async () => Promise.reject(unknown) } } });
    const { exit, stderr } = await run(['quarantine', 'revive', plan, task], { client });
    expect(exit).toBe(1);
    expect(stderr).toContain('[TASKS3014]');
    expect(stderr.includes('did you mean: tasks quarantine revive quickstart test')).toBe(isNear);
  });
});

describe('add', () => {
  test('parks a task of an execution', async () => {
    const client = fakeClient();
    expect((await run(['quarantine', 'add', 'quick', 'test', '--by', 'ann'], { client })).stdout).toBe('test is quarantined: it does not run again until it is revived\n');
    expect(client.calls).toContainEqual({ method: 'quarantine.add', args: [EXECUTION, { task: 'test', by: 'ann' }] });
  });

  test('says what stays as it is in one that has ended', async () => {
    const client = fakeClient({ overrides: { quarantine: { ...fakeClient().quarantine, add: async () => ({ status: 'succeeded' as const, state: 'SUCCEEDED' as const }) } } });
    expect((await run(['quarantine', 'add', 'quick', 'test'], { client })).stdout).toContain(`; in ${EXECUTION} it stays succeeded`);
  });
});

test.each([
  [['quarantine', 'revive', 'quickstart'], 'revive needs the name of a plan and a task'],
  [['quarantine', 'add'], 'add needs an execution and a task'],
  [['quarantine', 'add', 'x', 'y', '--plan', 'p'], '--plan is of list'],
  [['quarantine', '--execution', 'x'], '--execution is of revive'],
  [['quarantine', 'forget'], 'forget'],
])('%j is refused', async (argv, says) => {
  const client = fakeClient();
  const { exit, stderr } = await run(argv, { client });
  expect(exit).toBe(1);
  expect(stderr).toContain(says);
  expect(client.calls).toEqual([]);
});

test('without a server it says so', async () => {
  const services = { connect: async () => Promise.reject(new TasksError({ code: 'TASKS2001', message: 'nobody there' })) };
  expect(await run(['quarantine', 'list'], { services })).toMatchObject({ exit: 6, stderr: expect.stringContaining('TASKS2001') as string });
});

describe('tasks execute', () => {
  const entries = [quarantinedEntry, { ...quarantinedEntry, task: id('elsewhere') }];

  test('says in a dry run what would be left out, and what then cannot start', async () => {
    await using plan = await withPlan(PLAN);
    const services = { quarantinedOf: async () => entries };
    const { stdout } = await run(['execute', plan.path, '--dry-run'], { services });
    expect(stdout).toContain('1 task is quarantined and left out: test (by flapping); what depends on it cannot run\n  tasks quarantine revive quickstart test\n');
    const answer = JSON.parse((await run(['execute', plan.path, '--dry-run', '-o', 'json'], { services })).stdout) as object;
    expect(answer).toMatchObject({ quarantined: [quarantinedEntry], startsFirst: ['install'] });
    expect(JSON.parse((await run(['execute', plan.path, '--dry-run', '-o', 'json'])).stdout)).toMatchObject({ quarantined: null });
  });

  test('warns whoever does not stay', async () => {
    await using plan = await withPlan(PLAN);
    const { exit, stdout, stderr } = await run(['execute', plan.path, '--detach'], { client: fakeClient({ quarantined: { entries, full: false } }) });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${EXECUTION}\n` });
    expect(stderr).toContain('warning: 1 task is quarantined and left out: test (by flapping)\n  tasks quarantine revive quickstart test\n');
    const silent = fakeClient({ overrides: { quarantine: { ...fakeClient().quarantine, list: async () => Promise.reject(new Error('nobody')) } } });
    expect((await run(['execute', plan.path, '--detach'], { client: silent })).exit).toBe(0);
  });

  test('shows whoever stays what is left out, as it begins', async () => {
    await using plan = await withPlan(PLAN);
    const events = eventsOf([
      { type: 'execution_started', plan: 'p', tasks: 3 },
      { type: 'task_quarantined', task: id('test'), attempt: 0, by: 'flapping', reason: 'it broke', execution: 'before' as ExecutionId, since: START - 90_000 },
      { type: 'quarantine_unknown', reason: 'nobody answered' },
      { type: 'execution_completed', outcome: 'failed', counts: { QUARANTINED: 1 } },
    ]);
    const { stderr } = await run(['execute', plan.path], { client: fakeClient({ events, result: { outcome: 'failed' } }) });
    expect(stderr).toContain('⊘ test is left out: quarantined 1m 31s ago in before by flapping: it broke');
    expect(stderr).toContain(`tasks retry ${EXECUTION} test`);
    expect(stderr).toContain('it is not known which tasks are quarantined, none is left out: nobody answered');
  });
});
