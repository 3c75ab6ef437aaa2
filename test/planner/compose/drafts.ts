/** Plans that tests make up: complete tasks, and whatever a test says of them. */
import fc from 'fast-check';
import type { PlannedTask } from '../../../planner/artifacts/task.schema.ts';
import type { Dependency, SharedResource, Tasks } from '../../../planner/artifacts/tasks.schema.ts';
import { fenced } from '../../../planner/artifacts/bundle.ts';
import type { CoordinatorArtifact } from '../../../planner/artifacts/coordinator.schema.ts';
import type { Dag } from '../../../planner/artifacts/dag.schema.ts';
import type { Waves } from '../../../planner/artifacts/waves.schema.ts';
import { finishDag } from '../../../planner/compose/finish-dag.ts';
import { DEFAULT_PLAN_OPTIONS } from '../../../planner/compose/options.ts';
import type { PlanOptions } from '../../../planner/compose/options.ts';
import { writeCoordinator } from '../../../planner/compose/write-coordinator.ts';
import { writeWaves } from '../../../planner/compose/write-waves.ts';
import { buildDag } from '../../../planner/dag/build-dag.ts';
import type { BuiltDag } from '../../../planner/dag/built-dag.ts';
import type { Forecast } from '../../../planner/simulate/forecast.ts';
import { forecastPlan } from '../../../planner/simulate/forecast-plan.ts';
import { TasksError } from '../../../model/problem.ts';

const evidence = { quote: 'It must work.', loc: { start: 0, end: 13 }, section: 'H1: Top', startLine: 1, endLine: 1 };

export interface TaskSketch {
  readonly id: string;
  readonly title?: string;
  readonly duration?: PlannedTask['duration'];
  readonly units?: PlannedTask['durationUnits'];
  readonly exclusive?: readonly string[];
  readonly shared?: Readonly<Record<string, number>>;
  readonly writes?: readonly string[];
  readonly reads?: readonly string[];
  readonly avoids?: readonly string[];
  readonly produces?: readonly string[];
  readonly priority?: PlannedTask['scheduling_hints']['priority'];
  readonly preemptible?: boolean;
  readonly cpu?: number;
  readonly memory?: number;
  readonly capabilities?: readonly string[];
}

export const taskOf = (sketch: TaskSketch): PlannedTask => {
  const { id, title = `Implement ${id}`, duration = { optimistic: 2, mostLikely: 3, pessimistic: 6 }, units = 'hours', cpu = 1, memory = 512 } = sketch;
  return {
    id,
    feature_id: 'F001',
    title,
    description: 'It does what it says.',
    category: 'implementation',
    boundaries: {
      expected_complexity: { value: '~80 LoC', breakdown: '2 functions' },
      definition_of_done: { criteria: ['It works'], stop_when: 'It works' },
      scope: { includes: ['src/**'], excludes: [], restrictions: 'Nothing else' },
    },
    execution_guidance: {
      logging: { on_start: 'a', on_progress: 'b', on_completion: 'c', log_format: 'JSON' },
      checkpoints: [],
      monitoring: { heartbeat_interval_seconds: 30, progress_reporting: 'percentage_and_checkpoint', resource_usage_reporting: true, checkpoint_events: [] },
    },
    resource_requirements: {
      estimated: { cpu_cores: cpu, memory_mb: memory, disk_io_mbps: 5, exclusive_resources: [...(sketch.exclusive ?? [])], shared_resources: { ...sketch.shared } },
      peak: { cpu_cores: cpu, memory_mb: memory, disk_io_mbps: 5, duration_seconds: 30, during: 'tests' },
      worker_capabilities_required: [...(sketch.capabilities ?? [])],
    },
    scheduling_hints: { priority: sketch.priority ?? 'medium', preemptible: sketch.preemptible ?? false, retry_on_failure: true, max_retries: 2, avoid_concurrent_with: [...(sketch.avoids ?? [])], can_pause_resume: false, checkpoint_capable: false },
    reuses_existing: { extends: [], imports: [], rationale: 'Nothing to reuse' },
    skillsRequired: ['backend'],
    duration,
    durationUnits: units,
    interfaces_produced: [...(sketch.produces ?? [])],
    interfaces_consumed: [],
    acceptance_checks: [{ type: 'command', cmd: 'true' }],
    source_evidence: [evidence],
    ...((sketch.writes ?? sketch.reads) && { files_scope: { reads: [...(sketch.reads ?? [])], writes: [...(sketch.writes ?? [])] } }),
    contentHash: '0123456789abcdef',
  };
};

