/** `tasks playbook`: what is shown, what is started, and what is refused before anything is. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { StoredPlan } from '../../../../model/graph.ts';
import { EXECUTION, eventsOf, fakeClient, id, stateOf } from '../support/fake-client.ts';
import { withPlan } from '../support/plan-file.ts';
import { run } from '../support/run.ts';

const PLAN = {
  name: 'release',
  tasks: [{ id: 'a', cmd: 'true' }],
  playbooks: { mend: { description: 'Mends', variables: { target: 'local' }, steps: ['echo ${target}', { name: 'strike', cmd: 'echo ${workspace} ${task}', timeout: '90s', retries: 2, on_failure: 'continue' }] } },
  circuit_breakers: [{ name: 'drift', match: { pattern: 'schema_drift' }, action: 'mend' }],
};

describe('list', () => {
  test('shows steps, variables and who uses them', async () => {
    await using plan = await withPlan(PLAN);
    const { exit, stdout, stderr } = await run(['playbook', 'list', plan.path]);
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      "mend  the plan's own",
      '  Mends',
      '  variables: target=local',
      '  used by: drift',
      '  1. echo ${target}',
      '  2. strike: echo ${workspace} ${task}  (at most 1m 30s, 2 retries, may fail, for each workspace)',
    ]);
    expect(stdout).toContain('batch_install_by_import_scan  built in');
    expect(stderr).toBe(`Run one: tasks playbook run NAME ${plan.path} --dry-run\n`);
  });

  test('needs no plan for the built-in ones, fits a narrow terminal, and answers as data', async () => {
    const { stdout } = await run(['playbook'], { terminal: { width: 60 } });
    for (const line of stripVTControlCharacters(stdout).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(JSON.parse((await run(['playbook', 'list', '-o', 'json'])).stdout)).toMatchObject([{ name: 'batch_install_by_import_scan', origin: 'built-in', breakers: ['missing-dependencies'], steps: [{ name: 'install', timeoutSeconds: 900, retries: 1, onFailure: 'stop' }] }]);
  });
});

describe('run', () => {
  test('starts an execution of its steps, with the values that are given as they are', async () => {
    await using plan = await withPlan(PLAN);
    const client = fakeClient();
    const argv = ['playbook', 'run', 'mend', plan.path, '--var', 'task=x', '--var', 'target= a,b; $(x) ', '--workspace', 'apps/a,b', '--detach', '--execution-id', 'mine'];
    expect(await run(argv, { client })).toMatchObject({ exit: 0, stdout: `${EXECUTION}\n` });
    const [start] = client.calls.filter(({ method }) => method === 'start');
    const [started, options] = (start?.args ?? []) as [StoredPlan, object];
    expect(started.tasks.map(({ id: task, environment }) => [task, environment?.['target'], environment?.['workspace'], environment?.['execution']])).toEqual([
      ['step-1', ' a,b; $(x) ', 'apps/a,b', 'mine'],
      ['strike', ' a,b; $(x) ', 'apps/a,b', 'mine'],
    ]);
    expect(options).toMatchObject({ executionId: 'mine', workspace: plan.directory, graceMs: 10_000 });
  });

  test('says how to try it again', async () => {
    await using plan = await withPlan(PLAN);
    const client = fakeClient({ events: eventsOf([{ type: 'execution_started', plan: 'p', tasks: 1 }, { type: 'execution_completed', outcome: 'failed', counts: { FAILED: 1 } }]), result: { outcome: 'failed', state: stateOf({ FAILED: 1 }, { status: 'failed', failed: [{ task: id('step-1'), attempts: 2 }], failedTotal: 1 }) } });
    const { exit, stdout } = await run(['playbook', 'run', 'mend', plan.path, '--var', 'task=it is'], { client });
    expect(exit).toBe(8);
    expect(stdout).toContain(`Next: mend the cause, then tasks playbook run mend ${plan.path} --var 'task=it is'\n`);
  });

  test('shows the steps and what they would be told, without a server', async () => {
    await using plan = await withPlan(PLAN);
    const argv = ['playbook', 'run', 'mend', plan.path, '--var', 'task=x', '--workspace', 'a', '--workspace', 'b', '--dry-run', '--execution-id', 'mine'];
    const { exit, stdout } = await run(argv);
    expect(exit).toBe(0);
    expect(stdout).toContain('mend: 3 steps, one after the other\n');
    expect(stdout).toContain('2. strike.1  at most 1m 30s, 3 attempts, may fail\n   echo ${workspace} ${task}\n   with target=local, workspace=a, workspaces=a b, task=x, execution=mine\n3. strike.2');
    expect(stdout).toContain('Nothing was started.');
    expect(JSON.parse((await run([...argv, '-o', 'json'])).stdout)).toMatchObject({ dryRun: true, playbook: 'mend', workspace: plan.directory, steps: [{ id: 'step-1', attempts: 2, mayFail: false }, { id: 'strike.1', environment: { workspace: 'a' } }, { id: 'strike.2' }] });
  });

  test('of a built-in one needs no plan', async () => {
    const { stdout } = await run(['playbook', 'run', 'batch_install_by_import_scan', '-d', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ steps: [{ id: 'install', command: '"$TASKS_NODE" "$TASKS_CLI" missing-deps --install' }] });
  });

  test.each([
    [['run'], 1, 'run needs the name of a playbook'],
    [['run', 'mnd', '@'], 1, 'Did you mean "mend"?'],
    [['run', 'mend'], 1, 'Those of a plan need it'],
    [['run', 'mend', '@'], 1, '--var task=VALUE'],
    [['run', 'mend', '@', '--var', 'task'], 1, 'is not NAME=VALUE'],
    [['run', 'mend', '@', '--var', 'task=1', '--var', 'task=2'], 1, 'two values'],
    [['run', 'mend', '@', '--var', 'task=1', '--workspace', '../x'], 5, 'TASKS1209'],
    [['run', 'mend', '@', '--var', 'task=1', '--detach', '--with-worker'], 1, '--detach returns at once'],
    [['run', 'mend', '@', '--var', 'task=1', '--execution-id', 'a/b'], 1, 'cannot be the id of an execution'],
    [['list', '@', '--var', 'task=1'], 1, '--var is of run'],
    [['list', '@', '@'], 1, 'list takes one plan'],
    [['stop'], 1, 'stop'],
  ] as const)('%j is refused', async (argv, exit, says) => {
    await using plan = await withPlan(PLAN);
    const client = fakeClient();
    const ran = await run(['playbook', ...argv.map((word) => (word === '@' ? plan.path : word))], { client });
    expect(ran).toMatchObject({ exit, stderr: expect.stringContaining(says) as string });
    expect(client.calls).toEqual([]);
  });
});
