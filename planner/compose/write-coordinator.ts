/**
 * `coordinator.json`: spec/002's `version, graph, policies, resources` and spec/001's `coordinator, worker_pool` in one file
 * (DECISIONS). Both state the same policies; a file alone runs as the plan does, as far as order and resources go.
 */
import { METRIC_NAMES } from '../../model/alert.ts';
import { hashed } from '../artifacts/content-hash.ts';
import type { CoordinatorArtifact } from '../artifacts/coordinator.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Dependency, SharedResource, Tasks } from '../artifacts/tasks.schema.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import type { Forecast } from '../simulate/forecast.ts';
import type { Stamp } from './finish-dag.ts';
import type { PlanOptions } from './options.ts';
import { planPolicies } from './plan-policies.ts';

const VERSION = '1.0.0';
/** One worker for so many tasks at once (spec/001's `max_tasks_per_worker`). */
const TASKS_PER_WORKER = 3;
const MB_PER_GB = 1_024;

export interface WriteCoordinatorOptions {
  readonly tasks: readonly PlannedTask[];
  readonly built: BuiltDag;
  readonly forecast: Forecast;
  readonly meta: Tasks['meta'];
  readonly options: PlanOptions;
  readonly generated: Stamp;
}

const RESPONSIBILITIES = [
  'Monitor system resources (CPU, memory, I/O)',
  'Manage task frontier (ready queue)',
  'Assign tasks to workers based on capabilities',
  'Enforce resource limits and mutual exclusions',
  'Handle backpressure and circuit breaking',
  'Track progress and manage checkpoints',
  'Coordinate rollbacks on failure',
];

const TASK_STATES = {
  blocked: 'Dependencies not met',
  ready: 'In frontier, awaiting resources',
  queued: 'Resources available, awaiting worker',
  assigned: 'Assigned to worker',
  running: 'Actively executing',
  paused: 'Temporarily suspended for resources',
  checkpointed: 'At a checkpoint, can resume',
  completed: 'Successfully finished',
  failed: 'Execution failed',
  rolled_back: 'Reverted after failure',
};

const FRONTIER = { ready_queue: [], resource_wait_queue: [], worker_assignments: {}, resource_allocations: {}, checkpoint_registry: {} };

const LOOP = ['update_frontier()', 'check_system_health()', 'apply_backpressure()', 'prioritize_ready_tasks()', 'match_tasks_to_workers()', 'dispatch_tasks()', 'monitor_running_tasks()', 'handle_completions()', 'update_metrics()'];

const MONITORED = new Set(['task_throughput', 'average_wait_time', 'resource_utilization', 'failure_rate', 'checkpoint_success_rate']);

/** A wait is remarkable at twice what the forecast has: tasks ready for so long mean that something hangs. */
const remarkableHours = ({ rolling, optimalHours }: Forecast): number => {
  const longest = rolling.waits.reduce((most, { hours, tasks }) => Math.max(most, hours / Math.max(1, tasks)), 0);
  return Math.max(1, Math.ceil(2 * longest), Math.ceil(optimalHours / 4));
};

const monitoringOf = (forecast: Forecast): CoordinatorArtifact['coordinator']['monitoring'] => ({
  metrics_collection_interval: 10,
  metrics: METRIC_NAMES.filter((name) => MONITORED.has(name)),
  alerts: [
    { name: 'failures', condition: 'failure_rate > 0.1', action: 'reduce_concurrency' },
    { name: 'waiting', condition: `average_wait_time > ${remarkableHours(forecast)}h`, action: 'report' },
  ],
});

const nodeOf = (task: PlannedTask): CoordinatorArtifact['graph']['nodes'][number] => {
  const { id, title, duration, durationUnits, resource_requirements, scheduling_hints, files_scope } = task;
  return { id, title, duration, durationUnits, resource_requirements, scheduling_hints, ...(files_scope && { files_scope }) };
};

