/**
 * What the commands of one attempt (its own, `smoke`, those of checks) share: the time that is left,
 * environment, log, lock file, redaction, cancellation, and the account of what they used.
 */
import { appendFileSync } from 'node:fs';
import type { ResourceUse } from '../../model/attempt.ts';
import type { CheckCommandEnd } from '../check/check.ts';
import type { Report } from '../checkpoint/report.ts';
import type { Launcher, RunningCommand } from './launcher/launcher.ts';
import type { RunReport, RunRequest } from './launcher/protocol.ts';
import { printable } from './printable.ts';
import { stopNote } from './attempt-verdict.ts';
import { redact } from '../../model/redact.ts';
import { runCommand, type CommandEnd } from './run-command.ts';
import type { Suspension } from './suspension.ts';

export interface SessionOptions {
  readonly launcher: Launcher;
  /** The same for every command. */
  readonly base: Pick<RunRequest, 'directory' | 'environment' | 'needles' | 'graceMs' | 'lock'> & {
    readonly log: { readonly path: string; readonly limit: number };
  };
  /** Of all commands together, without the time in which they were suspended. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly suspension: Suspension;
  /** What the task's own command reports of itself. */
  readonly onReport?: (report: Report) => void;
}

export interface StepRequest {
  readonly command: string;
  /** First line in the log, where the step writes something. */
  readonly heading?: string;
  readonly timeoutMs?: number | undefined;
  readonly keepOutput?: number;
  /** Its output may report progress and checkpoints. */
  readonly reports?: true;
}

export interface AttemptSession {
  run(request: StepRequest): Promise<CommandEnd>;
  /** As {@link run}, but tells a limit of the step's own from the end of the attempt. */
  runForCheck(request: StepRequest): Promise<CheckCommandEnd>;
  /** A line of our own for the log, whether a command runs or not; redacted. */
  note(text: string): void;
  /** Of all commands so far. */
  readonly use: ResourceUse;
  readonly log: string | undefined;
}

export const createSession = ({ launcher, base, timeoutMs, signal, suspension, onReport }: SessionOptions): AttemptSession => {
  const deadline = performance.now() + timeoutMs;
  let use: ResourceUse = {};
  let log: string | undefined;
  let running: RunningCommand | undefined;

  const account = (report: RunReport): void => {
    log = report.log ?? log;
    const { cpuSeconds, peakMemoryBytes } = report;
    use = {
      ...use,
      ...(cpuSeconds === undefined ? {} : { cpuSeconds: Math.round(((use.cpuSeconds ?? 0) + cpuSeconds) * 1_000) / 1_000 }),
      ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes: Math.max(use.peakMemoryBytes ?? 0, peakMemoryBytes) }),
    };
  };

  const step = async ({ command, heading, timeoutMs: own, keepOutput = 0, reports }: StepRequest): Promise<{ end: CommandEnd; ownLimit: boolean }> => {
    const left = deadline + suspension.totalMs - performance.now();
    const ownLimit = own !== undefined && own < left;
    const shown = heading === undefined ? {} : { heading: redact(printable(heading.replaceAll(/\s+/g, ' ')), base.needles) };
    const request: RunRequest = { ...base, command, keepOutput, log: { ...base.log, ...shown }, ...(reports && { reports }) };
    const end = await runCommand({
      launcher,
      request,
      timeoutMs: ownLimit ? own : left,
      signal,
      suspension,
      stopNote,
      onReport,
      onRunning: (command) => {
        running = command;
      },
    });
    running = undefined;
    if ('report' in end && end.report) account(end.report);
    return { end, ownLimit };
  };

  return {
    run: async (request) => (await step(request)).end,
    runForCheck: async (request) => {
      const { end, ownLimit } = await step(request);
      if (end.kind === 'ended' || end.kind === 'spawn' || (end.kind === 'timeout' && ownLimit)) return end;
      return { kind: 'interrupted', end };
    },
    note: (text) => {
      const line = redact(printable(text.replaceAll(/\s+/g, ' ')), base.needles);
      if (running) return running.note(line);
      try {
        appendFileSync(base.log.path, `--- ${line}\n`, { mode: 0o600 });
        log = base.log.path;
      } catch {
        // A full disk must end nothing.
      }
    },
    get use() {
      return use;
    },
    get log() {
      return log;
    },
  };
};
