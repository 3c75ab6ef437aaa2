/** Policies from everywhere a plan may state them, as changes of the defaults. */
import { isDeepStrictEqual } from 'node:util';
import { breakerEntries, playbooksOf, rulesOf } from '../healing/compile-healing.ts';
import type { HealingDraft } from '../healing/compile-healing.ts';
import { errorPolicyOf } from '../healing/map-error-policy.ts';
import { executorsOf } from '../healing/map-executors.ts';
import { mapCanaries, mapSentinels } from '../sentinels/map-sentinels.ts';
import type { Findings, PolicyChanges } from './draft.ts';
import { mapCheckpointPolicy } from './map-checkpoints.ts';
import { lastMachine, mapBackpressure, mapPreemption, mapQuotas, mapTriggers } from './map-pressure.ts';
import { mapRetry } from './map-task.ts';
import { mapWorkspace } from './map-workspace.ts';
import { present } from './optional.ts';
import { KEPT_POLICIES, policiesSchema } from './policies.schema.ts';
import type { WrittenPolicies } from './policies.schema.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Where } from './source.ts';
import { inside, placeOf, problemAt } from './source.ts';
import { quote } from './words.ts';

const MINUTE = 60_000;

/** Undefined when it does not pass; what is wrong is in `findings`. */
export const readPolicies = (raw: unknown, where: Where, findings: Findings): WrittenPolicies | undefined => {
  const parsed = policiesSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems({ schema: policiesSchema, issues: parsed.error.issues, value: raw, where, unknownCode: 'TASKS1007' });
  findings.problems.push(...problems);
  return undefined;
};

const backoffOf = (written: WrittenPolicies): 'exponential' | 'linear' | undefined => {
  const stated = written.failure_handling?.retry_policy;
  if (stated === undefined) return undefined;
  return stated === 'exponential_backoff' ? 'exponential' : 'linear';
};

export const mapWave = (wave: NonNullable<WrittenPolicies['wave']>): NonNullable<PolicyChanges['wave']> =>
  present({
    maxWaveSize: wave.max_wave_size,
    quorum: wave.quorum,
    timeoutMs: wave.timeoutMinutes === undefined ? undefined : Math.round(wave.timeoutMinutes * MINUTE),
    fallback: wave.fallback,
  });

const mapApproval = (approval: NonNullable<WrittenPolicies['approval']>): NonNullable<PolicyChanges['approval']> =>
  present({
    risk: approval.risk,
    timeoutMs: approval.timeout_minutes === undefined ? undefined : Math.round(approval.timeout_minutes * MINUTE),
    onTimeout: approval.on_timeout,
  });

const mapMatching = (matching: NonNullable<WrittenPolicies['worker_matching']>): NonNullable<PolicyChanges['matching']> =>
  present({ preferSpecialized: matching.prefer_specialized_workers, maxTasksPerWorker: matching.max_tasks_per_worker });

/** The share of failures that spec/001 states is a breaker like any other. */
const thresholdEntry = (written: WrittenPolicies, where: Where): HealingDraft['breakers'] => {
  const { failure_threshold: threshold, cascade_prevention: prevents } = written.failure_handling ?? {};
  if (threshold === undefined) return [];
  return [{ name: 'error-rate', written: { failure_threshold: threshold, ...(prevents === false && { enabled: false }) }, where: inside(where, 'failure_handling', 'failure_threshold') }];
};

const mapHealing = (written: WrittenPolicies, where: Where): HealingDraft | undefined => {
  const { circuit_breakers: breakers, playbooks, failure_rules: rules } = written;
  const threshold = thresholdEntry(written, where);
  if (!breakers && !playbooks && !rules && threshold.length === 0) return undefined;
  return {
    breakers: [...threshold, ...(breakers ? breakerEntries(breakers, inside(where, 'circuit_breakers')) : [])],
    playbooks: playbooks ? playbooksOf(playbooks) : [],
    rules: rules ? rulesOf(rules) : [],
  };
};

/** What acts. `retry` says more than `failure_handling`, and so comes after it. */
export const mapPolicies = (written: WrittenPolicies, where: Where): PolicyChanges => {
  const { resource_allocation: allocation, backpressure, background } = written;
  const maxRetries = written.failure_handling?.max_retries;
  const retry = {
    ...present({ backoff: backoffOf(written), maxAttempts: maxRetries === undefined ? undefined : maxRetries + 1 }),
    ...(written.retry ? mapRetry(written.retry) : {}),
  };
  return present({
    concurrencyMax: written.concurrency_max ?? written.max_concurrent_tasks,
    executionModel: written.execution_model,
    wave: written.wave && mapWave(written.wave),
    retry: Object.keys(retry).length > 0 ? retry : undefined,
    approval: written.approval && mapApproval(written.approval),
    matching: written.worker_matching && mapMatching(written.worker_matching),
    preemption: allocation && mapPreemption(allocation),
    quotas: allocation && mapQuotas(allocation),
    backpressure: backpressure && mapBackpressure(backpressure),
    machine: backpressure && mapTriggers(backpressure),
    background: background && present({ maxTasks: background.max_tasks }),
    healing: mapHealing(written, where),
    errorPolicy: errorPolicyOf(written),
    executors: written.executors && executorsOf(written.executors),
    rollback: written.rollback && present({ onFailure: written.rollback.on_failure }),
    checkpoints: mapCheckpointPolicy(written.checkpoints, written.failure_handling?.checkpoint_recovery),
    sentinels: written.sentinels && mapSentinels(written.sentinels, inside(where, 'sentinels')),
    canaries: written.canaries && mapCanaries(written.canaries, inside(where, 'canaries')),
    workspaceTerms: mapWorkspace(written),
    failFast: written.fail_fast,
    ageingMs: written.ageing_minutes === undefined ? undefined : Math.round(written.ageing_minutes * MINUTE),
    dispatch: written.dispatch,
    limits: written.limits && { labels: written.limits.labels, perWorkspace: written.limits.per_workspace },
  });
};

