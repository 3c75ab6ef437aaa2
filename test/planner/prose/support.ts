/** A small plan that has one of everything, and the pieces to make others of. */
import type { Dependency, Tasks } from '../../../planner/artifacts/tasks.schema.ts';
import type { PlannedTask } from '../../../planner/artifacts/task.schema.ts';
import type { SourceEvidence } from '../../../planner/artifacts/scalars.schema.ts';
import type { Feature } from '../../../planner/artifacts/features.schema.ts';
import type { Waves } from '../../../planner/artifacts/waves.schema.ts';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import type { CodebaseAnalysis, CodeSymbol } from '../../../planner/codebase/analysis.ts';
import { DEFAULT_PLAN_OPTIONS } from '../../../planner/compose/options.ts';
import type { PlanOptions } from '../../../planner/compose/options.ts';
import type { ProseInput } from '../../../planner/prose/prose-input.ts';
import type { Forecast } from '../../../planner/simulate/forecast.ts';
import { forecastOf, waveLayers } from './walk.ts';

const HASH = 'a'.repeat(64);
export const GENERATED = { by: 'T.A.S.K.S v3', timestamp: '1970-01-01T00:00:00Z', contentHash: HASH };

export const evidence = (quote: string, line = 1, section = 'H2: Requirements'): SourceEvidence => ({ quote, loc: { start: line * 100, end: line * 100 + quote.length }, section, startLine: line, endLine: line });

export interface TaskPiece {
  readonly id: string;
  readonly title: string;
  readonly feature?: string;
  readonly hours?: number;
  readonly category?: PlannedTask['category'];
  readonly exclusive?: readonly string[];
  readonly limited?: Readonly<Record<string, number>>;
  readonly capabilities?: readonly string[];
  readonly writes?: readonly string[];
  readonly checks?: PlannedTask['acceptance_checks'];
  readonly extends?: readonly string[];
  readonly imports?: readonly string[];
  readonly produces?: readonly string[];
  readonly consumes?: readonly string[];
  readonly requirements?: readonly string[];
  readonly apart?: readonly string[];
  readonly checkpoints?: readonly string[];
}

export const task = (piece: TaskPiece): PlannedTask => {
  const hours = piece.hours ?? 4;
  const writes = [...(piece.writes ?? [`src/${piece.id}.ts`])];
  return {
    id: piece.id,
    feature_id: piece.feature ?? 'F001',
    title: piece.title,
    description: `${piece.title}.`,
    category: piece.category ?? 'implementation',
    boundaries: {
      expected_complexity: { value: '~120 LoC', breakdown: '3 functions of 40 LoC' },
      definition_of_done: { criteria: ['The checks pass'], stop_when: 'The checks pass' },
      scope: { includes: writes, excludes: [], restrictions: 'Only these files' },
    },
    execution_guidance: {
      logging: { on_start: 'Log the start', on_progress: 'Log each file', on_completion: 'Log the end', log_format: 'JSON' },
      checkpoints: [],
      monitoring: { heartbeat_interval_seconds: 30, progress_reporting: 'percentage', resource_usage_reporting: true, checkpoint_events: (piece.checkpoints ?? []).map((at) => ({ at, name: `at ${at}`, rollback_capable: true })) },
    },
    resource_requirements: {
      estimated: { cpu_cores: 2, memory_mb: 512, disk_io_mbps: 10, exclusive_resources: [...(piece.exclusive ?? [])], shared_resources: { ...piece.limited } },
      peak: { cpu_cores: 4, memory_mb: 1024, disk_io_mbps: 50, duration_seconds: 30, during: 'Tests' },
      worker_capabilities_required: [...(piece.capabilities ?? ['backend'])],
    },
    scheduling_hints: { priority: 'medium', preemptible: false, retry_on_failure: true, max_retries: 2, avoid_concurrent_with: [...(piece.apart ?? [])], can_pause_resume: false, checkpoint_capable: (piece.checkpoints ?? []).length > 0 },
    reuses_existing: { extends: [...(piece.extends ?? [])], imports: [...(piece.imports ?? [])], rationale: 'It is there' },
    skillsRequired: ['backend'],
    duration: { optimistic: hours * 0.75, mostLikely: hours, pessimistic: hours * 2 },
    durationUnits: 'hours',
    interfaces_produced: [...(piece.produces ?? [])],
    interfaces_consumed: [...(piece.consumes ?? [])],
    acceptance_checks: [...(piece.checks ?? [{ type: 'command', cmd: 'npm test', expect: { exitCode: 0 } }])] as PlannedTask['acceptance_checks'],
    source_evidence: [evidence(piece.title)],
    requirements: [...(piece.requirements ?? [])],
    files_scope: { reads: [], writes },
    contentHash: 'a'.repeat(16),
  };
};

