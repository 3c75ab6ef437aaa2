/**
 * Runs one command under a time limit and an abort signal. Knows nothing of Temporal, plans or attempts.
 * However it ends, nothing of its process group runs when the promise resolves; it never rejects.
 */
import { countdown } from './countdown.ts';
import type { Report } from '../checkpoint/report.ts';
import type { Launcher, RunningCommand } from './launcher/launcher.ts';
import type { RunReport, RunRequest } from './launcher/protocol.ts';
import { untilResumed } from './suspension.ts';
import type { Suspension } from './suspension.ts';

export type CommandEnd =
  /** By itself: see `exitCode` and `signal`. */
  | { readonly kind: 'ended'; readonly report: RunReport }
  | { readonly kind: 'timeout'; readonly report: RunReport }
  /** `signal` was aborted; its `reason` says why. */
  | { readonly kind: 'stopped'; readonly report: RunReport | undefined }
  | { readonly kind: 'spawn'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string };

export interface RunCommandOptions {
  readonly launcher: Launcher;
  readonly request: RunRequest;
  /** Milliseconds until the group is ended, not counting those while it is suspended; zero or less ends it at once. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** A command does not begin while it is suspended, and one that runs is followed with its whole process group. */
  readonly suspension: Suspension;
  /** A line for the log when the command is ended because of the signal, from its reason. */
  readonly stopNote?: (reason: unknown) => string | undefined;
  /** What the command reports of itself, where the request asks for it. */
  readonly onReport?: ((report: Report) => void) | undefined;
  /** Called once it is under way. */
  readonly onRunning?: (running: RunningCommand) => void;
}

export const runCommand = async ({ launcher, request, timeoutMs, signal, suspension, stopNote, onReport, onRunning }: RunCommandOptions): Promise<CommandEnd> => {
  await untilResumed(suspension, signal);
  if (signal.aborted) return { kind: 'stopped', report: undefined };
  let cause: 'timeout' | 'stopped' | undefined;
  const running = launcher.run(request, onReport);
  onRunning?.(running);
  const stop = (why: 'timeout' | 'stopped'): void => {
    cause ??= why;
    running.end(cause === 'stopped' ? stopNote?.(signal.reason) : undefined);
  };
  const onAbort = (): void => stop('stopped');
  using limit = countdown(timeoutMs, () => stop('timeout'));
  using _following = suspension.onChange(() => {
    if (suspension.why === undefined) {
      running.resume('resumed');
      limit.goOn();
    } else {
      limit.stop();
      running.suspend(`suspended: ${suspension.why}`);
    }
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const end = await running.ended;
    if (end.lost) return cause === 'stopped' ? { kind: 'stopped', report: undefined } : { kind: 'lost', message: end.message };
    const { report } = end;
    if (report.spawnError !== undefined) return { kind: 'spawn', message: report.spawnError };
    // A command that was done in time stays done, even when the end of its leftovers took longer.
    if (cause === undefined || (report.exitCode === 0 && cause === 'timeout')) return { kind: 'ended', report };
    return { kind: cause, report };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};
