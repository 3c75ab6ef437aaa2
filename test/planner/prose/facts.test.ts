import { describe, expect, it } from 'vitest';
import { flattensAt } from '../../../planner/prose/decisions/concurrency.ts';
import { gatesOf } from '../../../planner/prose/facts/checks.ts';
import { lossWith, pointsOf } from '../../../planner/prose/facts/checkpoints.ts';
import { criticalHours } from '../../../planner/prose/facts/critical-path.ts';
import { deferrals } from '../../../planner/prose/facts/deferrals.ts';
import { thresholdAt } from '../../../planner/prose/facts/gates.ts';
import { compareModels } from '../../../planner/prose/facts/models.ts';
import { momentsOf } from '../../../planner/prose/facts/moments.ts';
import { hubs } from '../../../planner/prose/facts/reach.ts';
import { interfaceName } from '../../../planner/prose/facts/reuse.ts';
import { sharedResources } from '../../../planner/prose/facts/shared.ts';
import { taskHours } from '../../../planner/prose/facts/task-hours.ts';
import { usageOver } from '../../../planner/prose/facts/usage.ts';
import { counted, figure, hours, hoursInWords, percent, ratio } from '../../../planner/prose/numbers.ts';
import { flat } from '../../../planner/prose/markdown/flat.ts';
import { planMarkdown } from '../../../planner/prose/plan-markdown.ts';
import { complete } from './complete.ts';
import { dependency, task } from './support.ts';

describe('numbers', () => {
  it('have at most one decimal, and none that says nothing', () => {
    expect([0, 12, 12.34, 12.96, 0.04, 0.05, -0.01, NaN, Infinity].map(hours)).toEqual(['0h', '12h', '12.3h', '13h', '<0.1h', '0.1h', '0h', 'unknown', 'unknown']);
    expect(figure(0.0204, 3)).toBe('0.02');
  });

  it('are all or nothing only when they are', () => {
    expect([0, 0.004, 0.5, 0.996, 1].map(percent)).toEqual(['0%', '<1%', '50%', '>99%', '100%']);
    expect(ratio(1, 0)).toBeUndefined();
  });

  it('count one as one, also when it only rounds to it', () => {
    expect([counted(1, 'task'), counted(0, 'task'), counted(1.04, 'task'), counted(2, 'dependency', 'dependencies'), hoursInWords(1)]).toEqual(['1 task', '0 tasks', '1 task', '2 dependencies', '1 hour']);
  });
});

