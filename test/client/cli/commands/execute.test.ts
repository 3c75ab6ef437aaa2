import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupt } from '../../../../client/cli/interrupt.ts';
import type { Services } from '../../../../client/cli/services.ts';
import { TasksError } from '../../../../model/problem.ts';
import type { StoredPlan } from '../../../../model/graph.ts';
import { eventsOf, EXECUTION, fakeClient, id, PLAN, stateOf } from '../support/fake-client.ts';
import type { Script } from '../support/fake-client.ts';
import { CYCLE, GOOD, withPlan } from '../support/plan-file.ts';
import { run } from '../support/run.ts';
import { EVENTS } from '../view/fixtures.ts';

const short = eventsOf([
  { type: 'execution_started', plan: PLAN, tasks: 1 },
  { type: 'task_started', task: id('a'), attempt: 1 },
  { type: 'task_succeeded', task: id('a'), attempt: 1, artifacts: [], durationMs: 500, worker: 'w' },
  { type: 'execution_completed', outcome: 'succeeded', counts: { SUCCEEDED: 1 } },
]);

describe('the exit code says how it ended', () => {
  const ends: readonly (readonly [string, Script['result'], number])[] = [
    ['succeeded', { outcome: 'succeeded', state: stateOf({ SUCCEEDED: 1 }) }, 0],
    ['failed, something succeeded', { outcome: 'failed', state: stateOf({ SUCCEEDED: 1, FAILED: 1 }) }, 7],
    ['failed, nothing succeeded', { outcome: 'failed', state: stateOf({ FAILED: 1 }) }, 8],
    ['aborted', { outcome: 'aborted', state: stateOf({ CANCELLED: 1 }) }, 9],
    ['terminated', { outcome: 'terminated' }, 7],
  ];

  test.each(ends)('%s', async (_how, result, exit) => {
    await using plan = await withPlan(GOOD);
    const client = fakeClient({ events: short, ...(result && { result }) });
    expect((await run(['execute', plan.path], { client })).exit).toBe(exit);
  });
});

test('what was asked for reaches the execution', async () => {
  await using plan = await withPlan(GOOD);
  const client = fakeClient({ events: short });
  const options = ['-j', '3', '--force-execution-model', 'wave_based', '--fail-fast', '--dispatch', 'auto', '--git', '--grace', '2', '--execution-id', 'mine', '--executor', 'noop', '--require-approval', 'high', '--checkpoint-interval', '10'];
  await run(['execute', plan.path, ...options], { client, services: { repositoryTop: async () => plan.directory } });
  const [stored, started] = client.calls.find(({ method }) => method === 'start')?.args ?? [];
  expect((stored as StoredPlan).graph.tasks).toHaveLength(4);
  expect(started).toEqual({
    workspace: plan.directory,
    policies: { concurrencyMax: 3, executionModel: 'wave_based', dispatch: 'auto', approval: { risk: 'high' }, checkpoints: { intervalPercent: 10 }, failFast: true },
    checkpoints: join(plan.directory, 'checkpoints'),
    executor: 'noop',
    graceMs: 2_000,
    git: true,
    executionId: 'mine',
  });
});

describe('the profile', () => {
  const PROFILED = {
    tasks: [{ id: 'a', cmd: 'true', resources: [{ name: 'cpu', units: 4 }] }],
    resources: { cpu: { mode: 'semaphore', capacity: 8 } },
    profiles: { laptop: { cpu: 2 }, ci: { cpu: 4 } },
  };

  test.each([
    ['by its option', ['--profile', 'ci'], {}],
    ['by its variable', [], { TASKS_PROFILE: 'ci' }],
  ])('%s: its capacities are in the stored plan', async (_how, options, environment) => {
    await using plan = await withPlan(PROFILED);
    const client = fakeClient({ events: short });
    await run(['execute', plan.path, ...options], { client, environment });
    const [stored] = client.calls.find(({ method }) => method === 'start')?.args ?? [];
    expect((stored as StoredPlan).graph.resources).toEqual([{ name: 'cpu', mode: 'semaphore', capacity: 4, scope: 'execution' }]);
  });

  test('that has too little of something, or does not exist, starts nothing', async () => {
    await using plan = await withPlan(PROFILED);
    const client = fakeClient({ events: short });
    const small = await run(['execute', plan.path, '--profile', 'laptop'], { client });
    expect([small.exit, small.stderr]).toEqual([5, expect.stringContaining('task "a" needs 4 of "cpu", and there are 2 in the profile "laptop"')]);
    const unknown = await run(['execute', plan.path, '--profile', 'prod'], { client });
    expect([unknown.exit, unknown.stderr]).toEqual([5, expect.stringMatching(/TASKS1213[\s\S]*There are: laptop, ci\./)]);
    expect(client.calls).toEqual([]);
  });
});

