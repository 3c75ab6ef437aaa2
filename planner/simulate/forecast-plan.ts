/**
 * How long the plan is likely to take in either model, where it waits, and what more of something would do: walks of the
 * scheduler itself, with durations drawn from the three points of each task. All walks draw from the same seed, so that two
 * numbers differ by what is compared and not by chance; and there are as many as the size of the plan says, never as many as
 * time allows.
 */
import type { Graph } from '../../model/graph.ts';
import { MAX_CONCURRENCY } from '../../model/graph.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Tasks } from '../artifacts/tasks.schema.ts';
import type { PlanOptions } from '../compose/options.ts';
import { planPolicies } from '../compose/plan-policies.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import type { Durations } from './durations.ts';
import { drawn, likeliest, median, percentilesOf, toHours } from './durations.ts';
import type { Forecast, Walk, WaveWalk } from './forecast.ts';
import { withLateEdges } from './late-edges.ts';
import { inWaves, layWaves } from './lay-waves.ts';
import { observeWaits } from './observe-waits.ts';
import { planGraph } from './plan-graph.ts';
import { simulate } from './simulate.ts';
import type { Timeline } from './timeline.ts';
import { loadOf, snapshotsOf, usesOf } from './usage.ts';
import type { Uses } from './usage.ts';
import { ResourceOrder, shownAmount, shownName, unlimited, withTwice } from './variants.ts';
import { shownWaits, waitsByResource } from './waits.ts';

/** Runs of tasks in all walks of one model. */
const RUNS = 2_500;
const MAX_RUNS = 7_500;
const WALKS = { most: 60, usual: 15, least: 5 } as const;

/** 60 up to 40 tasks, 25 of 100, 15 from 160 to 500, and 5 from 1,500 on. */
export const walksFor = (tasks: number): number => Math.min(WALKS.most, Math.max(WALKS.least, Math.floor(RUNS / tasks), Math.min(WALKS.usual, Math.floor(MAX_RUNS / tasks))));

/** Walks for each other number of tasks at once, and each other amount of a resource: 5 up to 60 tasks, 3 of 100, 1 from 300 on. */
export const comparedWalksFor = (tasks: number): number => Math.min(5, Math.max(1, Math.floor(300 / tasks)));

/** Of so many resources it is computed what more of them would do: those that were waited for the longest. */
const COMPARED_RESOURCES = 4;
const CONCURRENCIES = [0.25, 0.5, 1, 2] as const;

export interface ForecastOptions {
  readonly tasks: readonly PlannedTask[];
  readonly built: BuiltDag;
  readonly meta: Tasks['meta'];
  readonly options: PlanOptions;
  /** Of the durations that are drawn: the plan's hash. */
  readonly seed: string;
  /** Of each model; {@link walksFor} says how many unless stated. */
  readonly walks?: number;
}

const longest = (tasks: readonly PlannedTask[], { hard, soft }: BuiltDag, durations: Durations): number => {
  const places = new Map(tasks.map(({ id }, index) => [id, index]));
  const preds: number[][] = tasks.map(() => []);
  for (const { from, to } of [...hard, ...soft]) preds[places.get(to) ?? 0]?.push(places.get(from) ?? 0);
  const ends: number[] = [];
  for (const index of orderOf(preds).order) ends[index] = (preds[index] ?? []).reduce((latest, from) => Math.max(latest, ends[from] ?? 0), 0) + (durations[index] ?? 0);
  return ends.reduce((latest, end) => Math.max(latest, end), 0);
};

/** Hours of the longest chain of dependencies, whatever else there is to wait for. */
export const optimalHoursOf = (tasks: readonly PlannedTask[], built: BuiltDag): number => toHours(longest(tasks, built, likeliest(tasks)));

interface Course {
  readonly graph: Graph;
  readonly uses: readonly Uses[];
  readonly order: ResourceOrder;
  readonly startAt: number;
}

class Walks {
  readonly #course: Course;
  readonly #tasks: readonly PlannedTask[];
  readonly #draws: readonly Durations[];

  constructor(course: Course, tasks: readonly PlannedTask[], draws: readonly Durations[]) {
    this.#course = course;
    this.#tasks = tasks;
    this.#draws = draws;
  }

