/** Puts the result of an attempt together: small, printable, redacted. */
import type { ArtifactChange, AttemptInput, AttemptResult, CompensationResult, ResourceUse } from '../../model/attempt.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import type { Healing } from '../../model/healing.ts';
import type { CheckpointResult } from '../checkpoint/attempt-checkpoints.ts';
import { diagnose } from '../failure/diagnose.ts';
import type { FailedVerdict, Verdict } from './attempt-verdict.ts';
import { TAIL_BYTES, type RunReport } from './launcher/protocol.ts';
import { printable } from './printable.ts';
import { redact } from '../../model/redact.ts';
import { tailBytes } from './tail.ts';

const SUCCESS_TAIL_BYTES = 200;
const MAX_MESSAGE = 500;
const MAX_CHECK = 200;

export interface ResultParts extends CheckpointResult {
  readonly verdict: Verdict;
  /** Takes the task's secrets out of a text; without it only what is a secret by its shape. */
  readonly clean?: (text: string) => string;
  /** Undefined when nothing was started. */
  readonly startedAt?: number;
  /** Of the task's own command. */
  readonly report?: RunReport | undefined;
  readonly use?: ResourceUse;
  readonly log?: string | undefined;
  readonly artifacts?: readonly ArtifactChange[];
  readonly unchanged?: readonly ArtifactChange[];
  /** What it answered with. */
  readonly patch?: ParsedPatch;
  /** With `--git`, or of a worktree, where the attempt left one. */
  readonly commit?: string;
  readonly touched?: readonly string[];
  /** What the plan says of failures. */
  readonly healing?: Healing | undefined;
  /** Whether the kernel has ended something for want of memory meanwhile. */
  readonly oomKilled?: boolean;
  readonly compensation?: CompensationResult;
}

const sentence = (text: string, { limit, clean }: { limit: number; clean: (text: string) => string }): string => {
  const line = printable(clean(text)).replaceAll(/\s+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
};

/** The tail comes redacted; what is kept of a message is redacted here. */
const failureOf = (verdict: FailedVerdict, { clean, healing, oomKilled }: { clean: (text: string) => string; healing: Healing | undefined; oomKilled: boolean }): NonNullable<AttemptResult['failure']> => {
  const message = sentence(verdict.message, { limit: MAX_MESSAGE, clean });
  return {
    reason: verdict.reason,
    message,
    ...(verdict.check === undefined ? {} : { check: sentence(verdict.check, { limit: MAX_CHECK, clean }) }),
    ...diagnose({ ...verdict, message, oomKilled, at: Date.now() }, healing),
  };
};

const cleaned = ({ message, ...rest }: CompensationResult, clean: (text: string) => string): CompensationResult => ({
  ...rest,
  ...(message !== undefined && { message: sentence(message, { limit: MAX_MESSAGE, clean }) }),
});

export interface AttemptResultRequest {
  readonly input: AttemptInput;
  readonly worker: string;
  readonly host: string;
  readonly arrivedAt: number;
  readonly parts: ResultParts;
}

export const attemptResult = ({ input, worker, host, arrivedAt, parts }: AttemptResultRequest): AttemptResult => {
  const { verdict, clean = redact, startedAt = arrivedAt, report, use, log, artifacts, unchanged, patch, commit, touched, checkpoints, resumed, refused, compensation, healing, oomKilled = false } = parts;
  const failed = verdict.outcome === 'failed' ? verdict : undefined;
  const tail = failed?.tail ?? report?.tail ?? '';
  return {
    task: input.task,
    attempt: input.attempt,
    outcome: verdict.outcome,
    startedAt,
    finishedAt: Math.max(Date.now(), startedAt),
    worker,
    host,
    ...(report?.exitCode === undefined ? {} : { exitCode: report.exitCode }),
    ...(report?.signal === undefined ? {} : { signal: report.signal }),
    ...(failed ? { failure: failureOf(failed, { clean, healing, oomKilled }) } : {}),
    ...(compensation ? { compensation: cleaned(compensation, clean) } : {}),
    tail: tailBytes(tail, verdict.outcome === 'succeeded' ? SUCCESS_TAIL_BYTES : TAIL_BYTES),
    ...(log === undefined ? {} : { log }),
    ...(artifacts && artifacts.length > 0 ? { artifacts } : {}),
    ...(touched && touched.length > 0 ? { touched } : {}),
    ...(unchanged && unchanged.length > 0 && verdict.outcome === 'succeeded' ? { unchanged } : {}),
    ...(checkpoints ? { checkpoints } : {}),
    ...(resumed ? { resumed } : {}),
    ...(refused ? { refused } : {}),
    ...(patch && verdict.outcome === 'succeeded' ? { patch } : {}),
    ...(commit === undefined ? {} : { commit }),
    ...(use && Object.keys(use).length > 0 ? { use } : {}),
  };
};