test('progress goes to standard error, the summary to standard output', async () => {
  await using plan = await withPlan(GOOD);
  const { stdout, stderr } = await run(['execute', plan.path], { client: fakeClient({ events: short }) });
  expect(stderr).toContain('✓ a succeeded 0.5s');
  expect(stdout).toContain(`✓ ${EXECUTION} succeeded`);
  expect(stdout).toContain('(vs 5m of estimated work, 2m on the longest chain)');
  expect(stdout).not.toContain('→');
});

test('as json it prints one object with id, outcome and counts', async () => {
  await using plan = await withPlan(GOOD);
  const { stdout } = await run(['execute', plan.path, '-o', 'json'], { client: fakeClient({ events: short }) });
  expect(JSON.parse(stdout)).toMatchObject({ executionId: EXECUTION, outcome: 'succeeded', counts: { SUCCEEDED: 1 } });
});

test('as jsonl it prints exactly the events, without gaps', async () => {
  await using plan = await withPlan(GOOD);
  const { stdout, stderr } = await run(['execute', plan.path, '-o', 'jsonl'], { client: fakeClient({ events: EVENTS }) });
  expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(EVENTS);
  expect(stderr).toBe('');
});

test('`-o none` says it by the exit code alone', async () => {
  await using plan = await withPlan(GOOD);
  const { stdout } = await run(['execute', plan.path, '-o', 'none'], { client: fakeClient({ events: short }) });
  expect(stdout).toBe('');
});

test('detached it prints the id and returns', async () => {
  await using plan = await withPlan(GOOD);
  const client = fakeClient({ hangs: true });
  expect(await run(['execute', plan.path, '--detach'], { client })).toMatchObject({ exit: 0, stdout: `${EXECUTION}\n` });
  expect(JSON.parse((await run(['execute', plan.path, '--detach', '--json'], { client })).stdout)).toMatchObject({ executionId: EXECUTION, plan: PLAN });
});

test('the first Ctrl-C leaves the execution and says how to come back and how to end it', async () => {
  await using plan = await withPlan(GOOD);
  const interrupt = new Interrupt(() => {
    throw new Error('a second interrupt was not asked for');
  });
  const client = fakeClient({ events: short.slice(0, 2), hangs: true });
  const { exit, stderr } = await run(['execute', plan.path], { client, interrupt, onStderr: (text) => text.includes('→ a') && interrupt.fire() });
  expect(exit).toBe(0);
  expect(stderr).toContain(`Left ${EXECUTION}. It goes on.`);
  expect(stderr).toContain(`tasks execute --execution ${EXECUTION}`);
  expect(stderr).toContain(`tasks abort ${EXECUTION}`);
  expect(client.calls.map(({ method }) => method)).not.toContain('abort');
});

test('with a worker inside, Ctrl-C says that it stops too, and it does', async () => {
  await using plan = await withPlan(GOOD);
  const interrupt = new Interrupt(() => {});
  const stopped: string[] = [];
  const { exit, stderr } = await run(['execute', plan.path, '--worker-max', '3'], {
    client: fakeClient({ events: short.slice(0, 2), hangs: true }),
    interrupt,
    services: {
      startWorker: async ({ slots }) => ({ identity: 'w', stop: async () => void stopped.push(`${slots} slots`), done: new Promise(() => {}) }),
    },
    onStderr: (text) => text.includes('→ a') && interrupt.fire(),
  });
  expect(exit).toBe(0);
  expect(stderr).toContain('The worker of this command stops too');
  expect(stopped).toEqual(['3 slots']);
});

test.each([
  [new TasksError({ code: 'TASKS2007', message: 'no bundle' })],
  [new Error('no such file')],
] as const)('a worker that cannot be started ends it with 6 and nothing is started: %s', async (reason) => {
  await using plan = await withPlan(GOOD);
  const client = fakeClient();
  const startWorker = async (): Promise<never> => {
    throw reason;
  };
  const ran = await run(['execute', plan.path, '--with-worker'], { client, services: { startWorker } });
  expect(ran.exit).toBe(6);
  expect(ran.stderr).toContain('[TASKS2007]');
  expect(client.calls).toEqual([]);
});

