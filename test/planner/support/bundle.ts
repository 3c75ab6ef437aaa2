/** A whole and valid plan directory from a few lines: every file, every hash. Tests change one thing and see what is found. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Coverage } from '../../../planner/artifacts/coverage.schema.ts';
import type { PlanBundle } from '../../../planner/artifacts/bundle.ts';
import { bundleFiles } from '../../../planner/artifacts/bundle.ts';
import { hashed, sha256, taskHash } from '../../../planner/artifacts/content-hash.ts';
import { planHashOf } from '../../../planner/artifacts/plan-hash.ts';
import type { Dependency } from '../../../planner/artifacts/tasks.schema.ts';
import type { PlannedTask } from '../../../planner/artifacts/task.schema.ts';

export interface TaskLine {
  readonly id: string;
  readonly title?: string;
  readonly after?: readonly string[];
  readonly hours?: number;
  readonly more?: Partial<PlannedTask>;
}

const TIMESTAMP = '2025-08-13T00:00:00Z';
const GENERATED = { by: 'T.A.S.K.S v3', timestamp: TIMESTAMP, contentHash: '' };
export const PLAN_ID = 'PLAN-a1b2c3d4';
const VERBS = ['Add', 'Write', 'Build', 'Test', 'Remove'];

/** One sentence for each task, on a line of its own. */
export const documentOf = (lines: readonly TaskLine[]): string => `# Notes\n\n${lines.map(({ id }) => `The system MUST do ${id}.\n`).join('')}`;

const evidenceOf = (text: string, id: string) => {
  const quote = `The system MUST do ${id}.`;
  const start = text.indexOf(quote);
  const line = text.slice(0, start).split('\n').length;
  return { quote, loc: { start, end: start + quote.length }, section: 'H1: Notes', startLine: line, endLine: line };
};

const withHash = (task: Omit<PlannedTask, 'contentHash'>): PlannedTask => ({ ...task, contentHash: taskHash(task) }) as PlannedTask;

const taskOf = ({ id, title, hours = 4, more }: TaskLine, at: number, text: string): PlannedTask =>
  withHash({
    id,
    feature_id: 'F001',
    title: title ?? `${VERBS[at % VERBS.length] ?? 'Add'} part ${id}`,
    description: `Part ${id} of the whole`,
    category: 'implementation',
    boundaries: {
      expected_complexity: { value: '~120 LoC', breakdown: '2 functions, 60 LoC each' },
      definition_of_done: { criteria: ['It works'], stop_when: 'Do not do more' },
      scope: { includes: [`src/${id}.ts`], excludes: [], restrictions: `Change only src/${id}.ts` },
    },
    execution_guidance: {
      logging: { on_start: 'Log the start', on_progress: 'Log each function', on_completion: 'Log the end', log_format: 'JSON' },
      checkpoints: [],
      monitoring: { heartbeat_interval_seconds: 30, progress_reporting: 'percentage', resource_usage_reporting: false, checkpoint_events: [] },
    },
    resource_requirements: {
      estimated: { cpu_cores: 1, memory_mb: 256, disk_io_mbps: 5, exclusive_resources: [], shared_resources: {} },
      peak: { cpu_cores: 1, memory_mb: 512, disk_io_mbps: 10, duration_seconds: 30, during: 'Running tests' },
      worker_capabilities_required: [],
    },
    scheduling_hints: { priority: 'medium', preemptible: false, retry_on_failure: true, max_retries: 2, avoid_concurrent_with: [], can_pause_resume: false, checkpoint_capable: false },
    reuses_existing: { extends: [], imports: ['Logger'], rationale: 'Logger is there' },
    skillsRequired: [],
    duration: { optimistic: hours / 2, mostLikely: hours, pessimistic: hours * 2 },
    durationUnits: 'hours',
    interfaces_produced: [],
    interfaces_consumed: [],
    acceptance_checks: [{ type: 'command', cmd: 'npm test' }],
    source_evidence: [evidenceOf(text, id)],
    requirements: [`R-${id}`],
    files_scope: { reads: [], writes: [`src/${id}.ts`] },
    ...more,
  });

