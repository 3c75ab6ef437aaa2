import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparedWalksFor, walksFor } from '../../../planner/simulate/forecast-plan.ts';
import { percentilesOf } from '../../../planner/simulate/durations.ts';
import { randomOf, samplePert } from '../../../planner/simulate/random.ts';
import { edge, exclusion, exclusiveResource, make, pool, taskOf } from '../compose/drafts.ts';
import type { TaskSketch } from '../compose/drafts.ts';

const sure = (hours: number): NonNullable<TaskSketch['duration']> => ({ optimistic: hours, mostLikely: hours, pessimistic: hours });
const tasks = (...ids: readonly string[]) => ids.map((id) => taskOf({ id, duration: sure(2) }));

test('a chain of sure durations takes their sum, whatever the percentile', () => {
  const { forecast } = make({ tasks: tasks('A', 'B', 'C'), dependencies: [edge('A', 'B'), edge('B', 'C')] });
  expect(forecast).toMatchObject({ optimalHours: 6, serialHours: 6, rolling: { completion: { p50: 6, p80: 6, p95: 6 }, averageConcurrency: 1, maxConcurrency: 1, waits: [] }, waveBased: { completion: { p50: 6, p80: 6, p95: 6 } } });
  expect(forecast.waveBased.waves.map((wave) => wave.tasks)).toEqual([['A'], ['B'], ['C']]);
});

test('where nothing is shared, waves never beat the rolling frontier', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 8 }), (links, hours) => {
      const made = make({
        tasks: hours.map((mostLikely, at) => taskOf({ id: `T${at}`, cpu: 0, memory: 0, duration: { optimistic: mostLikely / 2, mostLikely, pessimistic: 3 * mostLikely } })),
        dependencies: links.flatMap(([a, b]) => (a < b ? [edge(`T${a}`, `T${b}`)] : [])),
        walks: 8,
      });
      const { rolling, waveBased, optimalHours } = made.forecast;
      for (const share of ['p50', 'p80', 'p95'] as const) expect(rolling.completion[share]).toBeLessThanOrEqual(waveBased.completion[share]);
      expect(rolling.snapshots.at(-1)?.at).toBe(optimalHours);
    }),
    { numRuns: 15 },
  );
});

describe('an exclusive resource', () => {
  const three = ['A', 'B', 'C'].map((id) => taskOf({ id, duration: sure(2), exclusive: ['db'] }));

  test('costs the time that tasks take turns, ordered or not', () => {
    for (const dependencies of [[], [exclusion('A', 'B', 'db'), exclusion('B', 'C', 'db')]]) {
      const { forecast } = make({ tasks: three, dependencies, resources: { db: exclusiveResource } });
      expect(forecast).toMatchObject({ optimalHours: 2, rolling: { completion: { p50: 6 }, waits: [{ resource: 'db', tasks: 2 }] }, byResource: [{ resource: 'db', capacity: 1, hours: 6, twice: 4, unlimited: 2 }] });
    }
  });

  test('is named as a bottleneck, with what would help', () => {
    const { dag } = make({ tasks: three, dependencies: [exclusion('A', 'B', 'db'), exclusion('B', 'C', 'db')], resources: { db: exclusiveResource } });
    expect(dag.resource_bottlenecks).toMatchObject([{ resource: 'db', impact: 'critical_path_extension', affected_tasks: ['A', 'B', 'C'] }]);
    expect(dag.resource_bottlenecks[0]?.mitigation).toContain('4 h instead of 6 h; without it 2 h');
    expect(dag.metrics.resourceUtilization['db']?.serialization_impact).toBe('adds 2 tasks to the longest chain, and 4 h to the whole (6 h instead of 2 h)');
  });

  test('separates waves', () => {
    expect(make({ tasks: three, dependencies: [], resources: { db: exclusiveResource } }).waves.execution_models.wave_based.waves.map((wave) => [wave.tasks, wave.resource_usage['db']])).toEqual([[['A'], 1], [['B'], 1], [['C'], 1]]);
  });
});

