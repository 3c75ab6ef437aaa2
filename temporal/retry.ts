/**
 * Retries of Temporal's client that can be ended. Its own cannot: one that waits for its turn when the connection
 * is closed (a server is away, and somebody stops waiting) throws where nobody can catch it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

const LONGEST_WAIT_MS = 2_000;
/** For a retry that has had its turn to fail: then it is not tried again. */
const SETTLE_MS = 50;

export interface EndableRetries {
  readonly interceptors: NonNullable<ConnectionOptions['interceptors']>;
  /** No request is retried any more; settles when none waits for its turn: at most 2 s, at once while the server answers. */
  end(): Promise<void>;
}

export const endableRetries = (): EndableRetries => {
  const { retryableDecider, delayFunction } = defaultGrpcRetryOptions();
  let ended = false;
  let lastTurn = 0;
  const retries = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !ended && retryableDecider(attempt, status),
    delayFunction: (attempt, status) => {
      const wait = Math.min(delayFunction(attempt, status), LONGEST_WAIT_MS);
      lastTurn = Math.max(lastTurn, performance.now() + wait);
      return wait;
    },
  });
  return {
    interceptors: [retries],
    end: async () => {
      ended = true;
      const left = lastTurn - performance.now();
      if (left > 0) await delay(left + SETTLE_MS);
    },
  };
};
