/**
 * Undoes what a failed attempt has done, before it ends and anybody else gets what it holds. Only where it is known how the
 * command ended: of a lost one nobody knows what there is to undo.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptFailureReason, AttemptInput, CompensationResult } from '../../model/attempt.ts';
import type { AttemptSession } from './attempt-session.ts';
import { verdictOf } from './attempt-verdict.ts';
import type { Verdict } from './attempt-verdict.ts';

export interface CompensateRequest {
  readonly command: string;
  readonly terms: NonNullable<AttemptInput['compensation']>;
  readonly signal: AbortSignal;
  /** One for each try: each has its own time. */
  readonly session: () => AttemptSession;
}

const KNOWN: ReadonlySet<AttemptFailureReason> = new Set(['exit', 'signal', 'timeout', 'check', 'conflict', 'dirty']);

export const isKnownFailure = (verdict: Verdict): boolean => verdict.outcome === 'failed' && KNOWN.has(verdict.reason);

/** Tried again as often as there are pauses; the message is not redacted yet. */
export const compensate = async ({ command, terms, signal, session }: CompensateRequest): Promise<CompensationResult> => {
  const { timeoutMs, pausesMs } = terms;
  let message = 'it was not run, because the attempt was being ended';
  let tries = 0;
  for (const pause of [0, ...pausesMs]) {
    await delay(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    tries += 1;
    const end = await session().run({ command, heading: `--- compensation: ${command}` });
    const verdict = verdictOf({ end, subject: 'The compensation', timeoutMs, stopReason: signal.reason });
    if (verdict.outcome === 'succeeded') return { outcome: 'succeeded', tries };
    message = verdict.outcome === 'failed' ? verdict.message : 'it was ended before it was done';
  }
  return { outcome: 'failed', tries, message };
};
