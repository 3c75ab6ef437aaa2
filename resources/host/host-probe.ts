/** Looks at the machine that a worker runs on. Tests script one (`test/support/scripted-probe.ts`). */
import type { Load } from '../pressure.ts';

/** In percent, 0 to 100, since the sample before. What is not known is left out, never 0. */
export interface HostSample extends Load {
  /** Of the time of all processors: waiting for a disk with nothing else to do. Where the platform tells it. */
  readonly ioWait?: number;
}

export interface HostProbe {
  /**
   * May be called at any time; what is measured between two calls is left out of the first. Rejects when the platform
   * gives no answer at all: the next call may have one.
   */
  sample(): Promise<HostSample>;
}