  /** One for each draw. */
  all(graph: Graph, draws = this.#draws): readonly Timeline[] {
    return draws.map((durations) => this.#walk(graph, durations));
  }

  /** Median in milliseconds, of fewer walks. */
  compared(graph: Graph): number {
    return median(this.all(graph, this.#draws.slice(0, comparedWalksFor(this.#tasks.length))).map(({ endsAt }) => endsAt));
  }

  /** With most likely durations, and what was waited for. */
  likeliest(graph: Graph): { readonly timeline: Timeline; readonly waits: ReturnType<typeof waitsByResource> } {
    const observer = observeWaits();
    const timeline = this.#walk(graph, likeliest(this.#tasks), observer.onMoment);
    return { timeline, waits: waitsByResource({ graph, timeline, observed: observer.waits(timeline), order: this.#course.order }) };
  }

  #walk(graph: Graph, durations: Durations, onMoment?: Parameters<typeof simulate>[0]['onMoment']): Timeline {
    return simulate({ graph, durations: (index) => durations[index] ?? 0, startAt: this.#course.startAt, ...(onMoment && { onMoment }) });
  }
}

const walkOf = (graph: Graph, timelines: readonly Timeline[], { timeline, waits }: ReturnType<Walks['likeliest']>, uses: readonly Uses[]): Walk => ({
  completion: percentilesOf(timelines.map(({ endsAt }) => endsAt)),
  snapshots: snapshotsOf(timeline, graph, uses, toHours),
  ...loadOf(timeline, uses),
  waits: shownWaits(waits),
});

const wavesOf = (graph: Graph, timelines: readonly Timeline[], timeline: Timeline, uses: readonly Uses[]): WaveWalk['waves'] =>
  (timeline.waves ?? []).map(({ number, tasks }, at) => ({
    number,
    tasks: tasks.map((index) => graph.tasks[index]?.id ?? ''),
    duration: percentilesOf(timelines.flatMap(({ waves }) => (waves?.[at] ? [waves[at].endedAt - waves[at].openedAt] : []))),
    usage: Object.fromEntries(Object.entries(loadOf(timeline, uses, tasks).peakUsage).filter(([, amount]) => amount > 0)),
  }));

const byConcurrency = (walks: Walks, graph: Graph, base: { readonly ms: number; readonly hours: number }): Forecast['byConcurrency'] => {
  const { policies } = graph;
  const numbers = new Set(CONCURRENCIES.map((factor) => Math.min(MAX_CONCURRENCY, Math.max(1, Math.ceil(policies.concurrencyMax * factor)))));
  return [...numbers]
    .sort((a, b) => a - b)
    .map((concurrency) => ({ concurrency, hours: scaled(base, concurrency === policies.concurrencyMax ? base.ms : walks.compared({ ...graph, policies: { ...policies, concurrencyMax: concurrency } })) }));
};

/** Fewer walks say by how much it is more or less, and all of them what that is of. */
const scaled = ({ ms, hours }: { readonly ms: number; readonly hours: number }, other: number): number => (ms === 0 ? hours : Math.round(hours * (other / ms) * 100) / 100);

const byResource = (walks: Walks, { graph, order }: Course, waits: ReturnType<typeof waitsByResource>, base: { readonly ms: number; readonly hours: number }): Forecast['byResource'] =>
  waits.slice(0, COMPARED_RESOURCES).map(({ name }) => ({
    resource: shownName(name),
    capacity: shownAmount(name, graph.resources?.find((each) => each.name === name)?.capacity ?? 1),
    hours: base.hours,
    twice: scaled(base, walks.compared(withTwice(graph, order, name))),
    unlimited: scaled(base, walks.compared(unlimited(graph, order, name))),
  }));

const notEnding = ({ tasks }: Timeline, graph: Graph): Problem => {
  const stuck = graph.tasks.filter((_, index) => tasks[index]?.state !== 'SUCCEEDED').map(({ id }) => id);
  return { code: 'TASKS1606', message: `the simulated plan comes to no end: ${stuck.slice(0, 5).join(', ')}${stuck.length > 5 ? ` and ${stuck.length - 5} more` : ''} cannot run`, hint: 'Look for what these tasks ask for: a window that never opens, or more of something than there is.' };
};

/** @returns what the reader finds wrong with the plan, or TASKS1606 where not all of its tasks can run. */
export const forecastPlan = ({ tasks, built, meta, options, seed, walks: count = walksFor(tasks.length) }: ForecastOptions): Result<Forecast> => {
  const optimalHours = optimalHoursOf(tasks, built);
  const planned = planGraph({ tasks, dependencies: built.dependencies, meta, policies: planPolicies({ tasks, options, optimalHours }) });
  if (!planned.ok) return planned;
  const graph = withLateEdges({ ...planned.value, policies: { ...planned.value.policies, executionModel: 'rolling_frontier' } });
  const course: Course = { graph, uses: usesOf(graph, tasks), order: new ResourceOrder(built), startAt: Date.parse(options.timestamp) };
  const walks = new Walks(course, tasks, drawn(tasks, count, seed));
  const likely = walks.likeliest(graph);
  if (likely.timeline.outcome !== 'succeeded') return fail([notEnding(likely.timeline, graph)]);
  const rolling = walkOf(graph, walks.all(graph), likely, course.uses);
  const waved = inWaves(graph, layWaves(graph, options.maxWaveSize));
  const inTurn = walks.likeliest(waved);
  const waveTimelines = walks.all(waved);
  const base = { ms: walks.compared(graph), hours: rolling.completion.p50 };
  return ok({
    optimalHours,
    serialHours: toHours(likeliest(tasks).reduce((sum, each) => sum + each, 0)),
    rolling,
    waveBased: { ...walkOf(waved, waveTimelines, inTurn, course.uses), waves: wavesOf(waved, waveTimelines, inTurn.timeline, course.uses) },
    byConcurrency: byConcurrency(walks, graph, base),
    byResource: byResource(walks, course, likely.waits, base),
  });
};
