/** Random graphs, policies and courses of events for the properties of the scheduler. */
import * as fc from 'fast-check';
import type { ErrorPolicy, Strategy } from '../../model/self-heal.ts';
import { ATTEMPT_FAILURE_REASONS, FAILURE_CLASSES } from '../../model/attempt.ts';
import type { Breaker, BreakerAction, Trigger } from '../../model/breaker.ts';
import type { AttemptResult } from '../../model/attempt.ts';
import { DEFAULT_POLICIES, DEFAULT_RETRY, UNANSWERED_OUTCOMES } from '../../model/graph.ts';
import type { Ask, Graph, GraphTask, Policies } from '../../model/graph.ts';
import type { ContentHash, TaskId } from '../../model/ids.ts';
import type { InjectedTask, ParsedPatch, PatchEdge, RemovedEdge, ResourceChanges, TaskFields } from '../../model/patch.ts';
import { PRESSURES } from '../../model/pool.ts';
import type { WorkerProfile, WorkerTable } from '../../model/pool.ts';
import type { Resource } from '../../model/resource.ts';
import { PERIODS } from './calendars.ts';
import { failure, graphOf, PLAN_HASH } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

/** Names that a plain object would have of its own. */
export const AWKWARD_IDS = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];

const nameOf = (index: number): TaskId => (AWKWARD_IDS[index] ?? `t${String(index)}`) as TaskId;

const taskFields = fc.record(
  {
    estimateMs: fc.constantFrom(1, 1_000, 5_000, 60_000, 600_000),
    priority: fc.integer({ min: 1, max: 5 }),
    confidence: fc.constantFrom(0.4, 0.7, 0.9),
    rollbackCost: fc.integer({ min: 1, max: 3 }),
    executor: fc.constantFrom('human', 'noop', 'command'),
    dispatch: fc.constantFrom('child' as const, 'activity' as const),
    idempotent: fc.boolean(),
    optional: fc.boolean(),
    wave: fc.integer({ min: 1, max: 4 }),
    risk: fc.constantFrom('low' as const, 'high' as const),
    approval: fc.boolean(),
    preemptible: fc.boolean(),
    retry: fc.record({ maxAttempts: fc.integer({ min: 1, max: 4 }), backoff: fc.constantFrom('linear' as const, 'exponential' as const) }),
  },
  { requiredKeys: [] },
);

export const policies: fc.Arbitrary<Policies> = fc.record({
  concurrencyMax: fc.integer({ min: 1, max: 5 }),
  executionModel: fc.constantFrom('rolling_frontier', 'wave_based'),
  wave: fc.record(
    {
      maxWaveSize: fc.integer({ min: 1, max: 5 }),
      quorum: fc.constantFrom(0, 0.3, 0.5, 0.95, 1),
      timeoutMs: fc.integer({ min: 1, max: 20_000 }),
      fallback: fc.constantFrom('deferOptional', 'deferOptional', 'wait', 'fail'),
    },
    { requiredKeys: ['maxWaveSize', 'quorum', 'fallback'] },
  ),
  retry: fc.record({
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    backoff: fc.constantFrom('linear', 'exponential'),
    initialDelayMs: fc.constantFrom(1, 1_000),
    maxDelayMs: fc.constant(5_000),
    jitter: fc.boolean(),
    retryOn: fc.constant(DEFAULT_RETRY.retryOn),
    raiseUpTo: fc.constant(1),
  }),
  checkpoints: fc.constant(DEFAULT_POLICIES.checkpoints),
  preemption: fc.record({ enabled: fc.boolean(), order: fc.constant([5, 4, 3, 2]) }),
  backpressure: fc.constantFrom({ coolDownMs: 30_000 }, { coolDownMs: 30_000 }, { coolDownMs: 5_000, errorsPerMinute: 2, resumeRate: 0.5 }, { coolDownMs: 0, errorsPerMinute: 0 }, { coolDownMs: 1_000, resumeRate: 3 }),
  background: fc.constantFrom({}, { maxTasks: 1 }),
  // What they do has courses of its own (`healing-properties.test.ts`).
  breakers: fc.constant([]),
  rollback: fc.constant({ onFailure: 'none' as const }),
  matching: fc.record({ preferSpecialized: fc.boolean(), maxTasksPerWorker: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ['preferSpecialized'] }),
  approval: fc.record(
    {
      risk: fc.constantFrom('none' as const, 'none' as const, 'high' as const),
      timeoutMs: fc.integer({ min: 1, max: 20_000 }),
      onTimeout: fc.constantFrom(...UNANSWERED_OUTCOMES),
    },
    { requiredKeys: ['risk', 'onTimeout'] },
  ),
  failFast: fc.boolean(),
  ageingMs: fc.constantFrom(1, 3_000, 600_000),
  dispatch: fc.constantFrom('child', 'auto'),
});

