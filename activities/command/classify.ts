/**
 * The class of a failure: what decides whether and how it is tried again. The first row that fits wins.
 *
 * | what happened | class |
 * |---|---|
 * | could not be started; our own fault; rejected by a person | logic |
 * | nobody knows (`lost`), or nothing was done (`unplaced`) | transient |
 * | ran out of time, or made room on a machine that was over its limit | resource |
 * | ended by SIGKILL, or exit code 137 (a shell says so of a child): most often the kernel, out of memory | resource |
 * | exit code 126 or 127: the program is missing or cannot be run | systemic |
 * | its output speaks of memory or disk space | resource |
 * | … of refused or timed-out connections, rate limits, services that are down | external |
 * | … of missing modules, packages or programs | systemic |
 * | anything else | transient |
 */
import type { AttemptFailureReason, FailureClass } from '../../model/attempt.ts';

const BY_REASON: Partial<Record<AttemptFailureReason, FailureClass>> = {
  spawn: 'logic',
  internal: 'logic',
  rejected: 'logic',
  lost: 'transient',
  unplaced: 'transient',
  timeout: 'resource',
  preempted: 'resource',
};

const BY_TEXT: readonly { readonly class: FailureClass; readonly pattern: RegExp }[] = [
  {
    class: 'resource',
    pattern:
      /\bENOMEM\b|heap out of memory|out of memory|cannot allocate memory|OutOfMemoryError|\bMemoryError\b|\bENOSPC\b|no space left on device|\bEMFILE\b|too many open files/i,
  },
  {
    class: 'external',
    pattern:
      /\bECONNREFUSED\b|\bECONNRESET\b|\bETIMEDOUT\b|\bEAI_AGAIN\b|\bENETUNREACH\b|\bEHOSTUNREACH\b|\bENOTFOUND\b|connection (?:refused|reset|timed out)|could not resolve host|temporary failure in name resolution|too many requests|rate[ -]?limit|(?:http|status|code|error)[^\n]{0,24}\b(?:429|50[0234])\b|\b50[234] (?:bad gateway|service|gateway)|service (?:is )?(?:temporarily )?unavailable|bad gateway|gateway time-?out/i,
  },
  {
    class: 'systemic',
    pattern:
      /cannot find (?:module|package)|\bMODULE_NOT_FOUND\b|\bModuleNotFoundError\b|no module named|command not found|: not found$|\bEACCES\b|permission denied/im,
  },
];

export interface FailureFacts {
  readonly reason: AttemptFailureReason;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** At most a few kilobytes. */
  readonly tail?: string | undefined;
}

export const classify = ({ reason, exitCode, signal, tail = '' }: FailureFacts): FailureClass => {
  const known = BY_REASON[reason];
  if (known) return known;
  if (signal === 'SIGKILL' || exitCode === 137) return 'resource';
  if (exitCode === 126 || exitCode === 127) return 'systemic';
  return BY_TEXT.find(({ pattern }) => pattern.test(tail))?.class ?? 'transient';
};
