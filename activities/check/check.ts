/** What the types of acceptance checks have in common. */
import type { CommandEnd } from '../command/run-command.ts';

export interface CheckCommand {
  readonly command: string;
  /** Limit of its own, within what the attempt has left. */
  readonly timeoutMs?: number | undefined;
  /** Characters of output wanted beside the tail. */
  readonly keepOutput?: number;
}

export interface CheckContext {
  /** Real path; every path of a check is confined to it. */
  readonly workspace: string;
  /** Default file of `metric` checks. */
  readonly metricsFile: string;
  /** Milliseconds since the epoch. A report or metric written before counts as not written. */
  readonly startedAt: number;
  /** Runs within the attempt's time, log, redaction and cancellation. */
  readonly run: (request: CheckCommand) => Promise<CheckCommandEnd>;
}

/** `timeout` is the check's own limit; the attempt's comes as `interrupted`. */
export type CheckCommandEnd =
  | Extract<CommandEnd, { kind: 'ended' | 'timeout' | 'spawn' }>
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

export type CheckResult =
  | { readonly status: 'passed' }
  /** Kept and shown, and verified by nobody. */
  | { readonly status: 'recorded' }
  | {
      readonly status: 'failed';
      /** What was expected and what was found, as the end of a sentence. */
      readonly message: string;
      readonly exitCode?: number;
      readonly tail?: string;
    }
  /** The attempt itself ended: cancelled, out of time, launcher lost. */
  | { readonly status: 'interrupted'; readonly end: CommandEnd };

export const passed: CheckResult = { status: 'passed' };
export const failed = (message: string): CheckResult => ({ status: 'failed', message });