export const dependency = (from: string, to: string, more: Partial<Dependency> = {}): Dependency => ({
  from,
  to,
  type: 'technical',
  reason: `${to} builds on ${from}`,
  evidence: [{ type: 'doc', reason: 'The document says so', confidence: more.confidence ?? 0.9 }],
  confidence: 0.9,
  isHard: true,
  ...more,
});

export const symbol = (name: string, file: string, line: number, kind: CodeSymbol['kind'] = 'class'): CodeSymbol => ({ name, kind, file, line, isExported: true, bases: [] });

export interface Pieces {
  readonly title: string;
  readonly features: readonly Feature[];
  readonly tasks: readonly PlannedTask[];
  readonly dependencies: readonly Dependency[];
  readonly shared?: Tasks['meta']['codebase_analysis']['shared_resources'];
  readonly conflicts?: Tasks['resource_conflicts'];
  readonly codebase?: CodebaseAnalysis;
  readonly options?: Partial<PlanOptions>;
  readonly requirements?: ProseInput['coverage']['requirements'];
  readonly excludes?: readonly SourceEvidence[];
  readonly alternatives?: readonly SourceEvidence[];
  readonly clarifications?: ProseInput['coverage']['clarifications'];
  readonly normalizations?: ProseInput['normalizations'];
  readonly reuse?: ProseInput['reuse'];
  readonly forecast?: Forecast;
}

const wavesOf = ({ forecast, frontier, maxWaveSize, maxConcurrent }: { readonly forecast: Forecast; readonly frontier: readonly string[]; readonly maxWaveSize: number; readonly maxConcurrent: number }): Waves => {
  const { completion } = forecast.waveBased;
  const rolling = forecast.rolling.completion;
  return {
    planId: 'PLAN-00000000',
    generated: GENERATED,
    execution_models: {
      wave_based: {
        config: { maxWaveSize, barrier: { kind: 'quorum', quorum: 0.95 } },
        waves: forecast.waveBased.waves.map(({ number, tasks, duration, usage }) => ({
          waveNumber: number,
          tasks: [...tasks],
          estimates: { units: 'hours', p50Hours: duration.p50, p80Hours: duration.p80, p95Hours: duration.p95 },
          resource_usage: { ...usage },
          barrier: { kind: 'quorum', quorum: 0.95, timeoutMinutes: 120, fallback: 'deferOptional', gateId: `W${number}→W${number + 1}-q95` },
        })),
        total_waves: forecast.waveBased.waves.length,
        estimated_completion: { p50_hours: completion.p50, p80_hours: completion.p80, p95_hours: completion.p95 },
      },
      rolling_frontier: {
        initial_frontier: [...frontier],
        config: { max_concurrent_tasks: maxConcurrent, scheduling_algorithm: 'resource_aware_greedy', frontier_update_policy: 'immediate', coordinator_config_ref: 'coordinator.json' },
        estimated_completion_time: { optimal_hours: forecast.optimalHours, p50_hours: rolling.p50, p80_hours: rolling.p80, p95_hours: rolling.p95 },
        resource_utilization_forecast: { average_cpu_percent: 0, peak_cpu_percent: 0, average_memory_percent: 0, peak_memory_percent: 0, average_concurrency: forecast.rolling.averageConcurrency, max_concurrency: forecast.rolling.maxConcurrency },
        critical_resource_contentions: [],
        execution_simulation: {},
        advantages_over_wave_based: [],
      },
    },
  };
};

