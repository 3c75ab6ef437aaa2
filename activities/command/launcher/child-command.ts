/**
 * One command from its start to the end of the last process of its group. Runs inside the launcher. The
 * shell gets the text of the plan and nothing else.
 */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { Report } from '../../checkpoint/report.ts';
import type { FifoPool } from './fifo-pool.ts';
import { removeLock, writeLock } from './lock-file.ts';
import { createOutput, type Output } from './output.ts';
import { readStat } from './proc.ts';
import { askGroupToEnd, endGroup, groupLives, signalGroup } from './process-group.ts';
import type { RunReport, RunRequest } from './protocol.ts';
import { endStrays, RUN_VARIABLE } from './strays.ts';
import type { UsageMeter } from './usage.ts';

const SHELL = '/bin/sh';
/** What a command leaves in the background gets at most this long to end. */
const MAX_LEFTOVER_GRACE_MS = 2_000;
/** After its group has ended, output can only come from a process that left the group; it is not waited for. */
const DRAIN_MS = 500;
/** A process that SIGKILL does not end hangs in the kernel (a dead network disk); nobody can wait for that. */
const GIVE_UP_MS = 5_000;

export interface ChildCommand {
  /** Ends the group: SIGTERM, and SIGKILL after the grace. Asking again changes nothing. */
  end(note?: string): void;
  /** Stops the group, unless it is being ended. */
  suspend(note: string): void;
  resume(note: string): void;
  note(text: string): void;
  /** Never rejects. */
  readonly report: Promise<RunReport>;
}

export interface ChildCommandOptions {
  readonly request: RunRequest;
  readonly meter: UsageMeter;
  readonly pipes: FifoPool;
  readonly started: (info: { readonly group: number; readonly startTime?: string }) => void;
  readonly reported: (report: Report) => void;
}

/** Of what never ran. */
const INERT: Pick<ChildCommand, 'end' | 'suspend' | 'resume' | 'note'> = { end: () => {}, suspend: () => {}, resume: () => {}, note: () => {} };

type Exit = readonly [exitCode: number | null, signal: NodeJS.Signals | null];

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Passes a stream on to the output; resolves at its end, with whether that end was reached. */
const drain = async (stream: Readable, output: Output): Promise<boolean> => {
  const sink = output.stream();
  let ended = false;
  stream.on('data', (bytes: Uint8Array) => sink.push(bytes));
  stream.once('end', () => {
    ended = true;
  });
  stream.on('error', () => {});
  await once(stream, 'close');
  sink.end();
  return ended;
};

export const startChildCommand = ({ request, meter, pipes, started, reported }: ChildCommandOptions): ChildCommand => {
  const startedAt = Date.now();
  const output = createOutput({ ...request, ...(request.reports && { onReport: reported }) });
  const pipe = pipes.take();
  // execa takes any descriptor and hands it on; its types know only these.
  const sink = (pipe?.writable as 3 | undefined) ?? 'pipe';
  const spawn = () => {
    try {
      return execa(SHELL, ['-c', request.command], {
        cwd: request.directory,
        env: request.environment,
        extendEnv: false,
        stdin: 'ignore',
        stdout: sink,
        stderr: sink,
        buffer: false,
        reject: false,
        detached: true,
        cleanup: false,
      });
    } finally {
      pipe?.handedOver();
    }
  };
  const failed = (error: unknown): RunReport => ({ startedAt, finishedAt: Date.now(), spawnError: messageOf(error), ...output.finish() });

  let child: ReturnType<typeof spawn>;
  try {
    child = spawn();
  } catch (error) {
    // execa throws for arguments that no system call would take, such as a command that holds a NUL character.
    pipe?.readable.destroy();
    pipe?.release({ clean: false });
    return { ...INERT, report: Promise.resolve(failed(error)) };
  }
  const { pid } = child;
  if (pid === undefined) {
    pipe?.readable.destroy();
    pipe?.release({ clean: false });
    return { ...INERT, report: child.then((result) => failed(result.cause ?? result.message), failed) };
  }

  let giveUp = (): void => {};
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve([exitCode, signal]));
    giveUp = () => resolve([null, 'SIGKILL']);
  });
  child.catch(() => undefined);
  const streams: readonly Readable[] = pipe ? [pipe.readable] : [child.stdout, child.stderr].filter((stream) => stream !== null);
  const drained = Promise.all(streams.map((stream) => drain(stream, output)));
  meter.track(pid);

  const timers: NodeJS.Timeout[] = [];
  const kill = (): void => {
    signalGroup(pid, 'SIGKILL');
    timers.push(setTimeout(giveUp, GIVE_UP_MS));
  };
  /** Nothing is stopped any more from here on: whoever ends a group lets it go on, once. */
  let isOver = false;
  let isSuspended = false;
  const end = (note?: string): void => {
    if (timers.length > 0 || !askGroupToEnd(pid)) return;
    isOver = true;
    timers.push(setTimeout(kill, request.graceMs));
    if (note !== undefined) output.note(note);
  };
  const suspend = (note: string): void => {
    if (isOver || isSuspended || !signalGroup(pid, 'SIGSTOP')) return;
    isSuspended = true;
    output.note(note);
  };
  const resume = (note: string): void => {
    if (isOver || !isSuspended) return;
    isSuspended = false;
    signalGroup(pid, 'SIGCONT');
    output.note(note);
  };

  let lockError: unknown;
  const startTime = readStat(pid)?.startTime;
  try {
    if (request.lock) writeLock({ ...request.lock, group: pid, startTime });
  } catch (error) {
    lockError = error;
    kill();
  }
  started({ group: pid, ...(startTime ? { startTime } : {}) });

  const finish = async (): Promise<RunReport> => {
    const [exitCode, signal] = await exited;
    isOver = true;
    // Asked of the kernel first: the common case, an empty group, costs one system call.
    const membersLeft = signalGroup(pid, 0) && groupLives(pid);
    await meter.leaderEnded(pid, { membersLeft });
    if (membersLeft) await endGroup({ group: pid, graceMs: Math.min(request.graceMs, MAX_LEFTOVER_GRACE_MS) });
    for (const timer of timers) clearTimeout(timer);
    const late = setTimeout(() => {
      for (const stream of streams) stream.destroy();
    }, DRAIN_MS);
    const clean = (await drained).every(Boolean);
    clearTimeout(late);
    pipe?.release({ clean });
    // Leaving the group is the way to outlive a command that succeeds; not one that is ended, nor with its output.
    const token = request.environment[RUN_VARIABLE];
    if ((timers.length > 0 || !clean) && token !== undefined) await endStrays({ token, graceMs: request.graceMs });
    if (request.lock) removeLock(request.lock.path);
    const use = meter.take(pid);
    if (lockError !== undefined) return failed(lockError);
    return {
      startedAt,
      finishedAt: Date.now(),
      ...(exitCode === null ? {} : { exitCode }),
      ...(signal === null ? {} : { signal }),
      ...output.finish(),
      ...use,
    };
  };
  return { end, suspend, resume, note: (text) => output.note(text), report: finish() };
};
