/** What plans say of pre-emption, background tasks and pressure, in every format. */
import { describe, expect, test } from 'vitest';
import { parsePatch } from '../../../planner/read/parse-patch.ts';
import { accepted, refused, summary, taskOf } from './reading.ts';

const formats = (tasks: readonly object[]): readonly string[] => [
  JSON.stringify(tasks),
  JSON.stringify({ tasks, dependencies: [] }),
  JSON.stringify({ graph: { nodes: tasks } }),
  JSON.stringify({ phase_id: 'P', tasks }),
];

describe('tasks', () => {
  const tasks = [
    { id: 'a', cmd: 'x', preemptible: true, pausable: true, kind: 'bg' },
    { id: 'b', cmd: 'x', scheduling_hints: { preemptible: true, can_pause_resume: true }, priority: 'background' },
    { id: 'c', cmd: 'x', preemptible: false, pausable: false, scheduling_hints: { preemptible: true, can_pause_resume: true, priority: 'high' }, kind: 'bg' },
    { id: 'd', cmd: 'x', kind: 'impl' },
  ];

  test('say whether they may be stopped or suspended, our own word before the hint; a priority says more than a kind', async () => {
    for (const stdin of formats(tasks)) {
      const read = await accepted({ stdin });
      for (const id of ['a', 'b']) expect(taskOf(read, id), stdin).toMatchObject({ preemptible: true, pausable: true, priority: 5 });
      for (const id of ['c', 'd']) {
        expect(taskOf(read, id)).not.toHaveProperty('preemptible');
        expect(taskOf(read, id)).not.toHaveProperty('pausable');
      }
      expect(taskOf(read, 'c').priority).toBe(2);
      expect(taskOf(read, 'd')).not.toHaveProperty('priority');
    }
    for (const task of tasks.slice(0, 2)) {
      const parsed = parsePatch({ op: 'inject_task', task }, { fallbackId: 'p' });
      expect(parsed).toMatchObject({ ok: true, value: { patch: { tasks: [{ id: task.id, preemptible: true, pausable: true, priority: 5 }] } } });
    }
  });

  test.each(['"preemptible"', '"pausable"', '"scheduling_hints": {"preemptible"', '"scheduling_hints": {"can_pause_resume"'])('%s is true or false', async (key) => {
    const text = `[{"id": "a", "cmd": "x", ${key}:\n"yes"${key.includes('{') ? '}' : ''}}]`;
    expect(summary(await refused({ stdin: text }))).toEqual([['TASKS1006', 2]]);
  });

  test('what is in a background phase or below a background task is background, unless it says otherwise', async () => {
    const read = await accepted({
      stdin:
        'phase_id: P\nkind: bg\ntasks:\n  - {id: a, cmd: x}\n  - {id: b, cmd: x, priority: foreground}\n---\nphase_id: Q\ntasks:\n  - id: c\n    kind: bg\n    subtasks:\n      - {id: d, cmd: x}\n      - {id: e, cmd: x, priority: low}\n---\nphase_id: R\nkind: bg\ncmd: x\n',
    });
    expect(['a', 'b', 'c', 'd', 'e', 'R'].map((id) => taskOf(read, id).priority)).toEqual([5, 3, 5, 5, 4, 5]);
  });

  test('there is nothing to stop of a task that only holds subtasks, which it is told', async () => {
    const read = await accepted({ stdin: 'phase_id: P\ntasks:\n  - id: t\n    preemptible: true\n    pausable: true\n    subtasks: [{id: s, cmd: x, pausable: true}]\n' });
    expect(taskOf(read, 't')).not.toHaveProperty('preemptible');
    expect(taskOf(read, 's').pausable).toBe(true);
    expect(read.warnings).toMatchObject([{ code: 'TASKS1006', message: expect.stringContaining('preemptible, pausable has no effect'), place: { line: 4 } }]);
    const silent = await accepted({ stdin: 'phase_id: P\ntasks:\n  - id: t\n    preemptible: false\n    subtasks: [{id: s, cmd: x}]\n' });
    expect(silent.warnings).toEqual([]);
  });
});