/** All of them: which one wins is decided by name. */
const joinHealing = (parts: readonly HealingDraft[]): HealingDraft => ({
  breakers: parts.flatMap((part) => part.breakers),
  playbooks: parts.flatMap((part) => part.playbooks),
  // A later part's rows are looked at first.
  rules: parts.toReversed().flatMap((part) => part.rules),
});

const NESTED = ['wave', 'retry', 'approval', 'matching', 'preemption', 'backpressure', 'background', 'rollback', 'checkpoints', 'quotas', 'sentinels', 'canaries', 'workspaceTerms'] as const;

/** Later ones win, key by key. */
export const combinePolicies = (...changes: readonly PolicyChanges[]): PolicyChanges => {
  const nested = NESTED.flatMap((key) => {
    const stated = changes.flatMap((change) => (change[key] ? [change[key]] : []));
    return stated.length > 0 ? [[key, Object.assign({}, ...stated)] as const] : [];
  });
  const machines = changes.flatMap(({ machine }) => machine ?? []);
  const healing = changes.flatMap((change) => change.healing ?? []);
  const executors = new Map(changes.flatMap((change) => (change.executors ?? []).map((one) => [one.name, one])));
  return { ...Object.assign({}, ...changes), ...Object.fromEntries(nested), ...(machines.length > 0 ? { machine: lastMachine(machines) } : {}), ...(healing.length > 0 ? { healing: joinHealing(healing) } : {}), ...(executors.size > 0 ? { executors: [...executors.values()] } : {}) };
};

const keptKeys = (written: WrittenPolicies): readonly string[] => {
  const nested = Object.keys(written.failure_handling ?? {}).map((key) => `failure_handling.${key}`);
  return [...Object.keys(written), ...nested].filter((key) => KEPT_POLICIES.has(key));
};

/** Statements of which one takes away what the other is for. */
const warnMoot = ({ backpressure, resource_allocation: allocation }: WrittenPolicies, where: Where, findings: Findings): void => {
  const say = (message: string, ...at: readonly string[]): void => {
    findings.warnings.push(problemAt({ code: 'TASKS1007', message, where: inside(where, ...at) }));
  };
  if (backpressure?.recovery?.gradual_resume === false && backpressure.recovery.resume_rate !== undefined) {
    say('resume_rate has no effect where gradual_resume is false', 'backpressure', 'recovery', 'resume_rate');
  }
  if (allocation?.oversubscription_allowed && (allocation.headroom_percent ?? 0) > 0) {
    say('headroom_percent has no effect where oversubscription is allowed', 'resource_allocation', 'headroom_percent');
  }
};

/** One warning for all the policies that are kept and do nothing yet, and one for each that another one makes moot. */
export const warnPolicies = (written: WrittenPolicies, where: Where, findings: Findings): void => {
  warnMoot(written, where, findings);
  const kept = keptKeys(written);
  if (kept.length === 0) return;
  findings.warnings.push(
    problemAt({ code: 'TASKS1007', message: `policies that are kept and have no effect yet: ${kept.join(', ')}`, where }),
  );
};

/** One warning for each key on which two statements of the same plan differ; `winner` is the one that counts. */
export const warnDisagreement = (options: {
  readonly winner: { readonly written: WrittenPolicies; readonly where: Where };
  readonly loser: { readonly written: WrittenPolicies; readonly where: Where };
  readonly findings: Findings;
}): void => {
  const { winner, loser, findings } = options;
  for (const key of Object.keys(winner.written) as (keyof WrittenPolicies)[]) {
    if (!(key in loser.written) || isDeepStrictEqual(winner.written[key], loser.written[key])) continue;
    const at: Where = { doc: winner.where.doc, path: [...winner.where.path, key], key: true };
    findings.warnings.push(
      problemAt({
        code: 'TASKS1007',
        message: `the policy ${quote(key)} is stated twice and differs: this one counts`,
        where: at,
        related: [{ message: 'the other', place: placeOf({ doc: loser.where.doc, path: [...loser.where.path, key], key: true }) }],
      }),
    );
  }
};