/** One of every kind there is. */
const RESOURCES: readonly Resource[] = [
  { name: 'one', mode: 'exclusive', capacity: 1, scope: 'execution' },
  { name: 'two', mode: 'exclusive', capacity: 2, scope: 'execution' },
  { name: 'three', mode: 'semaphore', capacity: 3, scope: 'execution' },
  { name: 'files:1', mode: 'semaphore', capacity: 5, scope: 'execution' },
  { name: 'shared', mode: 'exclusive', capacity: 1, scope: 'global' },
  { name: 'quota', mode: 'semaphore', capacity: 4, scope: 'global' },
];

/** Those that are granted without a message. */
export const LOCAL_RESOURCES = RESOURCES.filter(({ scope }) => scope === 'execution');

/** Many tasks that are ready at once, with slots for most of them: what they lack is resources. */
export const crowds: fc.Arbitrary<Graph> = fc
  .array(fc.record({ priority: fc.integer({ min: 1, max: 3 }), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 10, maxLength: 40, size: 'max' })
  .map((fields) => graphOf(fields.map((each, i): TaskSketch => ({ id: `t${String(i)}`, ...each })), { concurrencyMax: 12, ageingMs: 60_000 }));

/** Of every resource in turn: none, or some of it. Never more than there is. */
const asksFrom = (numbers: readonly number[], resources: readonly Resource[]): readonly Ask[] =>
  resources.flatMap((resource, i): Ask[] => {
    const number = numbers[i % numbers.length] ?? 0;
    if (number % 3 > 0) return [];
    return [{ resource: resource.name, units: 1 + (number % Math.max(1, resource.capacity)), access: number % 2 === 0 ? 'read' : 'write' }];
  });

/** The same graph with resources, and tasks that ask for them. */
export const withResources = (graphs: fc.Arbitrary<Graph>, resources: readonly Resource[] = RESOURCES): fc.Arbitrary<Graph> =>
  fc.tuple(graphs, fc.array(fc.array(fc.nat(1_000), { minLength: resources.length, maxLength: resources.length }), { minLength: 1, size: 'max', maxLength: 12 })).map(
    ([graph, numbers]): Graph => ({
      ...graph,
      resources,
      profiles: [{ name: 'other', capacities: { one: 2, three: 4, shared: 2 } }],
      tasks: graph.tasks.map((task, i) => ({ ...task, asks: asksFrom(numbers[i % numbers.length] ?? [], resources) })),
    }),
  );

/** The same with windows: two of the resources have one, and every fourth task prefers one. */
export const withWindows = (graphs: fc.Arbitrary<Graph>): fc.Arbitrary<Graph> =>
  withResources(graphs).map((graph) => ({
    ...graph,
    calendars: Object.keys(PERIODS).map((name) => ({ name, timezone: 'UTC', rules: [] })),
    resources: (graph.resources ?? []).map((resource, i) => ({ ...resource, ...(i % 2 === 0 && { window: i === 0 ? 'day' : 'night' }) })),
    tasks: graph.tasks.map((task, i) => ({ ...task, ...(i % 4 === 0 && { preferredWindow: 'day' }) })),
  }));

/** The same, with tasks of which many can be done only by some workers, or go with others' files. */
export const withSkills = (graphs: fc.Arbitrary<Graph>): fc.Arbitrary<Graph> =>
  fc.tuple(graphs, fc.array(fc.nat(5), { minLength: 1, maxLength: 12 })).map(([graph, dice]) => ({
    ...graph,
    tasks: graph.tasks.map((task, i) => {
      const die = dice[i % dice.length] as number;
      const capabilities = [['db'], ['db', 'web'], ['web'], ['rare']][die];
      return { ...task, ...(capabilities && { capabilities }), ...((die + i) % 3 === 0 && { affinity: [die % 2 === 0 ? 'cache' : 'tree'] }) };
    }),
  }));

/** Courses in which workers come and go. */
export const withWorkers = (actions: fc.Arbitrary<readonly Action[]>): fc.Arbitrary<readonly Action[]> =>
  actions.map((list) => [{ kind: 'workers', a: 7, b: 3, c: 1 }, ...list.map((action): Action => (action.c % 6 === 0 ? { ...action, kind: 'workers' } : action))]);

const SKILLS: readonly (readonly string[])[] = [[], [], ['db'], ['web', 'db'], ['db', 'web', 'rare'], ['rare']];

/** Some of six workers on two hosts. */
export const tableFrom = ({ a, b, c }: Action, version: number): WorkerTable => ({
  epoch: c % 40 === 39 ? 0 : 1,
  version,
  workers: SKILLS.flatMap((capabilities, i): WorkerProfile[] => {
    if (((a >> i) & 1) === 0) return [];
    const pressure = (b >> (2 * i)) % 9 === 8 ? pick(PRESSURES, c + i) : 'none';
    return [{ worker: `w${String(i)}`, host: i % 2 === 0 ? 'one' : 'two', capabilities, slots: 1 + ((b >> i) % 3), cpus: 1, memoryMb: 1, version: '0', pressure: pressure ?? 'none' }];
  }),
});

const TEXTS = ['error: cannot open ‹path›', 'error: cannot open ‹name›', 'assertion failed'];

/** Breakers of every kind, each with a small budget; the names of tasks that scopes cover begin so. */
export const SCOPE = 't';
const ACTIONS: readonly BreakerAction[] = [
  { type: 'playbook', playbook: 'mend' },
  { type: 'inject_task' },
  { type: 'gate' },
  { type: 'pause' },
  { type: 'quarantine' },
  { type: 'report' },
  { type: 'diagnose' },
  { type: 'throttle', forMs: 2_000, everyMs: 500 },
];
const TRIGGERS: readonly Trigger[] = [
  { type: 'match', pattern: 'p', threshold: 2, windowMs: 10_000 },
  { type: 'match', pattern: 'p', threshold: 1, windowMs: 1 },
  { type: 'match', pattern: 'p', threshold: 2, windowMs: 60_000 },
  { type: 'similar_errors', threshold: 2, windowMs: 60_000, similarity: 0.6 },
  { type: 'flapping' },
  { type: 'time_overrun', factor: 1 },
];

const breakers: fc.Arbitrary<readonly Breaker[]> = fc
  .tuple(
    fc.array(
      fc.record(
        { on: fc.constantFrom(...TRIGGERS), action: fc.constantFrom(...ACTIONS), scope: fc.constant([`${SCOPE}*`]), budget: fc.integer({ min: 1, max: 3 }), coolDownMs: fc.constantFrom(0, 2_000) },
        { requiredKeys: ['on', 'action', 'budget', 'coolDownMs'] },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(([some, counts]): readonly Breaker[] => [
    ...some.map((each, i): Breaker => ({ ...each, name: `b${String(i)}` })),
    ...(counts ? [{ name: 'rate', on: { type: 'error_rate', openAt: 0.5, reduceAt: 0.3, minimum: 3, windowMs: 10_000 }, action: { type: 'throttle', forMs: 1_000, everyMs: 0 }, budget: 1, coolDownMs: 0 } satisfies Breaker] : []),
  ]);

/** The same graph with breakers. */
export const withBreakers = (graphs: fc.Arbitrary<Graph>): fc.Arbitrary<Graph> =>
  fc.tuple(graphs, breakers).map(([graph, own]) => ({ ...graph, policies: { ...graph.policies, breakers: own } }));

const STRATEGIES: readonly Strategy[] = [{ type: 'rerun' }, { type: 'switch', executor: 'claude' }, { type: 'repair_context' }, { type: 'review', executor: 'claude' }, { type: 'split' }];

const errorPolicies: fc.Arbitrary<ErrorPolicy> = fc.record({
  strategies: fc.array(fc.constantFrom(...STRATEGIES), { minLength: 1, maxLength: 5 }),
  maxTurns: fc.integer({ min: 1, max: 6 }),
  escalation: fc.constantFrom('review', 'quarantine', 'fail'),
});

/** The same, most of whose tasks are not given up at once; some name parts. */
export const withErrorPolicies = (graphs: fc.Arbitrary<Graph>): fc.Arbitrary<Graph> =>
  fc.tuple(graphs, fc.array(fc.option(errorPolicies, { nil: undefined }), { minLength: 3, maxLength: 8 }), fc.option(errorPolicies, { nil: undefined }), fc.nat(3)).map(([graph, own, errorPolicy, some]) => ({
    ...graph,
    executors: ['claude'],
    policies: { ...graph.policies, ...(errorPolicy && { errorPolicy }) },
    tasks: graph.tasks.map((task, at): GraphTask => {
      const stated = own[at % own.length];
      return { ...task, ...(stated && { errorPolicy: stated }), ...(at % 4 === some && { splits: true }) };
    }),
  }));

/** Courses in which repairs are answered, and breakers reset. */
export const withHealing = (actions: fc.Arbitrary<readonly Action[]>): fc.Arbitrary<readonly Action[]> =>
  actions.map((list) => list.map((action): Action => (action.c % 5 === 0 ? { ...action, kind: action.b % 6 === 0 ? 'resetBreaker' : 'repair' } : action)));

/** A worker that can do anything, at any time. */
export const anybody = (version: number): WorkerTable => ({ ...tableFrom({ kind: 'workers', a: 1, b: 0, c: 0 }, version) });

/** A random graph without a cycle; the tasks' order in it says nothing of their dependencies. */
export const graphs = (options: { readonly max: number; readonly policies?: fc.Arbitrary<Policies> }): fc.Arbitrary<Graph> =>
  fc
    .record({
      fields: fc.array(taskFields, { minLength: 1, maxLength: options.max }),
      density: fc.constantFrom(1, 3, 6),
      /** One number for every possible edge: none, hard, soft or both. */
      dice: fc.array(fc.nat(20), { minLength: (options.max * options.max) / 2, maxLength: (options.max * options.max) / 2, size: 'max' }),
      ranks: fc.array(fc.nat(), { minLength: options.max, maxLength: options.max, size: 'max' }),
      policies: options.policies ?? policies,
      allWaves: fc.boolean(),
    })
    .map(({ fields, density, dice, ranks, policies, allWaves }) => {
      const order = [...fields.keys()].sort((a, b) => (ranks[a] as number) - (ranks[b] as number) || a - b);
      const deps: number[][] = fields.map(() => []);
      const soft: number[][] = fields.map(() => []);
      let die = 0;
      for (const [rank, to] of order.entries()) {
        for (const from of order.slice(0, rank)) {
          const thrown = dice[die % dice.length] as number;
          die += 1;
          if (thrown > density) continue;
          if (thrown % 3 === 0) soft[to]?.push(from);
          else deps[to]?.push(from);
        }
      }
      const tasks = fields.map(({ wave, ...rest }, index): GraphTask => ({
        ...rest,
        id: nameOf(index),
        ...(deps[index]?.length && { deps: deps[index] }),
        ...(soft[index]?.length && { soft: soft[index] }),
        ...(allWaves ? { wave: wave ?? 1 } : wave !== undefined && { wave }),
      }));
      return { schema: 1, name: 'random', tasks, sources: [PLAN_HASH], policies };
    });

/** What happens next: a kind and numbers that choose among what is possible then. */
export interface Action {
  readonly kind: (typeof KINDS | typeof RARE_KINDS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Listed as often as it is likely. */
const KINDS = [
  ...Array.from({ length: 14 }, () => 'advance' as const),
  ...Array.from({ length: 4 }, () => 'confirm' as const),
  'endAny', 'endAny',
  'wait',
  'pause',
  'resume', 'resume',
  'retry', 'retry', 'retry',
  'skip', 'skip',
  'quarantine',
  'complete', 'complete',
  ...Array.from({ length: 6 }, () => 'patch' as const),
  'patchAgain',
  'endedAgain',
  'reload', 'reload',
  'rareAbort',
  ...Array.from({ length: 6 }, () => 'grant' as const),
  'grantLate',
  'approve', 'approve', 'approve',
  'openings', 'openings',
  'refuse',
] as const;

/** What happens only where it is asked for. */
const RARE_KINDS = ['workers', 'repair', 'resetBreaker'] as const;

export const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), a: fc.nat(1_000_000), b: fc.nat(1_000_000), c: fc.nat(1_000_000) }),
  { maxLength: 80, size: 'max' },
);

export const pick = <T>(items: readonly T[], number: number): T | undefined => items[number % items.length];

/** How an attempt ends: well in half of the cases. */
export const outcomeFrom = (number: number): Partial<AttemptResult> => {
  const choice = number % 20;
  const rest = Math.floor(number / 20);
  if (choice < 10) return {};
  if (choice === 10) return { outcome: 'cancelled' };
  if (choice === 11) return { outcome: 'orphaned' };
  if (choice === 12) return { outcome: 'failed', failure: failure({ reason: 'lost', class: 'transient' }) };
  const reason = pick(ATTEMPT_FAILURE_REASONS, rest) ?? 'exit';
  const signature = pick(TEXTS, rest);
  return { outcome: 'failed', failure: failure({ reason, class: pick(FAILURE_CLASSES, Math.floor(rest / 8)) ?? 'logic', ...(rest % 2 === 0 && { matches: ['p'] }), ...(signature !== undefined && { signature }) }) };
};

/** More or less of something, another profile, a new lock: every third time, and now and then something that cannot be. */
const resourceChanges = ({ a, b, c }: Action, known: readonly TaskId[], resources: readonly Resource[]): ResourceChanges | undefined => {
  const resource = pick(resources, a);
  if (b % 3 > 0 || !resource) return undefined;
  switch (c % 5) {
    case 0:
      return { capacities: { [resource.name]: b % 5 } };
    case 1:
      return { quotas: { [resource.name]: (b % 7) - 3 } };
    case 2:
      return { locks: ['extra'], asks: [{ task: pick(known, b) as TaskId, locks: ['extra'] }] };
    case 3:
      return { profile: b % 4 === 0 ? 'nowhere' : 'other' };
    default:
      return { capacities: { [resource.name]: 3 }, asks: [{ task: pick(known, c) as TaskId, locks: [resource.name] }] };
  }
};

/** The source of a task's own part, for a patch that changes it. */
const sourceOf = ({ sources, tasks }: Graph, at: number): ContentHash => sources[tasks[at]?.source ?? 0] as ContentHash;

/** What it makes of tasks and edges that there are: two times of three, and now and then something that cannot be. */
const taskChanges = ({ a, b, c }: Action, graph: Graph, open: readonly number[]): Partial<ParsedPatch> => {
  const { tasks, resources = [] } = graph;
  const at = (b % 5 > 0 ? pick(open, b) : undefined) ?? b % tasks.length;
  const task = (tasks[at] as GraphTask).id;
  const asks = asksFrom([b, c, a + c], resources);
  const edges = tasks.flatMap(({ id: to, deps = [], soft = [] }) => [...deps, ...soft].map((from) => ({ from: (tasks[from] as GraphTask).id, to })));
  switch (c % 10) {
    case 0:
    case 1:
      return { removed: edges.length > 0 ? [pick(edges, a) as RemovedEdge, { ...(pick(edges, b) as RemovedEdge), type: 'hard' }] : [] };
    case 2: {
      const from = a % 7 === 6 ? ('e'.repeat(64) as ContentHash) : sourceOf(graph, at);
      const set: TaskFields = { estimateMs: 1 + (a % 9) * 10_000, priority: 1 + (a % 6), ...(a % 3 === 0 && { risk: 'high' }), ...(a % 4 === 0 && { capabilities: ['db'] }), ...(a % 5 === 0 && { preemptible: true, idempotent: false }) };
      return { updates: [{ task, from, set, ...(asks.length > 0 && { asks }) }] };
    }
    case 3: {
      const names = resources.map(({ name }) => name);
      const asksIfThere: Ask[] = [{ resource: pick([...names, 'unheard-of'], a) as string, units: 1, access: 'write' }];
      return { updates: [{ task, from: sourceOf(graph, at), unset: ['priority', 'risk', 'capabilities', 'executor', 'approval'], drop: names.filter((_, i) => (b + i) % 2 === 0), asksIfThere, asksIfAsked: asks }] };
    }
    case 4:
      return { priorities: tasks.flatMap(({ id }, i) => ((a >> (i % 16)) & 1 ? [{ task: id, priority: 1 + ((b + i) % 6) }] : [])) };
    case 5:
      return { cancelled: [{ task, ...(a % 2 === 0 && { skip: true }) }] };
    case 6:
      return { cancelled: [{ task }, { task: (pick(tasks, a) as GraphTask).id }], removed: edges.filter(({ from }) => from === task) };
    default:
      return {};
  }
};

const storedAs = (id: string): ContentHash => id.padStart(64, 'c') as ContentHash;

/** Edges in place of those that are taken out: the other way round, or softer. */
const turned = ({ removed = [] }: Partial<ParsedPatch>, { a, b }: Action): readonly PatchEdge[] =>
  a % 2 === 0 ? [] : removed.map(({ from, to }) => (b % 2 === 0 ? { from: to, to: from, type: 'hard' } : { from, to, type: 'soft' }));

/** A patch that is good more often than not, and otherwise bad in any way a patch can be. */
export const patchFrom = (options: {
  readonly id: string;
  readonly graph: Graph;
  /** Tasks that have not ended. */
  readonly open: readonly number[];
  readonly action: Action;
  readonly version: number;
}): ParsedPatch => {
  const { id, graph, open, action, version } = options;
  const others = taskChanges(action, graph, open);
  if (Object.keys(others).length > 0 && action.a % 4 > 0) return { id, tasks: [], edges: turned(others, action), ...others, ...(others.updates && { source: storedAs(id) }) };
  const { resources = [] } = graph;
  const known = graph.tasks.map((task) => task.id);
  const asks = asksFrom([action.a, action.b, action.c, action.a + action.b], resources);
  const count = action.a % 4;
  const tasks = Array.from({ length: count }, (_, i): InjectedTask => ({
    id: (action.b % 11 === 10 ? known[0] : `${id}-${String(i)}`) as TaskId,
    ...(action.b % 3 === 0 && { estimateMs: (action.c % 7) * 10_000, optional: action.c % 2 === 0 }),
    ...(action.b % 4 === 0 && { idempotent: false }),
    ...(asks.length > 0 && { asks }),
    ...(action.c % 19 === 18 && { asks: [{ resource: 'unheard-of', units: 1, access: 'read' }] }),
  }));
  const ids = [...known, ...tasks.map((task) => task.id), ...(action.c % 13 === 12 ? ['nobody' as TaskId] : [])];
  const edges: PatchEdge[] = [];
  let dice = action.b * 31 + action.c;
  const roll = (): number => (dice = Math.imul(dice, 1_103_515_245) + 12_345) >>> 8;
  for (let i = 0; i < action.c % 6; i += 1) {
    const from = pick(ids, roll()) as TaskId;
    const to = pick(roll() % 3 === 0 || count === 0 ? ids : tasks.map((task) => task.id), roll()) as TaskId;
    if (from !== to || roll() % 20 === 0) edges.push({ from, to, type: roll() % 3 === 0 ? 'soft' : 'hard' });
  }
  const changes = resourceChanges(action, known, resources);
  return {
    id,
    tasks,
    edges: [...edges, ...turned(others, action)],
    ...others,
    ...(changes && { resources: changes }),
    ...(action.a % 17 === 16 && { expectedVersion: version + (action.c % 2) }),
    ...((count > 0 || others.updates) && { source: storedAs(id) }),
  };
};
