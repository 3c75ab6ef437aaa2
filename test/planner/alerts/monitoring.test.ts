/** Where plans state alerts, and what is refused there. */
import { describe, expect, test } from 'vitest';
import type { Problem, Result } from '../../../model/problem.ts';
import { readPlan } from '../../../planner/read/read-plan.ts';
import type { ReadPlan } from '../../../planner/read/compile.ts';
import { writePlan } from '../../../planner/write/write-plan.ts';

const read = (plan: object): Promise<Result<ReadPlan>> => readPlan({ source: { stdin: JSON.stringify(plan) } });
const good = async (plan: object): Promise<ReadPlan> => {
  const result = await read(plan);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const problems = async (plan: object): Promise<readonly Problem[]> => {
  const result = await read(plan);
  return result.ok ? [] : result.error;
};

/** As spec/001 writes it. */
const SPEC = {
  metrics_collection_interval: 10,
  metrics: ['task_throughput', 'average_wait_time', 'resource_utilization', 'failure_rate', 'checkpoint_success_rate'],
  alerts: [{ condition: 'failure_rate > 0.1', action: 'reduce_concurrency', notify: 'logs/alerts.log' }],
};
const EXPECTED = {
  intervalMs: 10_000,
  metrics: SPEC.metrics,
  alerts: [{ name: 'alert-1', text: 'failure_rate > 0.1', condition: { op: '>', left: { metric: 'failure_rate' }, right: { value: 0.1 } }, action: 'reduce_concurrency', notify: 'logs/alerts.log' }],
};
const graph = { nodes: [{ id: 'a', cmd: 'true' }], edges: [] };
const tasks = [{ id: 'a', cmd: 'true', resources: ['db'] }];
const flowops = (monitoring: object): object => ({ resources: { db: { mode: 'exclusive' } }, tasks, policies: { monitoring } });

describe('alerts', () => {
  test.each([
    ['beneath the coordinator, as in spec/001', { version: '1.0', graph, coordinator: { monitoring: SPEC } }],
    ['at the top of coordinator.json', { version: '1.0', graph, monitoring: SPEC }],
    ['among the policies', { version: '1.0', graph, policies: { monitoring: SPEC } }],
    ['in a FlowOps plan', flowops(SPEC)],
  ])('%s are part of the graph, without a warning', async (_, plan) => {
    const { plan: stored, warnings } = await good(plan);
    expect(warnings).toEqual([]);
    expect(stored.graph.policies.monitoring).toEqual(EXPECTED);
  });

  test('are written into a plan again, and read as the same', async () => {
    const { plan } = await good(flowops(SPEC));
    const written = writePlan({ graph: plan.graph, specs: plan.tasks, plan });
    expect((await good(written.plan)).plan.graph.policies.monitoring).toEqual(EXPECTED);
  });

  test.each<readonly [string, object, string, RegExp]>([
    ['a condition that cannot be read', { alerts: [{ name: 'x', condition: 'failure_rat > 1' }] }, 'TASKS1220', /"x" has a condition that cannot be read, at character 1: there is no metric "failure_rat"/u],
    ['a file outside of the workspace', { alerts: [{ condition: 'ready > 1', notify: '../alerts.log' }] }, 'TASKS1220', /no file of the workspace/u],
    ['an absolute file', { alerts: [{ condition: 'ready > 1', notify: '/etc/passwd' }] }, 'TASKS1220', /no file of the workspace/u],
    ['two of one name', { alerts: [{ name: 'x', condition: 'ready > 1' }, { name: 'x', condition: 'ready > 2' }] }, 'TASKS1220', /the name of another one/u],
    ['a resource that nobody asks for', { alerts: [{ condition: 'resource_utilization.bd > 1%' }] }, 'TASKS1220', /"bd", which no task asks for/u],
    ['an unknown action', { alerts: [{ condition: 'ready > 1', action: 'reduce_concurency' }] }, 'TASKS1007', /action/u],
    ['an unknown metric', { metrics: ['latency'] }, 'TASKS1007', /metrics/u],
    ['an unknown key', { alerts: [{ condition: 'ready > 1', every: 3 }] }, 'TASKS1007', /every/u],
  ])('%s is refused, with its place', async (_, monitoring, code, message) => {
    const [first] = await problems(flowops(monitoring));
    expect(first).toMatchObject({ code, message: expect.stringMatching(message) as string, place: { line: expect.any(Number) as number } });
  });
});