/** Everything else follows from the pieces, as far as it can. */
export const proseInput = (pieces: Pieces): ProseInput => {
  const options: PlanOptions = { ...DEFAULT_PLAN_OPTIONS, ...pieces.options };
  const tasks = [...pieces.tasks];
  const dependencies = [...pieces.dependencies];
  const shared = pieces.shared ?? {};
  const gates = dependencies.filter(({ type, isHard, confidence }) => type !== 'mutual_exclusion' && type !== 'resource_limited' && isHard && confidence >= options.minConfidence);
  const soft = dependencies.filter(({ isHard }) => !isHard);
  const low = dependencies.filter(({ isHard, confidence }) => isHard && confidence < options.minConfidence);
  const exclusions = dependencies.filter(({ type }) => type === 'mutual_exclusion');
  const capacities = new Map(Object.entries(shared).map(([name, one]) => [name, one.type === 'exclusive' ? 1 : one.capacity]));
  const forecast = pieces.forecast ?? forecastOf({ tasks, gates, capacities, maxConcurrent: options.maxConcurrent, maxWaveSize: options.maxWaveSize });
  const layers = waveLayers(tasks, gates);
  const n = tasks.length;
  const requirements = pieces.requirements ?? [];
  const text = `# ${pieces.title}\n`;
  return {
    document: { name: 'spec.md', text, hash: HASH, title: pieces.title, sections: [] },
    requirements: { units: [], excludes: (pieces.excludes ?? []).map((each) => ({ start: each.loc.start, end: each.loc.end, text: each.quote, evidence: each })), alternatives: (pieces.alternatives ?? []).map((each) => ({ start: each.loc.start, end: each.loc.end, text: each.quote, evidence: each })), clarifications: [] },
    codebase: pieces.codebase ?? EMPTY_ANALYSIS,
    options,
    features: pieces.features,
    tasks: {
      name: pieces.title,
      meta: {
        execution_model: options.executionModel,
        min_confidence: options.minConfidence,
        resource_limits: { max_concurrent_tasks: options.maxConcurrent, max_memory_gb: 32, max_cpu_cores: 16, max_disk_io_mbps: 500 },
        codebase_analysis: { existing_apis: [], reused_components: [], extension_points: [], shared_resources: shared },
        autonormalization: { split: [], merged: [] },
      },
      generated: GENERATED,
      tasks,
      dependencies,
      resource_conflicts: pieces.conflicts ?? {},
    },
    dag: {
      ok: true,
      errors: [],
      warnings: [],
      generated: GENERATED,
      metrics: {
        minConfidenceApplied: options.minConfidence,
        keptByType: {},
        droppedByType: {},
        nodes: n,
        edges: gates.length + exclusions.length,
        edgeDensity: n > 1 ? Math.min(1, (gates.length + exclusions.length) / (n * (n - 1))) : 0,
        edgeDensityBeforeReduction: 0,
        widthApprox: Math.max(0, ...layers.map((layer) => layer.length)),
        widthMethod: 'kahn_layer_max',
        longestPath: layers.length,
        isolatedTasks: 0,
        lowConfidenceEdgesExcluded: low.length,
        verbFirstPct: 1,
        meceOverlapSuspects: 0,
        mutualExclusionEdges: exclusions.length,
        resourceConstrainedTasks: tasks.filter(({ resource_requirements: { estimated } }) => estimated.exclusive_resources.length > 0 || Object.keys(estimated.shared_resources).length > 0).length,
        resourceUtilization: {},
      },
      topo_order: layers.flat(),
      reduced_edges: [],
      reduced_edges_sample: [],
      resource_bottlenecks: [],
      softDeps: soft,
      lowConfidenceDeps: low,
      cycle_break_suggestions: [],
    },
    waves: wavesOf({ forecast, frontier: layers[0] ?? [], maxWaveSize: options.maxWaveSize, maxConcurrent: options.maxConcurrent }),
    forecast,
    coverage: { generated: GENERATED, requirements, normative: 1, all: 1, excludes: [...(pieces.excludes ?? [])], clarifications: pieces.clarifications ?? [] },
    normalizations: pieces.normalizations ?? [],
    reuse: pieces.reuse ?? [],
  };
};