const planWith = (policies: object): { stdin: string } => ({ stdin: JSON.stringify({ tasks: [{ id: 'a', cmd: 'x' }], policies }) });
/** A plan with one statement per line, so that a problem says by its line which one it is. */
const lines = (...policies: readonly string[]): { stdin: string } => ({ stdin: `{"tasks": [{"id": "a", "cmd": "x"}], "policies":\n${policies.join('\n')}}` });
const trigger = (metric: string, threshold: number, action = 'circuit_break') => ({ metric, threshold, action });

describe('pre-emption', () => {
  test('whether, and in which order; names and numbers are those of priorities', async () => {
    const { plan, warnings } = await accepted(planWith({ resource_allocation: { strategy: 'bin_packing_with_headroom', preemption_enabled: true, preemption_priorities: ['background', 7, 'low', 'foreground'] } }));
    expect(plan.graph.policies.preemption).toEqual({ enabled: true, order: [5, 7, 4, 3] });
    expect(warnings).toEqual([]);
    const stated = await accepted(planWith({ resource_allocation: { preemption_enabled: true } }));
    expect(stated.plan.graph.policies.preemption).toEqual({ enabled: true, order: [5, 4, 3, 2] });
  });

  test('a class that is named twice, whatever its name, is refused', async () => {
    const problems = await refused(lines('{"resource_allocation": {"preemption_priorities": ["low",', '"medium",', '"foreground",', '4]}}'));
    expect(summary(problems)).toEqual([['TASKS1006', 4], ['TASKS1006', 5]]);
    expect(problems[0]?.message).toBe('policies.resource_allocation.preemption_priorities[2]: the priority "foreground" is named twice');
    expect(summary(await refused(lines('{"resource_allocation": {"preemption_priorities": [', '"urgent"]}}')))).toEqual([['TASKS1006', 3]]);
  });
});

