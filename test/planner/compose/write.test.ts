import { describe, expect, test } from 'vitest';
import { policiesSchema } from '../../../planner/read/policies.schema.ts';
import { readPlan } from '../../../planner/read/read-plan.ts';
import { advantagesOf } from '../../../planner/compose/write-waves.ts';
import { edge, exclusion, exclusiveResource, make, pool, taskOf } from './drafts.ts';
import type { Made } from './drafts.ts';

const sure = (hours: number) => ({ optimistic: hours, mostLikely: hours, pessimistic: hours });

/** Two chains of unequal steps: waves make each wait for the other. */
const uneven = (): Made =>
  make({
    tasks: [taskOf({ id: 'A1', duration: sure(1) }), taskOf({ id: 'A2', duration: sure(5) }), taskOf({ id: 'B1', duration: sure(5) }), taskOf({ id: 'B2', duration: sure(1), capabilities: ['database'] })],
    dependencies: [edge('A1', 'A2'), edge('B1', 'B2')],
  });

describe('waves.json', () => {
  test('says of the rolling frontier what it saves, in numbers of the forecast', () => {
    const { execution_models: models } = uneven().waves;
    expect(models.rolling_frontier.estimated_completion_time).toEqual({ optimal_hours: 6, p50_hours: 6, p80_hours: 6, p95_hours: 6 });
    expect(models.wave_based.estimated_completion).toEqual({ p50_hours: 10, p80_hours: 10, p95_hours: 10 });
    expect(models.rolling_frontier.advantages_over_wave_based).toEqual(['40% faster completion (6 h against 10 h)', '40% faster in the worst 5% (6 h against 10 h)', 'More at once (2 tasks on average against 1.2)', 'Better resource utilization (12.5% of the CPU cores against 7.5%)']);
  });

  test('claims nothing where waves are as fast, or faster', () => {
    const { forecast } = make({ tasks: [taskOf({ id: 'A' })], dependencies: [] });
    const { p50 } = forecast.rolling.completion;
    expect(advantagesOf(forecast, 16)).toEqual([`None in time: waves are as fast (${Math.round(p50 * 10) / 10} h)`]);
    const faster = { ...forecast, waveBased: { ...forecast.waveBased, completion: { p50: p50 / 2, p80: p50 / 2, p95: p50 / 2 } } };
    expect(advantagesOf(faster, 16)[0]).toMatch(/^None in time: waves are 50% faster/u);
  });

  test('has a barrier for each wave, whose time is that of its slowest walks', () => {
    const [first, second] = uneven().waves.execution_models.wave_based.waves;
    expect(first).toMatchObject({ waveNumber: 1, tasks: ['A1', 'B1'], estimates: { p50Hours: 5 }, resource_usage: { estimated_cpu_cores: 2, estimated_memory_gb: 1 }, barrier: { quorum: 0.95, timeoutMinutes: 300, fallback: 'deferOptional', gateId: 'W1→W2-q95' } });
    expect(second?.barrier.gateId).toBe('W2→end-q95');
  });

  test('shows moments of the simulation, from the first to the last', () => {
    const { initial_frontier: first, execution_simulation: moments } = uneven().waves.execution_models.rolling_frontier;
    expect(first).toEqual(['A1', 'B1']);
    expect(Object.keys(moments)).toEqual(['time_0h', 'time_1h', 'time_5h', 'time_6h']);
    expect(moments['time_1h']).toEqual({ running: ['A2', 'B1'], ready: [], blocked: ['B2'], completed: ['A1'], resource_usage: { cpu_cores: 2, memory_gb: 1 } });
  });

  test('is as long as a person reads, whatever the plan', () => {
    const tasks = Array.from({ length: 60 }, (_, at) => taskOf({ id: `T${at}`, duration: sure(1 + (at % 7)) }));
    const { execution_simulation: moments } = make({ tasks, dependencies: [], options: { maxConcurrent: 3 }, walks: 2 }).waves.execution_models.rolling_frontier;
    expect(Object.keys(moments)).toHaveLength(12);
    expect(Object.values(moments).at(-1)?.completed).toHaveLength(60);
  });

  test('names what is waited for, with what would help', () => {
    const { waves } = make({ tasks: ['A', 'B'].map((id) => taskOf({ id, duration: sure(2), exclusive: ['db'] })), dependencies: [], resources: { db: exclusiveResource } });
    expect(waves.execution_models.rolling_frontier.critical_resource_contentions).toEqual([
      { resource: 'db', contention_points: 1, estimated_wait_time_hours: 2, mitigation: 'Let two tasks have it at once, or combine tasks that need it: 2 h instead of 4 h; without it 2 h' },
    ]);
  });
});

describe('coordinator.json', () => {
  test('states the same policies twice, and every one of them acts', async () => {
    const { coordinator, text } = uneven();
    expect(coordinator.policies).toEqual(coordinator.coordinator.policies);
    policiesSchema.parse(coordinator.policies);
    const read = await readPlan({ source: { stdin: text } });
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const { policies } = read.value.plan.graph;
    expect(policies).toMatchObject({ concurrencyMax: 10, executionModel: 'rolling_frontier', ageingMs: 90 * 60_000, preemption: { enabled: false }, wave: { timeoutMs: 300 * 60_000, quorum: 0.95 }, backpressure: { errorsPerMinute: 5, resumeRate: 1 } });
    expect(policies.monitoring.alerts.map(({ name }) => name)).toEqual(['failures', 'waiting']);
    expect(read.value.plan.machine).toEqual({ cpu: { soft: 80 }, memory: { soft: 85 } });
  });

  test('has a pool for the concurrency of the forecast, with room for the limits of the plan', () => {
    const tasks = Array.from({ length: 8 }, (_, at) => taskOf({ id: `T${at}`, duration: sure(2), capabilities: at === 0 ? ['database'] : ['backend', 'database'] }));
    const { worker_pool: workers } = make({ tasks, dependencies: [] }).coordinator;
    expect(workers).toMatchObject({ min_workers: 3, max_workers: 3, worker_template: { capabilities: ['database', 'backend'], resource_capacity: { cpu_cores: 6, memory_mb: 10_923, disk_io_mbps: 167 } } });
  });

  test('alone it keeps apart what the plan keeps apart', async () => {
    const { coordinator } = make({ tasks: ['A', 'B'].map((id) => taskOf({ id, shared: { pool: 2 } })), dependencies: [exclusion('A', 'B', 'db')], resources: { db: exclusiveResource, pool: pool(3) } });
    const read = await readPlan({ source: { stdin: JSON.stringify(coordinator) } });
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    expect(read.value.warnings).toEqual([]);
    expect(read.value.plan.graph.tasks[1]?.asks).toEqual(expect.arrayContaining([expect.objectContaining({ resource: 'db' }), expect.objectContaining({ resource: 'pool', units: 2 })]));
    expect(read.value.plan.graph.resources).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'pool', capacity: 3, scope: 'global' })]));
  });
});