test('a worker that breaks down ends the waiting with 6', async () => {
  await using plan = await withPlan(GOOD);
  const { exit, stderr } = await run(['execute', plan.path, '--with-worker'], {
    client: fakeClient({ hangs: true }),
    services: { startWorker: async () => ({ identity: 'w', stop: async () => {}, done: Promise.reject(new Error('out of memory')) }) },
  });
  expect(exit).toBe(6);
  expect(stderr).toContain('the worker broke down: out of memory');
});

test('a server that cannot be reached ends it with 6', async () => {
  await using plan = await withPlan(GOOD);
  const connect = () => Promise.reject(new TasksError({ code: 'TASKS2001', message: 'no server', hint: '`tasks dev`' }));
  expect(await run(['execute', plan.path], { services: { connect } })).toMatchObject({ exit: 6, stderr: 'error: no server [TASKS2001]\n  help: `tasks dev`\n' });
});

test.each([[[]], [['--dry-run']]])('--git outside of a repository is refused before anything starts: %j', async (more) => {
  await using plan = await withPlan(GOOD);
  const { exit, stderr } = await run(['execute', plan.path, '--git', ...more]);
  expect(exit).toBe(1);
  expect(stderr).toContain('[TASKS3010]');
  expect(stderr).toContain(`${plan.directory} is in none`);
});

test('an invalid plan ends it with 5 before anything is connected', async () => {
  await using plan = await withPlan(CYCLE);
  const { exit, stderr } = await run(['execute', plan.path]);
  expect(exit).toBe(5);
  expect(stderr).toContain('a → b → c → a');
  expect(stderr).toContain('[TASKS1205]');
});

test('errors are one JSON object on standard error for whoever asked for JSON', async () => {
  await using plan = await withPlan(CYCLE);
  const { exit, stdout, stderr } = await run(['execute', plan.path, '--json']);
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({ error: { exit: 5, problems: [{ code: 'TASKS1205', reason: 'dependency-cycle' }] } });
});

describe('going on after a failure', () => {
  const earlier = { executionId: 'old' as typeof EXECUTION, status: 'failed' as const, startedAt: '2026-01-15T09:00:00Z' };

  test('it takes over the latest execution of the same plan', async () => {
    await using plan = await withPlan(GOOD);
    const client = fakeClient({ events: short, list: [earlier] });
    await run(['execute', plan.path, '-r'], { client });
    expect(client.calls.find(({ method }) => method === 'list')?.args).toEqual([{ plan: PLAN, limit: 1 }]);
    expect(client.calls.find(({ method }) => method === 'start')?.args[1]).toMatchObject({ resumeFrom: 'old' });
  });

  test('one that was named wins', async () => {
    await using plan = await withPlan(GOOD);
    const client = fakeClient({ events: short, list: [earlier], result: { outcome: 'failed', state: stateOf({ FAILED: 1 }, { status: 'failed' }) } });
    await run(['execute', plan.path, '-r', '--execution', 'ol'], { client });
    expect(client.calls[0]).toEqual({ method: 'resolve', args: ['ol'] });
    expect(client.calls.map(({ method }) => method)).toContain('start');
  });

  test('one that was named and still runs is refused, too', async () => {
    await using plan = await withPlan(GOOD);
    const client = fakeClient({ events: short });
    const { exit, stderr } = await run(['execute', plan.path, '-r', '--execution', 'ol'], { client });
    expect([exit, client.calls.map(({ method }) => method)]).toEqual([1, ['resolve']]);
    expect(stderr).toContain('is still running');
  });

  test.each([
    ['there is none', [], 'TASKS3001'],
    ['it still runs', [{ ...earlier, status: 'running' as const }], 'TASKS3011'],
  ])('it is refused when %s', async (_why, list, code) => {
    await using plan = await withPlan(GOOD);
    const client = fakeClient({ list });
    const { exit, stderr } = await run(['execute', plan.path, '-r'], { client });
    expect(exit).toBe(1);
    expect(stderr).toContain(code);
    expect(client.calls.map(({ method }) => method)).not.toContain('start');
  });
});

