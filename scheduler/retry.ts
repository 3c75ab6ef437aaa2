/** What follows a failed attempt: another one, a person's decision, or the end of the task. */
import type { AttemptFailure, AttemptResult, FailureClass } from '../model/attempt.ts';
import { EXTERNAL_DELAYS } from '../model/graph.ts';
import type { GraphTask, RetryPolicy } from '../model/graph.ts';

/** Spread of the jitter around the computed delay: ±25 %. */
const SPREAD = 0.25;

export type Verdict =
  /** Nobody knows what the attempt did, and doing it twice would harm. */
  | { readonly next: 'decide' }
  | { readonly next: 'retry'; readonly delayMs: number }
  | { readonly next: 'fail' };

export const judgeFailure = (options: {
  readonly task: GraphTask;
  readonly error: AttemptFailure;
  /** Failed attempts, this one counted. */
  readonly failures: number;
  readonly retry: RetryPolicy;
  readonly seed: string;
}): Verdict => {
  const { task, error, failures, retry, seed } = options;
  if (error.reason === 'lost' && task.idempotent === false) return { next: 'decide' };
  if (!shouldRetry(error, failures, retry)) return { next: 'fail' };
  // Whoever asks to be left alone is.
  return { next: 'retry', delayMs: Math.max(retryDelay(failures, delaysOf(retry, error.class), seed), error.retryAfterMs ?? 0) };
};

/** The policy with the delays of a class. */
export const delaysOf = (retry: RetryPolicy, of: FailureClass): RetryPolicy => {
  const stated = retry.byClass?.[of];
  const factor = of === 'external' && !stated ? EXTERNAL_DELAYS : 1;
  return { ...retry, initialDelayMs: stated?.initialDelayMs ?? retry.initialDelayMs * factor, maxDelayMs: stated?.maxDelayMs ?? retry.maxDelayMs * factor };
};

/** The failure of an attempt that did not succeed; an orphan, whose execution was thought closed, counts as lost. */
export const failureOf = (result: AttemptResult): AttemptFailure =>
  result.failure ?? { reason: 'lost', class: 'transient', message: `the attempt ended as ${result.outcome}` };

export const shouldRetry = (failure: AttemptFailure, failures: number, policy: RetryPolicy): boolean =>
  failures < policy.maxAttempts && policy.retryOn.includes(failure.class);

/**
 * Delay before the next attempt, in milliseconds, after `failures` failed ones. The jitter is seeded, so a
 * replay and a preview wait as long as the execution did.
 */
export const retryDelay = (failures: number, policy: RetryPolicy, seed: string): number => {
  const grown =
    policy.backoff === 'exponential'
      ? policy.initialDelayMs * 2 ** Math.min(failures - 1, 30)
      : policy.initialDelayMs * failures;
  const delay = Math.min(grown, policy.maxDelayMs);
  if (!policy.jitter) return Math.round(delay);
  const spread = 1 + SPREAD * (2 * unitHash(seed) - 1);
  return Math.round(Math.min(Math.max(delay * spread, policy.initialDelayMs), policy.maxDelayMs));
};

/** FNV-1a over UTF-16 units with a final avalanche (murmur3's), as a number in [0, 1). */
export const unitHash = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};
