/** All that can be said of a failure where it happened: class, kind, signature, which breakers it may concern. */
import type { AttemptFailure } from '../../model/attempt.ts';
import type { Healing } from '../../model/healing.ts';
import { classify, found } from './classify.ts';
import type { FailureFacts } from './classify.ts';
import { retryAfter } from './retry-after.ts';
import { PATTERN_TEXTS } from './rules.ts';
import { signatureOf } from './signature.ts';
import { tellingLine } from './telling-line.ts';

export type Diagnosis = Pick<AttemptFailure, 'class' | 'kind' | 'rule' | 'signature' | 'matches' | 'retryAfterMs'>;

/** Whose failures tell nothing of what the command met. */
const SPEECHLESS: ReadonlySet<string> = new Set(['lost', 'unplaced', 'preempted', 'rejected', 'unapproved']);

/**
 * `message` stands in where there is no output. The text may hold secrets: of it only the signature is kept, and the
 * caller redacts that.
 */
export const diagnose = (facts: FailureFacts & { readonly message: string; readonly at: number }, healing: Healing = {}): Diagnosis => {
  const { tail = '', message, reason, at } = facts;
  const classified = classify(facts, healing.rules);
  if (SPEECHLESS.has(reason)) return classified;
  const text = tail === '' ? message : tail;
  const builtIn = [...PATTERN_TEXTS].filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
  const own = (healing.patterns ?? []).filter(({ pattern }) => found(pattern, text)).map(({ name }) => name);
  const matches = [...new Set([...builtIn, ...own])];
  const wait = classified.class === 'external' ? retryAfter(text, at) : undefined;
  return {
    ...classified,
    signature: signatureOf(tellingLine(tail) ?? message),
    ...(matches.length > 0 && { matches }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
};