describe('backpressure', () => {
  test('error rates are failures a minute; CPU and memory are soft limits; of several the lowest', async () => {
    const triggers = [trigger('error_rate', 9), trigger('error_rate', 5), trigger('cpu_usage', 80, 'pause_low_priority'), trigger('cpu', 75), trigger('memory', 90), trigger('memory_usage', 85, 'defer_memory_intensive')];
    const { plan, warnings } = await accepted(planWith({ backpressure: { triggers, recovery: { cool_down_seconds: 12.5 } } }));
    expect(plan.graph.policies.backpressure).toEqual({ errorsPerMinute: 5, coolDownMs: 12_500 });
    expect(plan.machine).toEqual({ cpu: { soft: 75 }, memory: { soft: 85 } });
    expect(warnings).toEqual([]);
  });

  test('no limit is stated unless the plan states one', async () => {
    for (const policies of [{}, { backpressure: {} }, { backpressure: { triggers: [trigger('error_rate', 0)] } }]) expect((await accepted(planWith(policies))).plan).not.toHaveProperty('machine');
    expect((await accepted(planWith({ backpressure: { triggers: [trigger('error_rate', 0)] } }))).plan.graph.policies.backpressure.errorsPerMinute).toBe(0);
  });

  test.each([
    [{}, undefined],
    [{ gradual_resume: true }, 1],
    [{ gradual_resume: true, resume_rate: 0.5 }, 0.5],
    [{ resume_rate: 2 }, 2],
    [{ gradual_resume: false }, undefined],
    [{ gradual_resume: false, resume_rate: 2 }, undefined],
  ])('recovery %j resumes at %s tasks a second', async (recovery, rate) => {
    const { plan, warnings } = await accepted(planWith({ backpressure: { recovery } }));
    expect(plan.graph.policies.backpressure.resumeRate).toBe(rate);
    expect('resumeRate' in plan.graph.policies.backpressure).toBe(rate !== undefined);
    expect(warnings.map(({ message }) => message)).toEqual(rate === undefined && 'resume_rate' in recovery ? ['resume_rate has no effect where gradual_resume is false'] : []);
  });

  test('who wins says it key by key, and that nothing is gradual, too', async () => {
    const nested = { backpressure: { triggers: [trigger('cpu', 60), trigger('memory', 60), trigger('error_rate', 3)], recovery: { gradual_resume: true, resume_rate: 4 } } };
    const own = { backpressure: { triggers: [trigger('cpu', 90)], recovery: { cool_down_seconds: 5, gradual_resume: false } } };
    const { plan } = await accepted({ stdin: JSON.stringify({ graph: { nodes: [{ id: 'a', cmd: 'x' }] }, policies: own, coordinator: { policies: nested } }) });
    expect(plan.graph.policies.backpressure).toEqual({ errorsPerMinute: 3, coolDownMs: 5_000 });
    expect(plan.machine).toEqual({ cpu: { soft: 90 }, memory: { soft: 60 } });
    const merged = await accepted({ stdin: JSON.stringify({ graph: { nodes: [{ id: 'a', cmd: 'x' }] }, policies: { resource_allocation: { preemption_priorities: ['low'] }, background: { max_tasks: 2 } }, coordinator: { policies: { resource_allocation: { preemption_enabled: true }, background: { max_tasks: 4 } } } }) });
    expect(merged.plan.graph.policies).toMatchObject({ preemption: { enabled: true, order: [4] }, background: { maxTasks: 2 } });
  });

  const BAD: readonly (readonly [string, string, string])[] = [
    ['a share instead of a percentage', '{"backpressure": {"triggers": [{"metric": "cpu", "action": "circuit_break", "threshold":\n0.8}]}}', 'TASKS1006'],
    ['more than all', '{"backpressure": {"triggers": [{"metric": "memory_usage", "action": "circuit_break", "threshold":\n101}]}}', 'TASKS1006'],
    ['an unknown action', '{"backpressure": {"triggers": [{"metric": "cpu", "threshold": 80, "action":\n"reboot"}]}}', 'TASKS1007'],
    ['an unknown metric', '{"backpressure": {"triggers": [{"threshold": 80, "action": "circuit_break", "metric":\n"gpu"}]}}', 'TASKS1007'],
    ['an unknown key', '{"backpressure": {"recovery": {\n"resume": 1}}}', 'TASKS1007'],
    ['no tasks a second', '{"backpressure": {"recovery": {"resume_rate":\n0}}}', 'TASKS1006'],
    ['no background task at all', '{"background": {"max_tasks":\n0}}', 'TASKS1006'],
  ];
  test.each(BAD)('refused: %s', async (_title, policies, code) => {
    expect(summary(await refused(lines(policies)))).toEqual([[code, 3]]);
  });
});

