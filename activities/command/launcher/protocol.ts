/** What the worker and its launcher say to each other over their channel. Plain JSON. */
import type { Report } from '../../checkpoint/report.ts';

export interface LockContent {
  readonly host: string;
  /** Random; also in the command's environment as `TASKS_ATTEMPT_RUN`, which is how strays are recognised. */
  readonly token: string;
  readonly execution: string;
  readonly task: string;
  readonly attempt: number;
}

export interface RunRequest {
  /** Text for `/bin/sh -c`, exactly as the plan has it. */
  readonly command: string;
  /** Absolute and existing. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Texts that must not appear in anything written or reported. */
  readonly needles: readonly string[];
  /** Appended to; `limit` bytes a file, one older file (`<path>.1`) is kept. */
  readonly log?: { readonly path: string; readonly limit: number; readonly heading?: string };
  readonly lock?: { readonly path: string; readonly content: LockContent };
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs: number;
  /** Characters of output to report beside the tail; 0 for none. */
  readonly keepOutput: number;
  /** Lines of its output that report progress and checkpoints are passed on, by `reported`. */
  readonly reports?: true;
}

/** How a command ended. Text is printable and redacted. */
export interface RunReport {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode?: number;
  readonly signal?: string;
  /** It could not be started; nothing else but the times means anything then. */
  readonly spawnError?: string;
  /** At most {@link TAIL_BYTES}. */
  readonly tail: string;
  /** The last {@link RunRequest.keepOutput} characters. */
  readonly output?: string;
  /** Absolute path, when something was written. */
  readonly log?: string;
  readonly cpuSeconds?: number;
  readonly peakMemoryBytes?: number;
}

export const TAIL_BYTES = 4096;

export type ToLauncher =
  | { readonly type: 'run'; readonly id: number; readonly request: RunRequest }
  /** Ends the process group: SIGTERM, and SIGKILL after the request's grace. `note` is a line for the log. */
  | { readonly type: 'end'; readonly id: number; readonly note?: string }
  /** Stops the process group (SIGSTOP), or lets it go on (SIGCONT). */
  | { readonly type: 'suspend' | 'resume'; readonly id: number; readonly note: string }
  /** A line for the command's log. */
  | { readonly type: 'note'; readonly id: number; readonly note: string };

export type FromLauncher =
  /** `scratch`: the launcher's own directory, for the worker to remove should the launcher be killed. */
  | { readonly type: 'ready'; readonly scratch?: string }
  /** `startTime` as `/proc` counts it; undefined where there is no `/proc`. */
  | { readonly type: 'started'; readonly id: number; readonly group: number; readonly startTime?: string }
  | { readonly type: 'reported'; readonly id: number; readonly report: Report }
  | { readonly type: 'ended'; readonly id: number; readonly report: RunReport };
