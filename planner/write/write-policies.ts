/** Policies as plans write them, from those that an execution runs by. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { ApprovalPolicy, BackpressurePolicy, MachineLimits, Policies, RetryPolicy, WavePolicy } from '../../model/graph.ts';
import { writeWorkspace } from '../read/map-workspace.ts';
import { present } from '../read/optional.ts';
import type { WrittenPolicies } from '../read/policies.schema.ts';
import { writeErrorPolicy } from './write-error-policy.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

const minutes = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / MINUTE);

export const writeRetry = (retry: Partial<RetryPolicy>): NonNullable<WrittenPolicies['retry']> =>
  present({
    max_attempts: retry.maxAttempts,
    backoff: retry.backoff,
    initial_delay_ms: retry.initialDelayMs,
    max_delay_ms: retry.maxDelayMs,
    jitter: retry.jitter,
    retry_on: retry.retryOn && [...retry.retryOn],
    by_class: retry.byClass && Object.fromEntries(Object.entries(retry.byClass).map(([name, delays]) => [name, present({ initial_delay_ms: delays.initialDelayMs, max_delay_ms: delays.maxDelayMs })])),
    raise_limits_up_to: retry.raiseUpTo,
  });

const writeWave = (wave: WavePolicy): WrittenPolicies['wave'] =>
  present({ max_wave_size: wave.maxWaveSize, quorum: wave.quorum, timeoutMinutes: minutes(wave.timeoutMs), fallback: wave.fallback });

const writeApproval = (approval: ApprovalPolicy): WrittenPolicies['approval'] =>
  present({ risk: approval.risk, timeout_minutes: minutes(approval.timeoutMs), on_timeout: approval.onTimeout });

/** Soft limits of machines are triggers; a plan of this form has no word for hard ones. */
const writeBackpressure = ({ errorsPerMinute, coolDownMs, resumeRate }: BackpressurePolicy, machine: MachineLimits): WrittenPolicies['backpressure'] => {
  const stated = [['error_rate', errorsPerMinute], ['cpu', machine.cpu?.soft], ['memory', machine.memory?.soft]] as const;
  const triggers = stated.flatMap(([metric, threshold]) => (threshold === undefined ? [] : [{ metric, threshold, action: 'reduce_concurrency' as const }]));
  return {
    ...(triggers.length > 0 && { triggers }),
    recovery: present({ cool_down_seconds: coolDownMs / SECOND, resume_rate: resumeRate }),
  };
};

/** All that differs from the defaults. */
export const writePolicies = (policies: Policies, machine: MachineLimits = {}): WrittenPolicies => {
  const { matching, preemption, background } = policies;
  const all: WrittenPolicies = present({
    concurrency_max: policies.concurrencyMax,
    execution_model: policies.executionModel,
    wave: writeWave(policies.wave),
    retry: writeRetry(policies.retry),
    approval: writeApproval(policies.approval),
    worker_matching: present({ prefer_specialized_workers: matching.preferSpecialized, max_tasks_per_worker: matching.maxTasksPerWorker }),
    resource_allocation: { preemption_enabled: preemption.enabled, preemption_priorities: [...preemption.order] },
    backpressure: writeBackpressure(policies.backpressure, machine),
    background: background.maxTasks === undefined ? undefined : { max_tasks: background.maxTasks },
    error_policy: policies.errorPolicy && writeErrorPolicy(policies.errorPolicy),
    ...writeWorkspace(policies.workspaceTerms),
    fail_fast: policies.failFast,
    // Tasks that do not age at all are no plan's to ask for.
    ageing_minutes: policies.ageingMs > 0 ? minutes(policies.ageingMs) : undefined,
    dispatch: policies.dispatch,
  });
  if (policies === DEFAULT_POLICIES) return all;
  const usual = new Map(Object.entries(writePolicies(DEFAULT_POLICIES)));
  return Object.fromEntries(Object.entries(all).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual.get(key))));
};
