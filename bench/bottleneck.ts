/**
 * A resource that executions share and that everybody wants, held for 2 s at a time: how much of the time it is
 * used while somebody waits, by the commands' own clocks, and how long it lies idle between two holders. The
 * baseline is a chain of the same commands, in which one only follows the other.
 */
import { randomUUID } from 'node:crypto';
import type { StoredPlan } from '../model/graph.ts';
import { startBenchServer } from './support/bench-server.ts';
import { chainOf, planOf } from './support/dag.ts';
import { quantile, report } from './support/report.ts';
import { median, pickSize } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const EXECUTIONS = 3;
const EACH = pickSize(10, 3);
const HELD_MS = 2_000;

const command = `sleep ${String(HELD_MS / 1_000)}`;
const dag = chainOf(EACH);
const held = { ...dag, tasks: dag.tasks.map((task) => ({ ...task, command, estimateMs: HELD_MS })) };

/** Tasks that depend on nothing, and all ask for one lock. */
const wanting = (domain: string): StoredPlan => {
  const plan = planOf({ ...held, concurrency: EACH, tasks: held.tasks.map((task) => ({ ...task, deps: [] })) }, 'child');
  const asks = [{ resource: 'bottleneck', units: 1, access: 'write' as const }];
  const resources = [{ name: 'bottleneck', mode: 'exclusive' as const, capacity: 1, scope: 'global' as const, domain }];
  return { ...plan, graph: { ...plan.graph, tasks: plan.graph.tasks.map((task) => ({ ...task, asks })), resources } };
};

await using server = await startBenchServer();

const contended = async (): Promise<{ readonly used: number; readonly idleMs: readonly number[] }> => {
  await using ours = await startOurs({ server });
  const plan = wanting(`bench-${randomUUID()}`);
  const started = await Promise.all(Array.from({ length: EXECUTIONS }, () => ours.tasks.start(plan, { workspace: ours.workspace })));
  const spans: (readonly [number, number])[] = [];
  for (const { executionId } of started) {
    await ours.tasks.result(executionId);
    for await (const { startedAt = 0, finishedAt = 0 } of ours.tasks.tasks(executionId)) spans.push([startedAt, finishedAt]);
  }
  spans.sort((a, b) => a[0] - b[0]);
  const idleMs = spans.slice(1).map(([start], at) => start - (spans[at]?.[1] ?? start));
  if (idleMs.some((gap) => gap < 0)) throw new Error('two held the lock at once');
  const whole = (spans.at(-1)?.[1] ?? 0) - (spans[0]?.[0] ?? 0);
  return { used: (100 * (whole - idleMs.reduce((sum, gap) => sum + gap, 0))) / whole, idleMs };
};

const following = async (): Promise<number> => {
  await using bare = await startBare({ server });
  return ((await (await bare.start(held)).ended) - EACH * HELD_MS) / EACH;
};

const baseline = { name: 'bare chain', value: await following() };
const { used, idleMs } = await contended();
report('bottleneck', [
  { name: `use of a lock that ${String(EXECUTIONS)} executions want, 2 s at a time`, value: used, unit: '%', baseline: { name: 'bare chain', value: (100 * HELD_MS) / (HELD_MS + baseline.value) }, target: { atLeast: 95 } },
  { name: '  from the end of a command to the start of the next, p50', value: median(idleMs), unit: 'ms', baseline, target: { atMost: 80 } },
  { name: '  p99', value: quantile(idleMs, 0.99), unit: 'ms' },
]);