test('`--execution` comes back to a run without a plan', async () => {
  const client = fakeClient({ events: short });
  const { exit, stdout } = await run(['execute', '--execution', '@latest'], { client });
  expect(exit).toBe(0);
  expect(stdout).toContain(`${EXECUTION} succeeded`);
  expect(client.calls.map(({ method }) => method)).toEqual(['resolve']);
});

test.each([
  [['execute'], 'there is no plan to execute'],
  [['execute', 'plan', '--execution', 'x'], 'comes back to one'],
  [['execute', 'plan', '--detach', '--with-worker'], 'the worker would stop with it'],
  [['execute', 'plan', '--worker-min', '5', '--worker-max', '2'], '--worker-min 5 is more than --worker-max 2'],
] as const)('%j contradicts itself', async (argv, message) => {
  const { exit, stderr } = await run(argv);
  expect(exit).toBe(1);
  expect(stderr).toContain(message);
});

describe('how much of its machine the worker inside may use', () => {
  const limited = { ...GOOD, policies: { backpressure: { triggers: [{ metric: 'cpu', threshold: 60, action: 'pause_low_priority' }] } } };

  test.each([
    [GOOD, [], undefined],
    [GOOD, ['--memory-threshold', '70'], { memory: { soft: 70 } }],
    [limited, [], { cpu: { soft: 60 } }],
    [limited, ['--cpu-threshold', '90', '--memory-threshold', '99'], { cpu: { soft: 90 }, memory: { soft: 99 } }],
  ] as const)('%#: options before the plan', async (plan, options, limits) => {
    await using place = await withPlan(plan);
    const asked: unknown[] = [];
    const startWorker: Services['startWorker'] = async (request) => {
      asked.push(request.limits);
      return { identity: 'w', stop: async () => {} };
    };
    await run(['execute', place.path, '--with-worker', ...options], { client: fakeClient({ events: short }), services: { startWorker } });
    expect(asked).toEqual([limits]);
  });

  test('is said to have no effect where there is none', async () => {
    await using place = await withPlan(limited);
    for (const argv of [['execute', place.path], ['execute', '--execution', 'x']]) {
      const { stderr } = await run([...argv, '--cpu-threshold', '90'], { client: fakeClient({ events: short }) });
      expect(stderr.match(/warning: --(?:cpu|memory)-threshold has an effect only with a worker inside/gu)).toEqual(['warning: --cpu-threshold has an effect only with a worker inside']);
    }
  });
});

