/**
 * The scheduler alone, at the largest graphs a plan may hold. The baseline is a bare Kahn walk of the same
 * graph: counting down the unmet dependencies of every successor, and nothing else.
 */
import { DEFAULT_POLICIES, MAX_DEPENDENCIES, MAX_TASKS } from '../model/graph.ts';
import type { Ask, Graph, GraphTask, Policies } from '../model/graph.ts';
import type { ContentHash, TaskId } from '../model/ids.ts';
import type { Resource } from '../model/resource.ts';
import { createState } from '../scheduler/create-state.ts';
import type { Decision } from '../scheduler/protocol.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { quantile, report } from './support/report.ts';
import type { Figure } from './support/report.ts';

const WIDTH = 50;
const PATCHES = 60;
const ROUNDS = 3;

/** Mulberry32: the same graph on every machine. */
const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const graphOf = (deps: readonly (readonly number[])[], policies: Partial<Policies> = {}): Graph => {
  const random = randomOf(7);
  const tasks = deps.map((deps, i): GraphTask => ({
    id: `task-${String(i)}` as TaskId,
    estimateMs: 1_000 + Math.floor(random() * 100_000),
    priority: 1 + Math.floor(random() * 5),
    ...(deps.length > 0 && { deps }),
  }));
  const hash = 'a'.repeat(64) as ContentHash;
  return { schema: 1, name: 'bench', tasks, sources: [hash], policies: { ...DEFAULT_POLICIES, concurrencyMax: WIDTH, ...policies } };
};

/** So many tasks, with so many dependencies on any of the `reach` tasks before. */
const layered = (count: number, dependencies: number, reach: number): number[][] => {
  const random = randomOf(42);
  const deps = Array.from({ length: count }, () => new Set<number>());
  for (let left = dependencies; left > 0; ) {
    const to = 1 + Math.floor(random() * (count - 1));
    const from = to - 1 - Math.floor(random() * Math.min(reach, to));
    if (deps[to]?.has(from)) continue;
    deps[to]?.add(from);
    left -= 1;
  }
  return deps.map((set) => [...set]);
};

/** Units of each of the resources: together fewer than there are slots, so that tasks wait for them. */
const UNITS = 15;
const RESOURCES: readonly Resource[] = ['a', 'b', 'c'].map((name) => ({ name, mode: 'semaphore', capacity: UNITS, scope: 'execution' }));

/** The same graph, in which every task asks for something. */
const asking = (graph: Graph, asksOf: (index: number) => readonly Ask[]): Graph => ({
  ...graph,
  resources: RESOURCES,
  tasks: graph.tasks.map((task, index) => ({ ...task, asks: asksOf(index) })),
});

const askOf = (number: number, units: number): Ask => ({ resource: RESOURCES[number % RESOURCES.length]?.name ?? '', units, access: 'write' });
const oneUnit = (index: number): readonly Ask[] => [askOf(index, 1)];
/** Of two resources, and in many different amounts. */
const twoAmounts = (index: number): readonly Ask[] => [askOf(index, 1 + (index % 7)), askOf(index + 1, 1 + (index % 11))];

const SHAPES: readonly (readonly [string, Graph])[] = [
  ['10,000 tasks, 50,000 dependencies', graphOf(layered(MAX_TASKS, MAX_DEPENDENCIES, 1_000))],
  ['10,000 ready at once', graphOf(Array.from({ length: MAX_TASKS }, () => []))],
  ['chain of 10,000', graphOf(Array.from({ length: MAX_TASKS }, (_, i) => (i > 0 ? [i - 1] : [])))],
  [
    '5 tasks that each wait for 9,995 others',
    graphOf(Array.from({ length: MAX_TASKS }, (_, i) => (i < MAX_TASKS - 5 ? [] : Array.from({ length: MAX_TASKS - 5 }, (_, from) => from)))),
  ],
  ['10,000 tasks, 50,000 dependencies, 1 of 3 resources', asking(graphOf(layered(MAX_TASKS, MAX_DEPENDENCIES, 1_000)), oneUnit)],
  ['10,000 ready at once, 1 of 3 resources', asking(graphOf(Array.from({ length: MAX_TASKS }, () => [])), oneUnit)],
  ['10,000 ready at once, some of 2 of 3 resources', asking(graphOf(Array.from({ length: MAX_TASKS }, () => [])), twoAmounts)],
  ['10,000 tasks, 50,000 dependencies, in waves', graphOf(layered(MAX_TASKS, MAX_DEPENDENCIES, 1_000), { executionModel: 'wave_based' })],
];

interface Walk {
  readonly createMs: number;
  readonly totalMs: number;
  readonly completionsMs: readonly number[];
}