describe('text from outside', () => {
  it('is one line of bounded length, without what turns its direction, and never half a character', () => {
    expect(flat(' a\r\n\tb\u0000c ')).toBe('a b c');
    expect(flat('safe\u202Eexe.txt')).toBe('safe exe.txt');
    expect(flat('\n \u0000')).toBe('(blank)');
    expect(flat('😀😀😀', 3)).toBe('😀…');
    expect(flat('a\uD800')).toBe('a\uFFFD');
    expect(flat('x'.repeat(1e6), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});

describe('the longest chain', () => {
  const of = new Map([['a', 2], ['b', 3], ['c', 4]]);

  it('is that of the graph, whatever the order of its edges', () => {
    expect(criticalHours(of, [{ from: 'b', to: 'c' }, { from: 'a', to: 'b' }])).toBe(9);
    expect(criticalHours(of, [])).toBe(4);
  });

  it('is unknown when the edges close a cycle', () => {
    expect(criticalHours(of, [{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }])).toBeUndefined();
  });

  it('is found in a chain of 100,000 tasks', () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => `t${index}`);
    expect(criticalHours(new Map(ids.map((id) => [id, 1])), ids.slice(1).map((to, index) => ({ from: `t${index}`, to })))).toBe(100_000);
  });
});

describe('thresholds of confidence', () => {
  it('say what gates, what only orders, and how long the longest chain is', () => {
    const { tasks } = complete();
    expect([0.5, 0.7, 0.9].map((at) => thresholdAt(tasks, at))).toEqual([
      { at: 0.5, gates: 10, ordering: 0, hours: 25 },
      { at: 0.7, gates: 9, ordering: 1, hours: 25 },
      { at: 0.9, gates: 7, ordering: 3, hours: 21 },
    ]);
  });
});

describe('what a failure loses', () => {
  it('is half a task on average, all of it at worst, and less with checkpoints', () => {
    const tasks = [task({ id: 'A', title: 'Add', hours: 8, checkpoints: ['50%', '25%', '75%', '75%', '100%'] })];
    expect(lossWith(tasks, () => [])).toEqual({ average: 4, worst: 8, checkpoints: 0 });
    expect(lossWith(tasks, pointsOf)).toEqual({ average: 1, worst: 2, checkpoints: 3 });
  });

  it('weighs long tasks more: a failure is likelier to hit them', () => {
    expect(lossWith([task({ id: 'A', title: 'Add', hours: 1 }), task({ id: 'B', title: 'Be', hours: 9 })], () => []).average).toBeCloseTo((0.5 * 1 + 4.5 * 9) / 10);
  });
});

describe('waves', () => {
  const shared = [{ name: 'db', resource: { type: 'exclusive' as const, location: 'db', constraint: 'one', reason: 'It locks' }, capacity: 1, units: new Map([['a', 1], ['b', 1]]) }];
  const wave = (waveNumber: number, tasks: readonly string[]) => ({ waveNumber, tasks: [...tasks], estimates: { units: 'hours' as const, p50Hours: 1, p80Hours: 1, p95Hours: 1 }, resource_usage: {}, barrier: { kind: 'quorum' as const, quorum: 1, timeoutMinutes: 1, fallback: 'wait' as const, gateId: 'g' } });

  it('tell why a task is later than its dependencies ask for', () => {
    const waves = [wave(1, ['a', 'x']), wave(2, ['b', 'c', 'd']), wave(3, ['e'])];
    const found = deferrals({ waves, maxWaveSize: 3, gates: [dependency('a', 'c')], shared, apartOf: (id) => (id === 'd' ? ['x'] : []) });
    expect(found).toEqual([
      { task: 'b', wave: 2, earliest: 1, because: { kind: 'resource', resource: 'db', holders: ['a'] } },
      { task: 'd', wave: 2, earliest: 1, because: { kind: 'apart', from: ['x'] } },
      { task: 'e', wave: 3, earliest: 1, because: { kind: 'full' } },
    ]);
  });

  it('merge the checks of their tasks: those that are the same are one, and of two bounds the stricter counts', () => {
    const metric = (lte: number) => ({ type: 'metric' as const, name: 'p95', expect: { lte } });
    const command = { type: 'command' as const, cmd: 'npm test' };
    const gates = gatesOf([task({ id: 'A', title: 'Add', checks: [command, metric(200)] }), task({ id: 'B', title: 'Be', checks: [metric(100), command, { ...command, cmd: 'npm run lint' }] })]);
    expect(gates).toEqual([
      { check: command, tasks: ['A', 'B'] },
      { check: metric(100), tasks: ['A', 'B'] },
      { check: { ...command, cmd: 'npm run lint' }, tasks: ['B'] },
    ]);
  });
});

describe('moments of a walk', () => {
  it('tell what ended, what started, what became ready, what waits for whom and what was handed on', () => {
    const { forecast, tasks } = complete();
    const moments = momentsOf(forecast.rolling.snapshots, sharedResources({ tasks, forecast }));
    expect(moments[0]).toMatchObject({ label: '0h', started: ['P1.T001', 'P1.T002', 'P1.T009'], newlyReady: [], waiting: [{ task: 'P1.T003', resource: 'database_migrations', holders: ['P1.T002'] }] });
    const handed = moments.find(({ handedOn }) => handedOn.length > 0);
    expect(handed).toMatchObject({ label: '4h', completed: ['P1.T002'], started: ['P1.T003', 'P1.T004a'], newlyReady: ['P1.T004a'], handedOn: ['database_migrations'] });
    expect(moments.flatMap(({ completed }) => completed).sort()).toEqual(tasks.tasks.map(({ id }) => id).sort());
  });

  it('that read the same are one', () => {
    const at = (when: number, completed: readonly string[]) => ({ at: when, running: [], ready: [], blocked: [], completed, usage: {} });
    expect(momentsOf([at(0, []), at(1, ['a']), at(1.01, ['a', 'b'])], []).map(({ label, completed }) => [label, completed])).toEqual([['0h', []], ['1h', ['a', 'b']]]);
  });

  it('are bounded, and the rest is counted', () => {
    const input = complete();
    const snapshots = Array.from({ length: 100 }, (_, index) => ({ at: index, running: index < 99 ? ['P1.T001'] : [], ready: [], blocked: [], completed: [], usage: {} }));
    const text = planMarkdown({ ...input, forecast: { ...input.forecast, rolling: { ...input.forecast.rolling, snapshots } } });
    expect(text.match(/^#### Time /gm)).toHaveLength(20);
    expect(text).toContain('… and 80 more moments before the last.');
    expect(text).toContain('#### Time 99h: All Done');
  });
});

describe('other figures', () => {
  it('usage is weighed by how long it lasts', () => {
    const at = (when: number, cpu: number) => ({ at: when, running: [], ready: [], blocked: [], completed: [], usage: { cpu_cores: cpu } });
    expect(usageOver([at(0, 8), at(1, 2), at(4, 0)]).get('cpu_cores')).toEqual({ peak: 8, average: 3.5 });
  });

  it('the curve of concurrency flattens where more of it saves less than a twentieth', () => {
    expect(flattensAt([{ concurrency: 1, hours: 40 }, { concurrency: 2, hours: 21 }, { concurrency: 4, hours: 20 }])?.concurrency).toBe(2);
  });

  it('a task on which others depend is told with all that wait for it', () => {
    expect(hubs([dependency('a', 'b'), dependency('b', 'c'), dependency('c', 'd')])[0]).toEqual({ task: 'a', direct: 1, downstream: 3 });
  });

  it('models that differ by less than a hundredth are alike', () => {
    const { forecast } = complete();
    expect(compareModels({ ...forecast, waveBased: { ...forecast.waveBased, completion: { p50: 29.1, p80: 30, p95: 31 } } }).favoured).toBeUndefined();
  });

  it('days are of eight hours, and versions are no part of an interface\'s name', () => {
    expect(taskHours({ duration: { optimistic: 0, mostLikely: 1.5, pessimistic: 2 }, durationUnits: 'days' })).toBe(12);
    expect(['AuthAPI:v2', 'AuthAPI', 'a:b', 'x:1.2'].map(interfaceName)).toEqual(['AuthAPI', 'AuthAPI', 'a:b', 'x']);
  });

  it('long lists end with the count of the rest', () => {
    const input = complete();
    const requirements = Array.from({ length: 60 }, (_, index) => ({ ...input.coverage.requirements[5]!, id: `R${index}` }));
    expect(planMarkdown({ ...input, coverage: { ...input.coverage, requirements } })).toContain('… and 10 more requirements');
  });
});
