/** Policies from everywhere a plan may state them, as changes of the defaults. */
import { isDeepStrictEqual } from 'node:util';
import type { Findings, PolicyChanges } from './draft.ts';
import { mapRetry } from './map-task.ts';
import { present } from './optional.ts';
import { KEPT_POLICIES, policiesSchema } from './policies.schema.ts';
import type { WrittenPolicies } from './policies.schema.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Where } from './source.ts';
import { placeOf, problemAt } from './source.ts';
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

/** What acts. `retry` says more than `failure_handling`, and so comes after it. */
export const mapPolicies = (written: WrittenPolicies): PolicyChanges => {
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
    failFast: written.fail_fast,
    ageingMs: written.ageing_minutes === undefined ? undefined : Math.round(written.ageing_minutes * MINUTE),
    dispatch: written.dispatch,
    limits: written.limits && { labels: written.limits.labels, perWorkspace: written.limits.per_workspace },
  });
};

/** Later ones win, key by key. */
export const combinePolicies = (...changes: readonly PolicyChanges[]): PolicyChanges => {
  const waves = changes.flatMap((change) => (change.wave ? [change.wave] : []));
  const approvals = changes.flatMap((change) => (change.approval ? [change.approval] : []));
  const matchings = changes.flatMap((change) => (change.matching ? [change.matching] : []));
  const retries = changes.flatMap((change) => (change.retry ? [change.retry] : []));
  return {
    ...Object.assign({}, ...changes),
    ...(waves.length > 0 ? { wave: Object.assign({}, ...waves) } : {}),
    ...(approvals.length > 0 ? { approval: Object.assign({}, ...approvals) } : {}),
    ...(matchings.length > 0 ? { matching: Object.assign({}, ...matchings) } : {}),
    ...(retries.length > 0 ? { retry: Object.assign({}, ...retries) } : {}),
  };
};

const keptKeys = (written: WrittenPolicies): readonly string[] => {
  const nested = Object.keys(written.failure_handling ?? {}).map((key) => `failure_handling.${key}`);
  return [...Object.keys(written), ...nested].filter((key) => KEPT_POLICIES.has(key));
};

/** One warning for all the policies that are kept and do nothing yet. */
export const warnKept = (written: WrittenPolicies, where: Where, findings: Findings): void => {
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
