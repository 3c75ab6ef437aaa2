/**
 * Runs one command under a time limit and an abort signal. Knows nothing of Temporal, plans or attempts.
 * However it ends, nothing of its process group runs when the promise resolves; it never rejects.
 */
import type { Launcher } from './launcher/launcher.ts';
import type { RunReport, RunRequest } from './launcher/protocol.ts';

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
  /** Milliseconds until the group is ended; zero or less ends it at once. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Longer timers than this overflow in Node and fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export const runCommand = async ({ launcher, request, timeoutMs, signal }: RunCommandOptions): Promise<CommandEnd> => {
  if (signal.aborted) return { kind: 'stopped', report: undefined };
  let cause: 'timeout' | 'stopped' | undefined;
  const running = launcher.run(request);
  const stop = (why: 'timeout' | 'stopped'): void => {
    cause ??= why;
    running.end();
  };
  const onAbort = (): void => stop('stopped');
  const timer = setTimeout(() => stop('timeout'), Math.min(timeoutMs, MAX_TIMER_MS));
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
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
};