describe('dry run', () => {
  test('shows what would run and needs no server', async () => {
    await using plan = await withPlan(GOOD);
    const { exit, stdout } = await run(['execute', plan.path, '--dry-run', '-j', '1']);
    expect(exit).toBe(0);
    expect(stdout).toContain('4 tasks, 4 dependencies');
    expect(stdout).toContain('Critical path: install → test → pack');
    expect(stdout).toContain('Starts first: install');
    expect(stdout).toContain('Nothing was started.');
  });

  test('takes the plan from standard input, and answers as data', async () => {
    const { stdout } = await run(['execute', '-', '-d', '--json'], { stdin: JSON.stringify(GOOD) });
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, total: 4, startsFirst: ['install'], criticalPathSeconds: 420, dependencies: { hard: 4, soft: 0 } });
  });

  // The first has to ask for what executions share, and the second need not: it is there before the answer.
  test('says what there is, and what would wait for what', async () => {
    const calendars = { soon: { timezone: 'UTC', open: [{ cron: '0 0 1 1 *', minutes: 1 }] } };
    const resources = { db: { mode: 'exclusive' }, cpu: { mode: 'semaphore', capacity: 2 }, prod: { mode: 'exclusive', window: 'soon' } };
    const tasks = [
      { id: 'a', cmd: 'x', locks: ['db'], resources: [{ name: 'cpu', units: 2 }] },
      { id: 'b', cmd: 'x', resources: [{ name: 'cpu', units: 2 }] },
      { id: 'c', cmd: 'x', locks: ['prod'] },
      { id: 'd', cmd: 'x', risk: { level: 'high' } },
    ];
    const plan = JSON.stringify({ name: 'short of things', tasks, resources, calendars, profiles: { ci: { cpu: 2 } } });
    const { stdout } = await run(['execute', '-', '-d', '--profile', 'ci', '--require-approval', 'high'], { stdin: plan });
    expect(stdout).toContain('Starts first: b\n');
    expect(stdout).toMatch(/Ready, and would wait:\n {2}a waits for cpu, held by b\n {2}c waits for the window soon, which opens 20\d\d-01-01T00:00:00Z\n {2}d waits for somebody to approve it\n/u);
    expect(stdout).toContain('Resources (profile ci): db 1 (exclusive; shared by executions), cpu 2 (semaphore), prod 1 (exclusive; shared by executions; window soon)');
  });

  test('asks no worker for what a person does', async () => {
    const tasks = [{ id: 'review', capabilities: ['taste'] }];
    const { stdout } = await run(['execute', '-', '-d'], { stdin: JSON.stringify(tasks) });
    expect(stdout).toContain('Starts first: review\n');
    expect(stdout).not.toContain('Needs workers');
    const { stdout: automatic } = await run(['execute', '-', '-d', '--executor', 'noop'], { stdin: JSON.stringify(tasks) });
    expect(automatic).toContain('Needs workers that can do:\n  taste (1 task)');
  });

  test('says what workers must be able to do, in sixty columns', async () => {
    const tasks = [
      { id: 'a', cmd: 'x', capabilities: ['backend', 'db'] },
      { id: 'b', cmd: 'x', capabilities: ['backend', 'db'] },
      { id: 'c', cmd: 'x', capabilities: ['a capability with a name of its own that is longer than'], affinity: ['warm'] },
      { id: 'd', cmd: 'x' },
    ];
    const { stdout } = await run(['execute', '-', '-d'], { stdin: JSON.stringify(tasks), terminal: { width: 60 }, environment: { NO_COLOR: '1' } });
    const [, said = ''] = /Needs workers that can do:\n([\s\S]*?)\n\n/u.exec(stdout) ?? [];
    const [first, second = '', ...more] = said.split('\n');
    expect(first).toBe('  backend, db (2 tasks)');
    expect(second).toMatch(/^ {2}a capability with a name .*…$/u);
    expect(second.length).toBeLessThanOrEqual(60);
    expect(more).toEqual([]);
    const { stdout: json } = await run(['execute', '-', '-d', '--json'], { stdin: JSON.stringify(tasks) });
    expect(JSON.parse(json)).toMatchObject({ tasks: [{ capabilities: ['backend', 'db'] }, {}, { affinity: ['warm'] }, {}] });
  });

  test('says what the plan states of pre-emption, background tasks and limits, in sixty columns', async () => {
    const policies = {
      resource_allocation: { preemption_enabled: true, preemption_priorities: ['background', 'low', 'medium', 'high', 'critical'] },
      background: { max_tasks: 2 },
      backpressure: { triggers: [{ metric: 'error_rate', threshold: 5, action: 'circuit_break' }], recovery: { cool_down_seconds: 30, gradual_resume: true } },
    };
    const plan = JSON.stringify({ phase_id: 'P', tasks: [{ id: 'a', cmd: 'x' }, { id: 'b', cmd: 'x', kind: 'bg' }], policies, resource_limits: { cpu_percent_soft: 70, cpu_percent_hard: 85, ram_percent_hard: 90 } });
    const said = ['Pre-emption: background, then low, medium, high, critical', 'Background: 1 task, at most 2 at once', 'Backpressure: 5 failures/min; again after 30 s, 1 task/s', 'Limits: cpu 70 % (hard 85 %), memory hard 90 %'];
    const { stdout } = await run(['execute', '-', '-d'], { stdin: plan, terminal: { width: 60 }, environment: { NO_COLOR: '1' } });
    expect(stdout).toContain(`\n${said.join('\n')}\n\n`);
    for (const line of said) expect(line.length).toBeLessThanOrEqual(60);
    const { stdout: json } = await run(['execute', '-', '-d', '--json'], { stdin: plan });
    expect(JSON.parse(json)).toMatchObject({ background: 1, machine: { cpu: { soft: 70, hard: 85 }, memory: { hard: 90 } }, policies: { preemption: { enabled: true }, backpressure: { errorsPerMinute: 5 } } });
    const { stdout: plain } = await run(['execute', '-', '-d'], { stdin: JSON.stringify(GOOD) });
    expect(plain).not.toMatch(/^(?:Pre-emption|Background|Backpressure|Limits):/mu);
  });

  test('an invalid plan is refused all the same', async () => {
    await using plan = await withPlan('{"tasks": [');
    expect((await run(['execute', plan.path, '-d'])).exit).toBe(5);
  });
});
