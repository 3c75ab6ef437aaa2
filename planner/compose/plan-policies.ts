/**
 * The policies that a plan states in `coordinator.json`: spec/001's, each of them one that executions act on. They are
 * known before the forecast, which is made under them.
 */
import { DEFAULT_POLICIES, MAX_CONCURRENCY } from '../../model/graph.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { WrittenPolicies } from '../read/policies.schema.ts';
import type { PlanOptions } from './options.ts';

/** critical, high, medium and low: a task that has waited for as long as the plan takes at least is ahead of all. */
const CLASSES = 4;
const HOUR_MINUTES = 60;
const DEFAULT_AGEING_MINUTES = DEFAULT_POLICIES.ageingMs / 60_000;

/** What a machine bears, and how much is kept free: the defaults of spec/001. */
const CPU_PERCENT = 80;
const MEMORY_PERCENT = 85;
const ERRORS_PER_MINUTE = 5;
const HEADROOM_PERCENT = 20;

/**
 * Tasks of hours age in hours: lifted one class every ten minutes, they would start in the order in which they became ready,
 * whatever their priority.
 */
const ageingMinutes = (optimalHours: number): number => Math.max(DEFAULT_AGEING_MINUTES, Math.round((optimalHours * HOUR_MINUTES) / CLASSES));

export const planPolicies = ({ tasks, options, optimalHours }: { readonly tasks: readonly PlannedTask[]; readonly options: PlanOptions; readonly optimalHours: number }): WrittenPolicies => ({
  concurrency_max: Math.min(options.maxConcurrent, MAX_CONCURRENCY),
  execution_model: options.executionModel,
  min_confidence: options.minConfidence,
  fairness: 'weighted',
  update_mode: 'hot',
  ageing_minutes: ageingMinutes(optimalHours),
  wave: { max_wave_size: options.maxWaveSize, quorum: DEFAULT_POLICIES.wave.quorum, fallback: DEFAULT_POLICIES.wave.fallback },
  backpressure: {
    triggers: [
      { metric: 'cpu_usage', threshold: CPU_PERCENT, action: 'pause_low_priority' },
      { metric: 'memory_usage', threshold: MEMORY_PERCENT, action: 'defer_memory_intensive' },
      { metric: 'error_rate', threshold: ERRORS_PER_MINUTE, action: 'circuit_break' },
    ],
    recovery: { cool_down_seconds: 30, gradual_resume: true, resume_rate: 1 },
  },
  resource_allocation: {
    strategy: 'bin_packing_with_headroom',
    headroom_percent: HEADROOM_PERCENT,
    oversubscription_allowed: false,
    preemption_enabled: tasks.some(({ scheduling_hints: { preemptible } }) => preemptible),
    preemption_priorities: ['low', 'medium', 'high', 'critical'],
  },
  worker_matching: { strategy: 'capability_and_load_balanced', prefer_specialized_workers: true },
  failure_handling: { retry_policy: 'exponential_backoff', max_retries: 3, failure_threshold: 0.3, cascade_prevention: true, checkpoint_recovery: true },
});