export const edge = (from: string, to: string, fields: Partial<Dependency> = {}): Dependency => ({
  from,
  to,
  type: 'technical',
  reason: `${to} uses what ${from} makes`,
  confidence: 0.9,
  isHard: true,
  ...fields,
  evidence: [{ type: 'doc', reason: 'it says so', confidence: fields.confidence ?? 0.9 }],
});

export const exclusion = (from: string, to: string, resource: string): Dependency => edge(from, to, { type: 'mutual_exclusion', shared_resource: resource, confidence: 1, reason: `both need ${resource}` });

export const exclusiveResource: SharedResource = { type: 'exclusive', location: 'db/migrations', constraint: 'one_at_a_time', reason: 'it locks' };
export const pool = (capacity: number): SharedResource => ({ type: 'shared_limited', capacity, location: 'pool', reason: 'there are no more' });

export interface Sketch {
  readonly tasks: readonly PlannedTask[];
  readonly dependencies: readonly Dependency[];
  readonly resources?: Readonly<Record<string, SharedResource>>;
  readonly options?: Partial<PlanOptions>;
  readonly limits?: Partial<Tasks['meta']['resource_limits']>;
  readonly walks?: number;
}

export const GENERATED = { by: 'T.A.S.K.S v3', timestamp: '1970-01-01T00:00:00Z' } as const;
const PLAN_ID = 'PLAN-0123abcd';

export interface Made {
  readonly options: PlanOptions;
  readonly meta: Tasks['meta'];
  readonly tasks: Tasks;
  readonly built: BuiltDag;
  readonly forecast: Forecast;
  readonly dag: Dag;
  readonly waves: Waves;
  readonly coordinator: CoordinatorArtifact;
  /** `tasks.json`, `waves.json` and `coordinator.json` between fences. */
  readonly text: string;
}

export const isVerbFirst = (title: string): boolean => /^[A-Z][a-z]+ /u.test(title);

export interface Begun {
  readonly options: PlanOptions;
  readonly meta: Tasks['meta'];
  readonly built: BuiltDag;
}

/** As far as the graph. @throws TasksError */
export const begin = ({ tasks, dependencies, resources = {}, options: stated, limits }: Sketch): Begun => {
  const options: PlanOptions = { ...DEFAULT_PLAN_OPTIONS, ...stated };
  const built = buildDag({ tasks, dependencies, minConfidence: options.minConfidence, resources, isVerbFirst });
  if (!built.ok) throw new TasksError(built.error);
  const meta: Tasks['meta'] = {
    execution_model: options.executionModel,
    min_confidence: options.minConfidence,
    resource_limits: { max_concurrent_tasks: options.maxConcurrent, max_memory_gb: 32, max_cpu_cores: 16, max_disk_io_mbps: 500, ...limits },
    codebase_analysis: { existing_apis: [], reused_components: [], extension_points: [], shared_resources: { ...resources } },
    autonormalization: { split: [], merged: [] },
  };
  return { options, meta, built: built.value };
};