const walk = (graph: Graph): Walk => {
  const created = performance.now();
  const scheduler = new Scheduler(createState({ graph, seed: 'bench', now: 0 }));
  const createMs = performance.now() - created;
  const completionsMs: number[] = [];
  const started: (Decision & { readonly type: 'start' })[] = [];
  const obey = (decisions: readonly Decision[]): void => {
    for (const decision of decisions) if (decision.type === 'start') started.push(decision);
  };
  const begun = performance.now();
  obey(scheduler.apply({ type: 'begin' }, 0).decisions);
  let now = 0;
  for (const { index, task, attempt, dispatch } of started) {
    now += 20;
    scheduler.apply({ type: 'started', index, attempt, dispatch }, now);
    const result = { task, attempt, outcome: 'succeeded', startedAt: now - 20, finishedAt: now, worker: 'w', host: 'h', tail: '' } as const;
    const before = performance.now();
    const { decisions } = scheduler.apply({ type: 'ended', index, result }, now);
    completionsMs.push(performance.now() - before);
    obey(decisions);
  }
  if (scheduler.state.mode !== 'finished') throw new Error('the walk did not reach the end');
  return { createMs, totalMs: performance.now() - begun, completionsMs };
};

const kahn = (graph: Graph): Walk => {
  const created = performance.now();
  const successors: number[][] = graph.tasks.map(() => []);
  const missing = graph.tasks.map((task) => task.deps?.length ?? 0);
  for (const [to, task] of graph.tasks.entries()) for (const from of task.deps ?? []) successors[from]?.push(to);
  const createMs = performance.now() - created;
  const completionsMs: number[] = [];
  const begun = performance.now();
  const order = [...missing.keys()].filter((index) => missing[index] === 0);
  for (const index of order) {
    const before = performance.now();
    for (const to of successors[index] ?? []) {
      missing[to] = (missing[to] as number) - 1;
      if (missing[to] === 0) order.push(to);
    }
    completionsMs.push(performance.now() - before);
  }
  return { createMs, totalMs: performance.now() - begun, completionsMs };
};

/** Milliseconds of each of many patches of one task between two others, on a graph that is under way. */
const patchTimes = (graph: Graph): number[] => {
  const scheduler = new Scheduler(createState({ graph, seed: 'bench', now: 0 }));
  scheduler.apply({ type: 'begin' }, 0);
  const count = graph.tasks.length;
  const random = randomOf(3);
  return Array.from({ length: PATCHES }, (_, i) => {
    const from = WIDTH + Math.floor((random() * count) / 2);
    const to = from + 1 + Math.floor(random() * (count - from - 1));
    const id = `new-${String(i)}` as TaskId;
    const at = (index: number): TaskId => (graph.tasks[index] as GraphTask).id;
    const before = performance.now();
    const step = scheduler.apply(
      {
        type: 'patch',
        patch: {
          id,
          tasks: [{ id, estimateMs: 50_000 }],
          edges: [
            { from: at(from), to: id, type: 'hard' },
            { from: id, to: at(to), type: 'hard' },
          ],
        },
      },
      0,
    );
    const elapsed = performance.now() - before;
    if (!step.receipt) throw new Error(step.rejected?.[0]?.message ?? 'the patch was not applied');
    return elapsed;
  });
};

const median = (rounds: readonly Walk[], pick: (walk: Walk) => number): number => quantile(rounds.map(pick), 0.5);

const figuresOf = (shape: string, graph: Graph): Figure[] => {
  const ours = Array.from({ length: ROUNDS }, () => walk(graph));
  const bare = Array.from({ length: ROUNDS }, () => kahn(graph));
  const figure = (name: string, pick: (walk: Walk) => number, target?: Figure['target']): Figure => ({
    name: `${shape}: ${name}`,
    value: median(ours, pick),
    unit: 'ms',
    baseline: { name: 'bare Kahn', value: median(bare, pick) },
    ...(target && { target }),
  });
  return [
    figure('create', (walk) => walk.createMs),
    figure('completion, p50', (walk) => quantile(walk.completionsMs, 0.5)),
    figure('completion, p99', (walk) => quantile(walk.completionsMs, 0.99), { atMost: 0.1 }),
    figure('completion, max', (walk) => quantile(walk.completionsMs, 1)),
    figure('whole graph', (walk) => walk.totalMs, { atMost: 1_000 }),
  ];
};

const patchFigures = (shape: string, graph: Graph): Figure[] => {
  const times = patchTimes(graph);
  return [
    { name: `${shape}: patch of 1 task and 2 edges, p50`, value: quantile(times, 0.5), unit: 'ms', target: { atMost: 5 } },
    { name: `${shape}: patch of 1 task and 2 edges, max`, value: quantile(times, 1), unit: 'ms' },
  ];
};

/** A little below the limits, so that the patches fit. */
const room = MAX_TASKS - PATCHES;
const PATCHED: readonly (readonly [string, Graph])[] = [
  ['9,940 tasks, 49,880 dependencies', graphOf(layered(room, MAX_DEPENDENCIES - 2 * PATCHES, 1_000))],
  ['9,940 ready at once', graphOf(Array.from({ length: room }, () => []))],
  ['chain of 9,940', graphOf(Array.from({ length: room }, (_, i) => (i > 0 ? [i - 1] : [])))],
];

walk(graphOf(layered(2_000, 8_000, 200)));
report('scheduler', [
  ...SHAPES.flatMap(([shape, graph]) => figuresOf(shape, graph)),
  ...PATCHED.flatMap(([shape, graph]) => patchFigures(shape, graph)),
]);