test('a pool is used as far as it goes, and its use is told', () => {
  const { dag, forecast } = make({ tasks: ['A', 'B', 'C', 'D'].map((id) => taskOf({ id, duration: sure(2), shared: { pool: 1 } })), dependencies: [], resources: { pool: pool(2) } });
  expect(forecast.rolling).toMatchObject({ completion: { p50: 4 }, maxConcurrency: 2, peakUsage: { pool: 2 } });
  expect(dag.metrics.resourceUtilization['pool']).toMatchObject({ waves_required: 2, utilization: '100% average, 100% peak' });
});

test('tasks that write one file take turns in a walk as they would in an execution', () => {
  const { forecast } = make({ tasks: ['A', 'B'].map((id) => taskOf({ id, duration: sure(3), writes: ['src/a.ts'] })), dependencies: [] });
  expect(forecast.rolling.completion.p50).toBe(6);
});

test('cores bind, with a fifth kept free', () => {
  const { forecast } = make({ tasks: ['A', 'B', 'C'].map((id) => taskOf({ id, duration: sure(2), cpu: 4 })), dependencies: [], limits: { max_cpu_cores: 10 } });
  expect(forecast.rolling).toMatchObject({ completion: { p50: 4 }, maxConcurrency: 2, peakUsage: { cpu_cores: 8 } });
  expect(forecast.byResource).toMatchObject([{ resource: 'cpu_cores', capacity: 8, hours: 4, twice: 2 }]);
});

test('other numbers at once have other times, and the own one is the forecast', () => {
  const { forecast } = make({ tasks: tasks('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'), dependencies: [], options: { maxConcurrent: 4 } });
  expect(forecast.byConcurrency).toEqual([{ concurrency: 1, hours: 16 }, { concurrency: 2, hours: 8 }, { concurrency: 4, hours: 4 }, { concurrency: 8, hours: 2 }]);
});

test('a task that needs more cores than there are is refused as a conflict', () => {
  expect(() => make({ tasks: [taskOf({ id: 'A', cpu: 20 })], dependencies: [] })).toThrow('TASKS1606');
});

test('walks are fewer the larger the plan, and never none', () => {
  expect([1, 40, 100, 500, 1_000, 10_000].map(walksFor)).toEqual([60, 60, 25, 15, 7, 5]);
  expect([1, 60, 100, 300, 10_000].map(comparedWalksFor)).toEqual([5, 5, 3, 1, 1]);
});

describe('drawn durations', () => {
  test('stay within their points, and have the mean that estimates have', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 3 }), fc.string(), (points, seed) => {
        const [optimistic = 0, mostLikely = 0, pessimistic = 0] = points.toSorted((a, b) => a - b);
        const random = randomOf(seed);
        const drawn = Array.from({ length: 400 }, () => samplePert({ optimistic, mostLikely, pessimistic }, random));
        for (const each of drawn) expect(each).toSatisfy((value: number) => value >= optimistic && value <= pessimistic);
        const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
        expect(Math.abs(mean - (optimistic + 4 * mostLikely + pessimistic) / 6)).toBeLessThanOrEqual(0.05 * (pessimistic - optimistic));
      }),
      { numRuns: 30 },
    );
  });

  test('are the same for the same seed, on any machine', () => {
    const random = randomOf('seed');
    expect(Array.from({ length: 3 }, () => Math.floor(random() * 1e6))).toMatchInlineSnapshot(`
      [
        170987,
        237586,
        397629,
      ]
    `);
    expect(Math.round(1e6 * samplePert({ optimistic: 1, mostLikely: 2, pessimistic: 6 }, randomOf('seed')))).toMatchInlineSnapshot(`2004156`);
  });
});

test('a percentile is a time that was walked', () => {
  const hour = 3_600_000;
  expect(percentilesOf([4, 1, 3, 2].map((each) => each * hour))).toEqual({ p50: 2, p80: 4, p95: 4 });
  expect(percentilesOf([])).toEqual({ p50: 0, p80: 0, p95: 0 });
});
