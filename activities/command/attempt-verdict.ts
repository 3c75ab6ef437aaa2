/** What the end of a command means for its attempt, and the one sentence that says so. */
import prettyMilliseconds from 'pretty-ms';
import type { AttemptFailureReason } from '../../model/attempt.ts';
import { REPORT_MARK } from '../checkpoint/report-line.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { CommandEnd } from './run-command.ts';

/** Why an attempt is ended from outside; the `reason` of its abort signal. Anything else means `cancelled`. */
export type StopReason = 'cancelled' | 'orphaned' | 'shutdown' | PreemptedReason;

/** The worker's machine was over its hard limit. */
export interface PreemptedReason {
  readonly preempted: string;
}

const preemptedBy = (reason: unknown): string | undefined =>
  typeof reason === 'object' && reason !== null && 'preempted' in reason && typeof reason.preempted === 'string' ? reason.preempted : undefined;

/** What the log says of a command that is ended for it. */
export const stopNote = (reason: unknown): string | undefined => {
  const why = preemptedBy(reason);
  return why === undefined ? undefined : `ended to make room: ${why}`;
};

export interface FailedVerdict {
  readonly outcome: 'failed';
  readonly reason: AttemptFailureReason;
  /** Not redacted yet. */
  readonly message: string;
  readonly check?: string;
  /** What the class is decided by: those of the command or check that failed. */
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly tail?: string | undefined;
}

export type Verdict = { readonly outcome: 'succeeded' | 'cancelled' | 'orphaned' } | FailedVerdict;

const MAX_LINE = 200;
const TELLING = /error|exception|fatal|fail|cannot|denied|refused|not found|no such/i;

/** The line of the output that most likely says why: the last one that sounds like it, else the last one. */
export const tellingLine = (tail: string): string | undefined => {
  const lines = tail.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith(REPORT_MARK));
  const line = lines.findLast((it) => TELLING.test(it)) ?? lines.at(-1);
  return line !== undefined && line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
};

const withLine = (sentence: string, tail: string): string => {
  const line = tellingLine(tail);
  return line === undefined ? `${sentence}.` : `${sentence}: ${line}`;
};

/** The worker's shutdown is no wish of anybody's about the task: it is told as lost, so that it is tried again. */
const stopped = (reason: unknown): Verdict => {
  const why = preemptedBy(reason);
  if (why !== undefined) return { outcome: 'failed', reason: 'preempted', message: `Its machine was over its limit (${why}), and it was ended to make room.` };
  if (reason === 'orphaned') return { outcome: 'orphaned' };
  if (reason !== 'shutdown') return { outcome: 'cancelled' };
  return { outcome: 'failed', reason: 'lost', message: 'The worker was shut down while the command ran; its process group was ended.' };
};

export interface VerdictRequest {
  readonly end: CommandEnd;
  /** How the command is called in a sentence: `The command`, `The smoke test`. */
  readonly subject: string;
  /** Of the whole attempt. */
  readonly timeoutMs: number;
  /** `signal.reason` of the attempt's abort signal. */
  readonly stopReason: unknown;
}

export const verdictOf = ({ end, subject, timeoutMs, stopReason }: VerdictRequest): Verdict => {
  switch (end.kind) {
    case 'ended': {
      const { exitCode, signal, tail } = end.report;
      const facts = { exitCode, signal, tail };
      if (signal !== undefined) return { outcome: 'failed', reason: 'signal', message: withLine(`${subject} was ended by ${signal}`, tail), ...facts };
      if (exitCode === 0) return { outcome: 'succeeded' };
      return { outcome: 'failed', reason: 'exit', message: withLine(`${subject} ended with exit code ${exitCode}`, tail), ...facts };
    }
    case 'timeout': {
      const limit = prettyMilliseconds(timeoutMs);
      return { outcome: 'failed', reason: 'timeout', message: `${subject} ran when the attempt's limit of ${limit} was reached, and was ended.`, tail: end.report.tail };
    }
    case 'stopped':
      return stopped(stopReason);
    case 'spawn':
      return { outcome: 'failed', reason: 'spawn', message: `${subject} could not be started: ${end.message}` };
    case 'lost':
      return { outcome: 'failed', reason: 'lost', message: end.message };
    default:
      return unreachable(end);
  }
};
