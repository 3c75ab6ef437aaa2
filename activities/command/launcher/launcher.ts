/**
 * The worker's side of its launcher: starts it when first needed, passes commands to it, and notices its
 * death. Then what it ran is ended and reported as lost, and the next command gets a new launcher.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Report } from '../../checkpoint/report.ts';
import { launcherEntry } from './entry.ts';
import { removeLock } from './lock-file.ts';
import { readStat } from './proc.ts';
import { endGroup } from './process-group.ts';
import { removeScratch } from './scratch.ts';
import { endStrays } from './strays.ts';
import type { FromLauncher, RunReport, RunRequest, ToLauncher } from './protocol.ts';

export type RunEnd = { readonly lost: false; readonly report: RunReport } | { readonly lost: true; readonly message: string };

export interface RunningCommand {
  /** Ends the process group, suspended or not: SIGTERM, grace, SIGKILL. Harmless once it has ended. `note` is a line for the log. */
  end(note?: string): void;
  /** Stops every process of the group where it is. Whatever ends the command, or the worker, or the launcher, lets it go on first. */
  suspend(note: string): void;
  resume(note: string): void;
  /** A line for its log; of no effect once it has ended. */
  note(text: string): void;
  /** Resolves when nothing of the group runs any more; never rejects. */
  readonly ended: Promise<RunEnd>;
}

export interface Launcher extends AsyncDisposable {
  /** Starts it ahead of the first command, which then need not wait for it. */
  warm(): void;
  /** @throws Error when the launcher's program is missing. */
  run(request: RunRequest, onReport?: (report: Report) => void): RunningCommand;
  /** Process id of the launcher, while there is one. */
  readonly pid: number | undefined;
  /** Ends what still runs, then the launcher. Nothing can be run afterwards. */
  close(): Promise<void>;
}

interface Pending {
  readonly request: RunRequest;
  readonly resolve: (end: RunEnd) => void;
  readonly onReport: ((report: Report) => void) | undefined;
  group?: number;
  startTime?: string;
}

const LOST = 'The process that ran the command died; what the command had started was ended.';

export const createLauncher = (options: { readonly entry?: string } = {}): Launcher => {
  let child: ChildProcess | undefined;
  let closed = false;
  let lastId = 0;
  let scratch: string | undefined;
  const pending = new Map<number, Pending>();

  /** An idle launcher must not keep the worker's process alive, a busy one must. */
  const hold = (): void => {
    if (pending.size > 0) {
      child?.ref();
      child?.channel?.ref();
    } else {
      child?.unref();
      child?.channel?.unref();
    }
  };

  const settle = (id: number, end: RunEnd): void => {
    pending.get(id)?.resolve(end);
    pending.delete(id);
    hold();
  };

  const onMessage = (message: FromLauncher): void => {
    if (message.type === 'ended') settle(message.id, { lost: false, report: message.report });
    else if (message.type === 'reported') pending.get(message.id)?.onReport?.(message.report);
    else if (message.type === 'ready') scratch = message.scratch;
    else {
      const entry = pending.get(message.id);
      if (!entry) return;
      entry.group = message.group;
      if (message.startTime !== undefined) entry.startTime = message.startTime;
    }
  };

  const endLost = async ({ request, group, startTime }: Pending): Promise<void> => {
    const { graceMs, lock } = request;
    const leader = group === undefined ? undefined : readStat(group);
    // A process with this id that started at another time is not the one we know of.
    const recycled = leader !== undefined && startTime !== undefined && leader.startTime !== startTime;
    if (group !== undefined && !recycled) await endGroup({ group, graceMs });
    if (!lock) return;
    // It may have died between starting the command and telling us.
    await endStrays({ token: lock.content.token, graceMs });
    removeLock(lock.path);
  };

  const onGone = (gone: ChildProcess): void => {
    if (child !== gone) return;
    child = undefined;
    // An orderly end has removed it already.
    if (scratch !== undefined) removeScratch(scratch);
    for (const [id, entry] of pending) void endLost(entry).finally(() => settle(id, { lost: true, message: LOST }));
  };

  const start = (): ChildProcess => {
    const started = fork(options.entry ?? launcherEntry(), [], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on('message', (message) => onMessage(message as FromLauncher));
    started.once('exit', () => onGone(started));
    started.once('error', () => onGone(started));
    return started;
  };

  const send = (message: ToLauncher): void => {
    child ??= start();
    // The callback takes the error of a launcher that has just died; its `exit` event does the rest.
    child.send(message, () => {});
  };

  const close = async (): Promise<void> => {
    closed = true;
    const last = child;
    if (!last || last.exitCode !== null || last.signalCode !== null) return;
    last.ref();
    const gone = once(last, 'exit');
    if (last.connected) last.disconnect();
    await gone;
  };

  return {
    get pid() {
      return child?.pid;
    },
    warm: () => {
      child ??= start();
      hold();
    },
    run: (request, onReport) => {
      if (closed) return { end: () => {}, suspend: () => {}, resume: () => {}, note: () => {}, ended: Promise.resolve({ lost: true, message: 'The worker is closing and starts no command any more.' }) };
      child ??= start();
      lastId += 1;
      const id = lastId;
      const ended = new Promise<RunEnd>((resolve) => void pending.set(id, { request, resolve, onReport }));
      send({ type: 'run', id, request });
      hold();
      const tell = (message: ToLauncher): void => void (pending.has(id) && child && send(message));
      return {
        end: (note) => tell({ type: 'end', id, ...(note !== undefined && { note }) }),
        suspend: (note) => tell({ type: 'suspend', id, note }),
        resume: (note) => tell({ type: 'resume', id, note }),
        note: (note) => tell({ type: 'note', id, note }),
        ended,
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
};
