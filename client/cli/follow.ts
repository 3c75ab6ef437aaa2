/**
 * Follows one execution to its end, or until somebody has seen enough. Leaving never touches the execution,
 * and neither a server that restarts nor a worker that dies ends the waiting.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionId } from '../../model/ids.ts';
import type { ExecutionState } from '../../model/message.ts';
import { TasksError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import type { TasksClient } from '../api.ts';
import { isPassing } from '../failures.ts';
import type { Context } from './context.ts';
import { interrupted } from './interrupt.ts';
import type { EventView } from './view/event-view.ts';
import type { FinalOutcome } from './view/report.ts';
import { RunBoard } from './view/run-board.ts';

export interface FollowOptions {
  readonly client: TasksClient;
  readonly execution: ExecutionId;
  readonly views: readonly EventView[];
  /** Called when nothing answers for the execution: at most once until it is heard of again. */
  readonly onSilence: (silence: Silence) => void;
  /** Rejects to give up, for instance when the worker that runs everything broke down. */
  readonly broken?: Promise<never>;
  /** It took over what an earlier execution had finished: those tasks have no events of their own. */
  readonly resumed?: boolean;
  /** For tests; {@link SILENCE_MS} unless stated. */
  readonly silenceMs?: number;
}

export interface Silence {
  /** The server answers, so it is a worker that is missing. */
  readonly serverAnswers: boolean;
  /** What is wrong with the worker that there is. */
  readonly problem?: Problem;
}

export type Followed =
  | { readonly ended: true; readonly outcome: FinalOutcome; readonly state?: ExecutionState; readonly board: RunBoard }
  | { readonly ended: false; readonly board: RunBoard };

/** An execution that has not been heard of for this long has no worker, or no server. */
export const SILENCE_MS = 10_000;
const TICK_MS = 1_000;
const TRY_AGAIN_MS = 1_000;
/** After the end, the last events have this long to arrive; */
const LAST_EVENTS_MS = 3_000;
/** after an end by force nobody but the history may have them, and replaying it takes its time. */
const REBUILT_EVENTS_MS = 60_000;

export const follow = async (context: Context, options: FollowOptions): Promise<Followed> => {
  const { client, execution, views, broken } = options;
  const { signal } = context.interrupt;
  const board = new RunBoard();
  const stop = new AbortController();
  const silence = new SilenceWatch(options);
  const ticker = context.out.isLive ? setInterval(() => views.forEach((view) => view.tick?.(board)), TICK_MS) : undefined;

  const readEvents = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        for await (const event of client.events(execution, { from: board.lastSeq + 1, follow: true, patienceMs: 0, signal: stop.signal })) {
          if (stop.signal.aborted) return;
          silence.heard();
          board.apply(event);
          if (event.type === 'execution_started' && options.resumed) board.carried = await carriedBy(client, execution, board);
          for (const view of views) view.event(event, board);
        }
        return;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!isPassing(error)) throw error;
        silence.failed(error);
        await delay(TRY_AGAIN_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
  };
  const attendEnd = async (): Promise<Followed> => {
    const events = readEvents();
    const result = client.result(execution);
    // Either may fail after the other has: nobody listens any more then.
    events.catch(() => {});
    result.catch(() => {});
    await Promise.race([events, result]);
    const { outcome, state } = await result;
    const limit = outcome === 'terminated' ? REBUILT_EVENTS_MS : LAST_EVENTS_MS;
    await Promise.race([events, delay(limit, undefined, { signal: stop.signal }).catch(() => undefined)]);
    return { ended: true, outcome, ...(state && { state }), board };
  };
  const left = interrupted(signal).then((): Followed => ({ ended: false, board }));
  const end = attendEnd();
  end.catch(() => {});
  try {
    return await Promise.race([end, left, ...(broken ? [broken] : [])]);
  } finally {
    stop.abort();
    silence.stop();
    clearInterval(ticker);
    for (const view of views) view.close?.();
  }
};

const carriedBy = async (client: TasksClient, execution: ExecutionId, board: RunBoard): Promise<number> => {
  const counts = await client.state(execution).then((state) => state.counts, () => undefined);
  return Math.max(0, (counts?.SUCCEEDED ?? 0) - board.succeeded.size);
};

/** Speaks up when nothing was heard for a while: at the start, and after reading has failed. */
class SilenceWatch {
  readonly #options: FollowOptions;
  #timer: NodeJS.Timeout | undefined;
  #said = false;
  #problem: Problem | undefined;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#arm();
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#said = false;
  }

  failed(error: unknown): void {
    this.#problem = error instanceof TasksError ? error.problems.find(({ code }) => code === 'TASKS2010') : undefined;
    if (!this.#timer && !this.#said) this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#said = true;
  }

  #arm(): void {
    this.#timer = setTimeout(() => void this.#speak(), this.#options.silenceMs ?? SILENCE_MS);
  }

  async #speak(): Promise<void> {
    this.#timer = undefined;
    this.#said = true;
    const { client, onSilence } = this.#options;
    const serverAnswers = await client.list({ limit: 1 }).then(() => true, () => false);
    const problem = this.#problem;
    if (this.#said) onSilence({ serverAnswers, ...(problem && { problem }) });
  }
}