export const edgeOf = (from: string, to: string, more: Partial<Dependency> = {}): Dependency => ({
  from,
  to,
  type: 'technical',
  reason: `${to} needs ${from}`,
  evidence: [{ type: 'doc', reason: 'It says so', confidence: 0.9 }],
  confidence: 0.9,
  isHard: true,
  ...more,
});

const STATES = { blocked: 'Dependencies not met', ready: 'In frontier' };
const POLICIES = { concurrency_max: 4 };

/** Levels of tasks by `after`; the lines are in an order that respects it. */
const levelsOf = (lines: readonly TaskLine[]): readonly (readonly string[])[] => {
  const level = new Map<string, number>();
  for (const { id, after = [] } of lines) level.set(id, Math.max(0, ...after.map((each) => (level.get(each) ?? 0) + 1)));
  const depth = Math.max(0, ...level.values());
  return Array.from({ length: lines.length === 0 ? 0 : depth + 1 }, (_, at) => lines.filter(({ id }) => level.get(id) === at).map(({ id }) => id));
};

export interface BundleOptions {
  readonly name?: string;
  readonly dependencies?: readonly Dependency[];
  readonly text?: string;
}

export const makeBundle = (lines: readonly TaskLine[], { name = 'notes', dependencies = [], text = documentOf(lines) }: BundleOptions = {}): PlanBundle => {
  const edges = [...lines.flatMap(({ id, after = [] }) => after.map((from) => edgeOf(from, id))), ...dependencies];
  const gating = edges.filter(({ isHard, confidence }) => isHard && confidence >= 0.7);
  const pairs = gating.map(({ from, to }): [string, string] => [from, to]);
  const levels = levelsOf(lines);
  const count = lines.length;
  const density = count > 1 ? pairs.length / (count * (count - 1)) : 0;
  const tasks = hashed({
    name,
    meta: {
      execution_model: 'rolling_frontier' as const,
      min_confidence: 0.7,
      resource_limits: { max_concurrent_tasks: 4, max_memory_gb: 8, max_cpu_cores: 4, max_disk_io_mbps: 100 },
      codebase_analysis: { existing_apis: ['Logger'], reused_components: [], extension_points: [], shared_resources: {} },
      autonormalization: { split: [], merged: [] },
    },
    generated: GENERATED,
    tasks: lines.map((line, at) => taskOf(line, at, text)),
    dependencies: edges,
    resource_conflicts: {},
  });
  const features = hashed({ generated: GENERATED, features: [{ id: 'F001', title: 'Notes', description: '', priority: 'high' as const, source_evidence: [evidenceOf(text, lines[0]?.id ?? '')] }] });
  const dag = hashed({
    ok: true,
    errors: [],
    warnings: [],
    generated: GENERATED,
    metrics: {
      minConfidenceApplied: 0.7,
      keptByType: { technical: pairs.length },
      droppedByType: {},
      nodes: count,
      edges: pairs.length,
      edgeDensity: density,
      edgeDensityBeforeReduction: density,
      widthApprox: Math.max(0, ...levels.map((level) => level.length)),
      widthMethod: 'kahn_layer_max' as const,
      longestPath: levels.length,
      isolatedTasks: 0,
      lowConfidenceEdgesExcluded: 0,
      verbFirstPct: 1,
      meceOverlapSuspects: 0,
      mutualExclusionEdges: 0,
      resourceConstrainedTasks: 0,
      resourceUtilization: {},
    },
    topo_order: levels.flat(),
    reduced_edges: pairs,
    reduced_edges_sample: pairs.slice(0, 2),
    resource_bottlenecks: [],
    softDeps: [],
    lowConfidenceDeps: [],
    cycle_break_suggestions: [],
  });
  const barrier = { kind: 'quorum' as const, quorum: 0.95 };
  const waves = hashed({
    planId: PLAN_ID,
    generated: GENERATED,
    execution_models: {
      wave_based: {
        config: { maxWaveSize: 30, barrier },
        waves: levels.map((level, at) => ({ waveNumber: at + 1, tasks: [...level], estimates: { units: 'hours' as const, p50Hours: 4, p80Hours: 5, p95Hours: 6 }, resource_usage: {}, barrier: { ...barrier, timeoutMinutes: 60, fallback: 'deferOptional' as const, gateId: `W${at + 1}` } })),
        total_waves: levels.length,
        estimated_completion: { p50_hours: 8, p80_hours: 10, p95_hours: 12 },
      },
      rolling_frontier: {
        initial_frontier: [...(levels[0] ?? [])],
        config: { max_concurrent_tasks: 4, scheduling_algorithm: 'resource_aware_greedy', frontier_update_policy: 'immediate', coordinator_config_ref: 'coordinator.json' },
        estimated_completion_time: { optimal_hours: 8, p50_hours: 8, p80_hours: 10, p95_hours: 12 },
        resource_utilization_forecast: { average_cpu_percent: 50, peak_cpu_percent: 80, average_memory_percent: 10, peak_memory_percent: 20, average_concurrency: 1, max_concurrency: 2 },
        critical_resource_contentions: [],
        execution_simulation: { time_0h: { running: [...(levels[0] ?? [])], ready: [], blocked: levels.slice(1).flat(), resource_usage: {} } },
        advantages_over_wave_based: [],
      },
    },
  });
  const coordinator = hashed({
    version: '1.0',
    generated: GENERATED,
    graph: { nodes: lines.map(({ id }) => ({ id })), edges: pairs.map(([from, to]) => ({ from, to })) },
    policies: POLICIES,
    coordinator: { role: 'execution_orchestrator', version: '1.0.0', responsibilities: ['Run tasks'], state_management: { task_states: STATES }, scheduling_loop: { interval_ms: 1000, steps: ['look'] }, policies: POLICIES, monitoring: {} },
    worker_pool: { min_workers: 1, max_workers: 4, scaling_policy: 'adaptive', worker_template: { capabilities: [], resource_capacity: { cpu_cores: 4, memory_mb: 8192, disk_io_mbps: 100 }, execution_protocol: { heartbeat_interval: 30, progress_updates: true, can_checkpoint: true } } },
  });
  const coverage: Coverage = hashed({
    generated: GENERATED,
    requirements: lines.map(({ id }) => ({ id: `R-${id}`, rule: 'modal-must', strength: 'must' as const, evidence: evidenceOf(text, id), tasks: [id] })),
    normative: 1,
    all: 1,
    excludes: [],
    clarifications: [],
  });
  const plan = '# Execution plan\n';
  const decisions = '# Decisions\n';
  const json = { 'features.json': features, 'tasks.json': tasks, 'dag.json': dag, 'waves.json': waves, 'coordinator.json': coordinator, 'coverage.json': coverage };
  const files = { ...Object.fromEntries(Object.entries(json).map(([file, value]) => [file, value.generated.contentHash])), 'Plan.md': sha256(plan), 'Decisions.md': sha256(decisions) };
  const meta = {
    version: 1 as const,
    generator: { name: 'tasks', version: '0.1.0' },
    timestamp: TIMESTAMP,
    planId: PLAN_ID,
    planHash: planHashOf(files),
    document: { name: 'spec.md', hash: sha256(text), offsets: 'utf-16' as const },
    options: { min_confidence: 0.7, max_wave_size: 30, max_concurrent: 4, execution_model: 'rolling_frontier' as const },
    files,
  };
  return { features, tasks, dag, waves, coordinator, plan, decisions, coverage, meta };
};

/** Files by name, as JSON values that a test may change at will. */
export type Files = Map<string, string>;

export const filesOf = (bundle: PlanBundle): Files => new Map(bundleFiles(bundle).map(({ name, text }) => [name, text]));

/** A directory that goes away, with the plan in it and the document beside it. */
export const inDirectory = async (files: Files, document?: string) => {
  const root = await mkdtemp(join(tmpdir(), 'tasks-bundle-'));
  const directory = join(root, 'plan');
  await mkdir(directory);
  for (const [name, text] of files) await writeFile(join(directory, name), text);
  if (document !== undefined) await writeFile(join(root, 'spec.md'), document);
  return { root, directory, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
};