/** Everything, as planning makes it. @throws TasksError */
export const make = (sketch: Sketch): Made => {
  const { tasks, walks } = sketch;
  const { options, meta, built } = begin(sketch);
  const forecast = forecastPlan({ tasks, built, meta, options, seed: 'seed', ...(walks !== undefined && { walks }) });
  if (!forecast.ok) throw new TasksError(forecast.error);
  const input = { tasks, built, forecast: forecast.value, meta, options, generated: GENERATED };
  const file: Tasks = { meta, generated: { ...GENERATED, contentHash: '0'.repeat(64) }, tasks: [...tasks], dependencies: [...built.dependencies], resource_conflicts: {} };
  const waves = writeWaves({ ...input, planId: PLAN_ID });
  const coordinator = writeCoordinator(input);
  const text = fenced([['tasks.json', file], ['waves.json', waves], ['coordinator.json', coordinator]].map(([name, value]) => ({ name: name as string, text: `${JSON.stringify(value)}\n` })));
  return { options, meta, tasks: file, built, forecast: forecast.value, dag: finishDag(input), waves, coordinator, text };
};

const RESOURCES: Readonly<Record<string, SharedResource>> = { migrations: exclusiveResource, deploy: exclusiveResource, databases: pool(3) };

interface Shape {
  readonly tasks: readonly TaskSketch[];
  readonly edges: readonly Dependency[];
}

const TYPES = ['technical', 'sequential', 'infrastructure', 'knowledge', 'mutual_exclusion', 'resource_limited'] as const;

/** Ids that an object has already are among them. Exclusions go either way, soft dependencies close cycles; hard ones do not. */
export const sketches = (most: number): fc.Arbitrary<Sketch> =>
  fc
    .integer({ min: 1, max: most })
    .chain((count) => {
      const ids = Array.from({ length: count }, (_, i) => (i === 0 ? 'constructor' : `P1.T${String(i).padStart(3, '0')}`));
      const place = fc.nat({ max: count - 1 });
      const points = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40 }));
      const task = fc.record({
        points,
        exclusive: fc.subarray(['migrations', 'deploy'], { maxLength: 1 }),
        databases: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 }),
        writes: fc.subarray(['src/a.ts', 'src/b/**', 'docs'], { maxLength: 1 }),
        cpu: fc.constantFrom(0.5, 1, 2, 4),
        priority: fc.constantFrom('critical', 'high', 'medium', 'low'),
        avoid: fc.option(place, { freq: 6 }),
      });
      const link = fc.record({ one: place, other: place, type: fc.constantFrom(...TYPES), confidence: fc.constantFrom(0.3, 0.7, 0.8, 1), isHard: fc.boolean(), resource: fc.constantFrom('migrations', 'deploy') });
      return fc.record({ tasks: fc.array(task, { minLength: count, maxLength: count }), links: fc.array(link, { maxLength: 2 * count }) }).map(({ tasks, links }): Shape => ({
        tasks: tasks.map(({ points: [a, b, c], exclusive, databases, writes, cpu, priority, avoid }, i): TaskSketch => {
          const [optimistic = 0, mostLikely = 0, pessimistic = 0] = [a, b, c].map((each) => each / 4).sort((x, y) => x - y);
          const avoids = avoid === null || avoid === i ? [] : [ids[avoid] as string];
          return { id: ids[i] as string, duration: { optimistic, mostLikely, pessimistic }, exclusive, cpu, priority, avoids, ...(databases !== null && { shared: { databases } }), ...(writes.length > 0 && { writes }) };
        }),
        edges: links.flatMap(({ one, other, type, confidence, isHard, resource }): Dependency[] => {
          if (one === other) return [];
          const isResource = type === 'mutual_exclusion' || type === 'resource_limited';
          const gates = !isResource && isHard && confidence >= DEFAULT_PLAN_OPTIONS.minConfidence;
          const [from, to] = gates && one > other ? [other, one] : [one, other];
          return [edge(ids[from] as string, ids[to] as string, { type, confidence, isHard, ...(isResource && { shared_resource: resource }) })];
        }),
      }));
    })
    .chain((shape) =>
      fc.record({ maxWaveSize: fc.integer({ min: 1, max: 8 }), maxConcurrent: fc.integer({ min: 1, max: 6 }) }).map((options): Sketch => ({ tasks: shape.tasks.map(taskOf), dependencies: shape.edges, resources: RESOURCES, options, walks: 3 })),
    );
