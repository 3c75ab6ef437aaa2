/** Looks at the machine again and again, and tells when it crosses a limit. */
import { initialPressure, nextPressure, overLimit } from '../pressure.ts';
import type { Crossing, PressureLimits } from '../pressure.ts';
import type { OverLimit, Pressure } from '../../model/pool.ts';
import type { HostProbe, HostSample } from './host-probe.ts';

export interface WatchOptions {
  readonly probe: HostProbe;
  readonly limits: PressureLimits;
  /** From the end of one look to the start of the next; a second unless stated. `SAMPLES_OVER` is made for that. */
  readonly everyMs?: number;
  readonly onCrossed: (crossing: Crossing) => void;
  /** After every look that learned something, and after what was crossed was told. */
  readonly onLook?: () => void;
  /** Told once, however often a look fails: a worker works without. */
  readonly onError?: (error: unknown) => void;
}

/** Does not keep its process alive. */
export interface PressureWatch extends Disposable {
  readonly pressure: Pressure;
  /** Why there is pressure. */
  readonly over: OverLimit | undefined;
  /** The last one that could be had; what it leaves out is not known. */
  readonly sample: HostSample;
  /** Looks, or listeners, that failed. */
  readonly errors: number;
}

/** Begins at once. After it is disposed of nothing is told any more, not even of a look that is under way. */
export const watchPressure = ({ probe, limits, everyMs = 1_000, onCrossed, onLook, onError }: WatchOptions): PressureWatch => {
  let state = initialPressure();
  let sample: HostSample = {};
  let errors = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async (): Promise<void> => {
    const taken = await probe.sample();
    if (isOver) return;
    sample = taken;
    const step = nextPressure({ state, load: sample, now: performance.now(), limits });
    ({ state } = step);
    if (step.crossed) onCrossed(step.crossed);
    onLook?.();
  };
  const fail = (error: unknown): void => {
    if (isOver) return;
    errors += 1;
    if (errors === 1) onError?.(error);
  };
  /** The next look is planned when this one has ended: there are never two. */
  const run = async (): Promise<void> => {
    await look().catch(fail);
    if (!isOver) timer = setTimeout(() => void run(), everyMs).unref();
  };
  void run();
  return {
    get pressure() {
      return state.pressure;
    },
    get over() {
      return overLimit(state, limits);
    },
    get sample() {
      return sample;
    },
    get errors() {
      return errors;
    },
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
};
