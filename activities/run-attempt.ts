/**
 * The activity that runs one attempt: what `command/attempt.ts` does, tied to Temporal. It heartbeats, passes
 * cancellation and the worker's shutdown on, and asks whether anybody still waits for the attempt. An attempt first
 * takes one of the worker's seats; while it waits for one, all of that goes on.
 */
import { CancelledFailure, Context } from '@temporalio/activity';
import type { AttemptProgress } from '../model/checkpoint.ts';
import type { AttemptInput, AttemptResult } from '../model/attempt.ts';
import type { ExecutionId } from '../model/ids.ts';
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import { PLACED_MS, SEAT_MS } from '../model/pool.ts';
import type { PlanStore } from '../store/plan-store.ts';
import type { PatchReader } from './briefing/answer.ts';
import { createTeller } from './checkpoint/teller.ts';
import { createAttempt } from './command/attempt.ts';
import type { Program } from './command/attempt.ts';
import type { Phase } from './command/attempt-steps.ts';
import type { StopReason } from './command/attempt-verdict.ts';
import type { Launcher } from './command/launcher/launcher.ts';
import type { Relief } from './command/relief.ts';
import type { Seats } from './command/seats.ts';
import { createSuspension } from './command/suspension.ts';
import { createTaskSource } from './command/task-source.ts';
import { unseated } from './command/unseated.ts';

const HEARTBEAT_MS = 1_000;
const OWNER_MS = 5_000;
const WORKER_SHUTDOWN = 'WORKER_SHUTDOWN';

export interface RunAttemptServices {
  readonly store: PlanStore;
  readonly launcher: Launcher;
  readonly worker: string;
  readonly host: string;
  /** This program, for commands that call it. */
  readonly program?: Program;
  /** Reads the hot updates that attempts answer with. */
  readonly readPatch?: PatchReader;
  /** One for each command at once; without them whoever is handed out runs. */
  readonly seats?: Seats;
  /** What guards the machine; without it attempts are left alone. */
  readonly relief?: Relief;
  /** It has failed, and undoes what it did. */
  readonly onCompensating?: (input: AttemptInput) => Promise<void>;
  /** False ends the attempt as orphaned. An error changes nothing: a server that is down is not a closed execution. */
  readonly ownerIsOpen?: (execution: ExecutionId, firstRunId: string) => Promise<boolean>;
  /** Tells the execution how far the attempt is; false when it has closed. Without it only the attempt's result tells. */
  readonly tellProgress?: (execution: ExecutionId, progress: AttemptProgress) => Promise<boolean>;
}

const stopReason = (reason: unknown): StopReason =>
  reason instanceof CancelledFailure && reason.message === WORKER_SHUTDOWN ? 'shutdown' : 'cancelled';

/** Calls `ask` every `everyMs`, never twice at once, until disposed. */
const repeat = ({ everyMs, ask }: { everyMs: number; ask: () => Promise<void> }): Disposable => {
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    void ask()
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

export const createRunAttempt = ({ store, launcher, worker, host, program, readPatch, seats, relief, ownerIsOpen, onCompensating, tellProgress }: RunAttemptServices): ((input: AttemptInput) => Promise<AttemptResult>) => {
  const attempt = createAttempt({ source: createTaskSource(store), launcher, worker, host, environment: process.env, ...(program && { program }), ...(readPatch && { readPatch }) });

  return async (input) => {
    const context = Context.current();
    const controller = new AbortController();
    const stop = (reason: StopReason): void => controller.abort(reason);
    const onCancel = (): void => stop(stopReason(context.cancellationSignal.reason));
    if (context.cancellationSignal.aborted) onCancel();
    else context.cancellationSignal.addEventListener('abort', onCancel, { once: true });

    const began = Date.now();
    let phase: Phase | 'seat' = 'seat';
    const suspension = createSuspension();
    using _heartbeat = repeat({ everyMs: HEARTBEAT_MS, ask: async () => context.heartbeat({ phase: suspension.why === undefined ? phase : 'suspended', elapsedMs: Date.now() - began }) });
    using _owner = repeat({
      everyMs: OWNER_MS,
      ask: async () => {
        if (ownerIsOpen && !(await ownerIsOpen(input.execution, input.firstRunId))) stop('orphaned');
      },
    });
    try {
      const taken = await seats?.take({ signal: controller.signal, waitMs: input.placedOn === undefined ? SEAT_MS : PLACED_MS });
      if (taken === 'late' || taken === 'stopped') {
        const why = taken === 'late' ? taken : (controller.signal.reason as StopReason);
        return unseated({ input, worker, host, arrivedAt: began, why });
      }
      using _seat = taken;
      phase = 'command';
      using _guarded = relief?.guard({
        priority: input.priority ?? DEFAULT_PRIORITY,
        preemptible: input.preemptible === true,
        pausable: input.pausable === true,
        suspend: (why) => suspension.suspend(why),
        resume: () => suspension.resume(),
        end: (why) => stop({ preempted: why }),
      });
      const onPhase = (now: Phase): void => {
        phase = now;
        // For people to see: its end says the same.
        if (now === 'compensation') void onCompensating?.(input).catch(() => undefined);
      };
      using teller = createTeller({ about: input, send: async (progress) => (await tellProgress?.(input.execution, progress)) ?? false });
      return await attempt(input, { signal: controller.signal, suspension, onPhase, onNews: (news, { progress }) => teller.tell(news, progress) });
    } finally {
      context.cancellationSignal.removeEventListener('abort', onCancel);
    }
  };
};
