import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Graph } from '../../../model/graph.ts';
import { emptyOccupancy, fits, take } from '../../../resources/occupancy.ts';
import { withLateEdges } from '../../../planner/simulate/late-edges.ts';
import { optimalHoursOf } from '../../../planner/simulate/forecast-plan.ts';
import { inWaves, layWaves } from '../../../planner/simulate/lay-waves.ts';
import { planGraph } from '../../../planner/simulate/plan-graph.ts';
import { planPolicies } from '../../../planner/compose/plan-policies.ts';
import { simulate } from '../../../planner/simulate/simulate.ts';
import type { Timeline } from '../../../planner/simulate/timeline.ts';
import { begin, sketches } from '../compose/drafts.ts';
import type { Sketch } from '../compose/drafts.ts';

const graphOf = (sketch: Sketch): Graph => {
  const { built, meta, options } = begin(sketch);
  const graph = planGraph({ tasks: sketch.tasks, dependencies: built.dependencies, meta, policies: planPolicies({ tasks: sketch.tasks, options, optimalHours: optimalHoursOf(sketch.tasks, built) }) });
  if (!graph.ok) throw new Error(JSON.stringify(graph.error));
  return graph.value;
};

const durationOf = (graph: Graph) => (index: number) => graph.tasks[index]?.estimateMs ?? 0;

/** All that an execution must never do, whatever the order. */
const check = (graph: Graph, timeline: Timeline): void => {
  expect(timeline.outcome).toBe('succeeded');
  const last = (index: number): { readonly from: number; readonly to: number } => timeline.tasks[index]?.runs.at(-1) ?? { from: Number.NaN, to: Number.NaN };
  for (const [index, task] of graph.tasks.entries()) {
    expect(timeline.tasks[index]?.runs).toHaveLength(1);
    expect(last(index).to - last(index).from).toBe(task.estimateMs ?? 0);
    for (const from of [...(task.deps ?? []), ...(task.soft ?? [])]) expect(last(from).to).toBeLessThanOrEqual(last(index).from);
  }
  for (const { from: at } of timeline.tasks.map((_, index) => last(index))) {
    const running = [...graph.tasks.keys()].filter((index) => last(index).from <= at && at < last(index).to);
    expect(running.length).toBeLessThanOrEqual(graph.policies.concurrencyMax);
    const taken = new Map((graph.resources ?? []).map((resource) => [resource.name, emptyOccupancy(resource)]));
    for (const ask of running.flatMap((index) => graph.tasks[index]?.asks ?? [])) {
      const occupancy = taken.get(ask.resource);
      if (!occupancy) throw new Error(`no resource ${ask.resource}`);
      expect(fits(occupancy, ask), `${ask.resource} at ${at}`).toBe(true);
      take(occupancy, ask);
    }
  }
};

test('a simulated execution breaks no dependency, no exclusion and no capacity', () => {
  fc.assert(
    fc.property(sketches(14), (sketch) => {
      const graph = graphOf(sketch);
      check(graph, simulate({ graph, durations: durationOf(graph) }));
    }),
    { numRuns: 30 },
  );
});

test('in waves no more so; every wave fits, and no task begins before its wave opens', () => {
  fc.assert(
    fc.property(sketches(14), (sketch) => {
      const plain = withLateEdges(graphOf(sketch));
      const waves = layWaves(plain, sketch.options?.maxWaveSize ?? 30);
      const graph = inWaves(plain, waves);
      const timeline = simulate({ graph, durations: durationOf(graph) });
      check(graph, timeline);
      expect(timeline.waves?.map(({ number }) => number)).toEqual([...new Set(waves)].sort((a, b) => a - b));
      for (const { tasks, openedAt } of timeline.waves ?? []) {
        expect(tasks.length).toBeLessThanOrEqual(sketch.options?.maxWaveSize ?? 30);
        for (const index of tasks) expect(timeline.tasks[index]?.runs[0]?.from).toBeGreaterThanOrEqual(openedAt);
      }
    }),
    { numRuns: 30 },
  );
});
