/**
 * A worker's announcements to the pool of its queue: when it starts, every {@link ANNOUNCE_MS}, and at once when
 * something of its profile has changed. One call is under way at a time, and the last profile wins. A call that fails
 * is made again and ends nothing: whoever is not announced is merely given no task of its own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { poolWorkflowId } from '../model/ids.ts';
import { WORKFLOW } from '../model/message.ts';
import { ANNOUNCE_MS, POOL_SIGNAL } from '../model/pool.ts';
import type { LeaveRequest, WorkerProfile } from '../model/pool.ts';

const ANSWER_MS = 10_000;
const AGAIN_MS = 5_000;
/** A server that is away must not keep a worker from stopping. */
const LEAVE_MS = 2_000;

export interface AnnouncerOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly profile: WorkerProfile;
  /** Called with the first failure of several in a row. */
  readonly onFailure?: (error: unknown) => void;
}

/** What of a profile changes while the worker runs. */
export type ProfileChange = Partial<Pick<WorkerProfile, 'pressure'>>;

export interface Announcer {
  update(change: ProfileChange): void;
  /** Announces no more, and says good-bye. Never rejects, and settles within 2 s whatever the server does. */
  stop(): Promise<void>;
}

export const startAnnouncer = ({ client, taskQueue, profile, onFailure }: AnnouncerOptions): Announcer => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const workflowId = poolWorkflowId(taskQueue);
  let current = profile;
  let isChanged = false;
  let pause = new AbortController();
  signal.addEventListener('abort', () => pause.abort(), { once: true });

  const announce = async (): Promise<void> => {
    const start = () =>
      client.workflow.signalWithStart(WORKFLOW.pool, {
        workflowId,
        taskQueue,
        args: [],
        signal: POOL_SIGNAL.announce,
        signalArgs: [current],
        staticSummary: `workers of the queue ${taskQueue}`,
      });
    await client.withAbortSignal(signal, () => client.withDeadline(Date.now() + ANSWER_MS, start));
  };
  const announcing = async (): Promise<void> => {
    for (let isFailing = false; !signal.aborted; ) {
      isChanged = false;
      pause = new AbortController();
      try {
        await announce();
        isFailing = false;
      } catch (error) {
        if (signal.aborted) return;
        if (!isFailing) onFailure?.(error);
        isFailing = true;
      }
      if (!isChanged && !signal.aborted) await delay(isFailing ? AGAIN_MS : ANNOUNCE_MS, undefined, { signal: pause.signal }).catch(() => undefined);
    }
  };
  const leave = async (announced: Promise<void>): Promise<void> => {
    // After the last announcement, which would otherwise be the later one.
    await announced;
    const request: LeaveRequest = { worker: profile.worker };
    await client.withDeadline(Date.now() + LEAVE_MS, () => client.workflow.getHandle(workflowId).signal(POOL_SIGNAL.leave, request)).catch(() => undefined);
  };

  const announced = announcing();
  let left: Promise<void> | undefined;
  return {
    update: (change) => {
      current = { ...current, ...change };
      isChanged = true;
      pause.abort();
    },
    stop: () => {
      stopping.abort();
      left ??= Promise.race([leave(announced), delay(LEAVE_MS)]);
      return left;
    },
  };
};