const edgeOf = ({ from, to, type, confidence, isHard, shared_resource }: Dependency): CoordinatorArtifact['graph']['edges'][number] => ({ from, to, type, confidence, isHard, ...(shared_resource !== undefined && { shared_resource }) });

/** As the reader takes them from `tasks.json`: what two files state must agree. */
const resourceOf = (resource: SharedResource): Readonly<Record<string, unknown>> => (resource.type === 'exclusive' ? { mode: 'exclusive' } : { mode: 'semaphore', capacity: resource.capacity, scope: 'global' });

/** What stands beside the resources there: `tasks.json` alone declares one of that name. */
const OWN_KEYS: ReadonlySet<string> = new Set(['locks', 'quotas']);

const resourcesOf = ({ codebase_analysis: { shared_resources: shared }, resource_limits: limits }: Tasks['meta']): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(Object.entries(shared).filter(([name]) => !OWN_KEYS.has(name)).map(([name, resource]) => [name, resourceOf(resource)])),
  quotas: { cpu_cores: limits.max_cpu_cores, memory_mb: limits.max_memory_gb * MB_PER_GB, disk_io_mbps: limits.max_disk_io_mbps },
});

/** So many that the forecast's concurrency has room, and together no less than the plan's limits: they would bind before these. */
const poolOf = ({ tasks, forecast: { rolling }, meta: { resource_limits: limits } }: WriteCoordinatorOptions): CoordinatorArtifact['worker_pool'] => {
  const most = Math.max(1, Math.ceil(rolling.maxConcurrency / TASKS_PER_WORKER));
  const least = Math.min(most, Math.max(1, Math.ceil(rolling.averageConcurrency / TASKS_PER_WORKER)));
  const largest = (amount: (task: PlannedTask) => number): number => tasks.reduce((max, task) => Math.max(max, amount(task)), 0);
  const share = (limit: number, peak: number): number => Math.max(1, Math.ceil(limit / most), Math.ceil(peak));
  return {
    min_workers: least,
    max_workers: most,
    scaling_policy: least === most ? 'fixed' : 'adaptive',
    worker_template: {
      capabilities: [...new Set(tasks.flatMap((task) => task.resource_requirements.worker_capabilities_required))],
      resource_capacity: {
        cpu_cores: share(limits.max_cpu_cores, largest(({ resource_requirements: { peak } }) => peak.cpu_cores)),
        memory_mb: share(limits.max_memory_gb * MB_PER_GB, largest(({ resource_requirements: { peak } }) => peak.memory_mb)),
        disk_io_mbps: share(limits.max_disk_io_mbps, largest(({ resource_requirements: { peak } }) => peak.disk_io_mbps)),
      },
      execution_protocol: { heartbeat_interval: 30, progress_updates: true, can_checkpoint: tasks.some(({ scheduling_hints: hints }) => hints.checkpoint_capable) },
    },
  };
};

export const writeCoordinator = (input: WriteCoordinatorOptions): CoordinatorArtifact => {
  const { tasks, built, forecast, meta, options, generated } = input;
  const policies = planPolicies({ tasks, options, optimalHours: forecast.optimalHours });
  return hashed({
    version: VERSION,
    generated: { by: generated.by, timestamp: generated.timestamp, contentHash: '' },
    graph: { nodes: tasks.map(nodeOf), edges: [...built.hard, ...built.exclusions, ...built.soft].map(edgeOf) },
    policies,
    resources: resourcesOf(meta),
    coordinator: {
      role: 'execution_orchestrator',
      version: VERSION,
      responsibilities: RESPONSIBILITIES,
      state_management: { task_states: TASK_STATES, frontier_management: FRONTIER },
      scheduling_loop: { interval_ms: 1_000, steps: LOOP },
      policies,
      monitoring: monitoringOf(forecast),
    },
    worker_pool: poolOf(input),
  });
};