describe("spec/003's limits and spec/001's are told apart by their keys, wherever they stand", () => {
  const phase = (id: string, more: object): string => `---\n${JSON.stringify({ phase_id: id, tasks: [{ id: `t${id}`, cmd: 'x', resource_requirements: { estimated: { cpu_cores: 1 } } }], ...more })}\n`;
  const thresholds = { cpu_percent_soft: 70, cpu_percent_hard: 85, ram_percent_soft: 70, ram_percent_hard: 90 };

  test('of phases; the strictest of all', async () => {
    const actions = { on_soft_limit: ['stop_spinning_up_more_cli_workers', 'throttle_bg_jobs'], on_hard_limit: ['pause_new_tasks', 'gracefully shutdown lowest_priority_instances'] };
    const first = phase('A', { resource_limits: { ...thresholds, actions, max_cpu_cores: 8 }, parallelism_policy: { max_cli_workers: 3, max_bg_jobs: 2 }, policies: { backpressure: { triggers: [trigger('memory', 60), trigger('error_rate', 3)] } } });
    const second = phase('B', { resource_limits: { cpu_percent_soft: 75, cpu_percent_hard: 80, max_cpu_cores: 4, max_concurrent_tasks: 5 }, parallelism_policy: { max_cli_workers: 4, max_bg_jobs: 1 }, policies: { backpressure: { triggers: [trigger('error_rate', 8)] } } });
    const { plan, warnings } = await accepted({ stdin: first + second });
    expect(plan.machine).toEqual({ cpu: { soft: 70, hard: 80 }, memory: { soft: 60, hard: 90 } });
    expect(plan.graph.policies).toMatchObject({ concurrencyMax: 3, background: { maxTasks: 1 }, backpressure: { errorsPerMinute: 3 } });
    expect(plan.graph.resources).toEqual([{ name: 'cpu_millicores', mode: 'semaphore', capacity: 4_000, scope: 'execution' }]);
    expect(warnings).toEqual([]);
  });

  test('a soft limit is never above a hard one', async () => {
    const { plan } = await accepted({ stdin: phase('A', { resource_limits: { cpu_percent_hard: 60 } }) + phase('B', { resource_limits: { cpu_percent_soft: 75 } }) });
    expect(plan.machine).toEqual({ cpu: { soft: 60, hard: 60 } });
    const problems = await refused({ stdin: 'phase_id: P\ncmd: x\nresource_limits:\n  ram_percent_soft: 80\n  ram_percent_hard: 70\n' });
    expect(summary(problems)).toEqual([['TASKS1006', 5]]);
  });

  test('policies say more than parallelism_policy', async () => {
    const { plan } = await accepted({ stdin: phase('A', { parallelism_policy: { max_cli_workers: 3, max_bg_jobs: 2 }, policies: { concurrency_max: 6, background: { max_tasks: 4 } } }) });
    expect(plan.graph.policies).toMatchObject({ concurrencyMax: 6, background: { maxTasks: 4 } });
  });

  test('of a v3 plan, together with what its coordinator says', async () => {
    const stdin = `---file:tasks.json\n${JSON.stringify({ tasks: [{ id: 'a', cmd: 'x' }], dependencies: [], meta: { resource_limits: { ...thresholds, max_concurrent_tasks: 4 } } })}\n---file:coordinator.json\n${JSON.stringify({ coordinator: { policies: { backpressure: { triggers: [trigger('cpu_usage', 80), trigger('memory_usage', 60)] } } } })}\n`;
    const { plan, warnings } = await accepted({ stdin });
    expect(plan.machine).toEqual({ cpu: { soft: 70, hard: 85 }, memory: { soft: 60, hard: 90 } });
    expect(plan.graph.policies.concurrencyMax).toBe(4);
    expect(warnings).toEqual([]);
  });

  test('what nothing acts on is kept, and said where it stands', async () => {
    const { plan, warnings } = await accepted({ stdin: 'phase_id: P\ncmd: x\nparallelism_policy:\n  mcp_auto_shutdown: true\nresource_limits:\n  io_wait_soft_ms: 200\n  cpu_percent_sof: 70\n' });
    expect(plan).not.toHaveProperty('machine');
    expect(warnings.map(({ code, message, place, hint }) => [code, place?.line, message, hint])).toEqual([
      ['TASKS1007', 4, 'kept, and without effect yet: parallelism_policy.mcp_auto_shutdown', undefined],
      ['TASKS1007', 6, 'kept, and without effect yet: resource_limits.io_wait_soft_ms', undefined],
      ['TASKS1007', 7, 'the limit "cpu_percent_sof" is not known here: it is kept and has no effect', 'Did you mean "cpu_percent_soft"?'],
    ]);
  });

  test.each([
    ['what is done over the hard limit only', 'resource_limits: {actions: {on_soft_limit: [\ngracefully shutdown lowest_priority_instances]}}'],
    ['what nobody does', 'resource_limits: {actions: {on_hard_limit: [\nreboot]}}'],
    ['less than a percent', 'resource_limits: {cpu_percent_soft:\n0.7}'],
    ['no workers', 'parallelism_policy: {max_cli_workers:\n0}'],
    ['no background jobs', 'parallelism_policy: {max_bg_jobs:\n0}'],
  ])('refused: %s', async (_title, text) => {
    expect(summary(await refused({ stdin: `phase_id: P\ncmd: x\n${text.replace('\n', '\n  ')}\n` }))).toEqual([['TASKS1006', 4]]);
  });
});
