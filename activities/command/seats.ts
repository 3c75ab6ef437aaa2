/**
 * The slots of one worker process as seats: commands come from two queues, the shared one and the worker's own, and
 * Temporal counts each queue for itself. An attempt takes a seat before it does anything and gives it back at its
 * end; who comes first is seated first, from whichever queue.
 *
 * Only a process that also runs commands of its own queue ever makes one of the shared queue wait: from one queue
 * alone Temporal hands out no more than there are seats.
 */
export interface Seats {
  readonly free: number;
  /** Attempts that wait for one. */
  readonly waiting: number;
  /**
   * `late`: none came free in `waitMs`. `stopped`: the signal was aborted first. Neither leaves anything behind; a
   * seat is given back by disposing of it, once or more often.
   */
  take(options: { readonly signal: AbortSignal; readonly waitMs: number }): Promise<Disposable | 'late' | 'stopped'>;
}

/** @param count - at least 1. */
export const createSeats = (count: number): Seats => {
  let free = count;
  /** In the order in which they came. */
  const line = new Set<(seat: Disposable) => void>();
  const seat = (): Disposable => {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (!isTaken) return;
        isTaken = false;
        const [next] = line;
        if (!next) {
          free += 1;
          return;
        }
        line.delete(next);
        next(seat());
      },
    };
  };
  return {
    get free() {
      return free;
    },
    get waiting() {
      return line.size;
    },
    take: ({ signal, waitMs }) => {
      if (signal.aborted) return Promise.resolve('stopped');
      if (free > 0) {
        free -= 1;
        return Promise.resolve(seat());
      }
      return new Promise((resolve) => {
        const settle = (end: Disposable | 'late' | 'stopped'): void => {
          line.delete(settle);
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          resolve(end);
        };
        const onAbort = (): void => settle('stopped');
        const timer = setTimeout(() => settle('late'), waitMs);
        signal.addEventListener('abort', onAbort, { once: true });
        line.add(settle);
      });
    },
  };
};
