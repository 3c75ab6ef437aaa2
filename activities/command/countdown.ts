/** A time limit that can be stopped and goes on where it was. */

/** Longer timers than this overflow in Node and fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export interface Countdown extends Disposable {
  /** Again is no harm; neither is going on without having stopped. */
  stop(): void;
  goOn(): void;
}

/** Begins at once. Zero or less is over in the next turn. */
export const countdown = (ms: number, onOver: () => void): Countdown => {
  let left = ms;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    left -= performance.now() - startedAt;
  };
  const goOn = (): void => {
    if (timer !== undefined) return;
    startedAt = performance.now();
    timer = setTimeout(onOver, Math.min(left, MAX_TIMER_MS));
  };
  goOn();
  return { stop, goOn, [Symbol.dispose]: stop };
};
