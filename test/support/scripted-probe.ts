/** A probe that a test drives: it answers what was scripted, in order, and then the last again. */
import type { HostProbe, HostSample } from '../../resources/host/host-probe.ts';

export interface ScriptedProbe extends HostProbe {
  /** Looks that have begun. */
  readonly looks: number;
}

/** A sample, an error to fail with, or a sample that comes when the test lets it. */
type Step = HostSample | Error | Promise<HostSample>;

export const scriptedProbe = (...script: readonly Step[]): ScriptedProbe => {
  let looks = 0;
  return {
    get looks() {
      return looks;
    },
    sample: async () => {
      const step = script[Math.min(looks, script.length - 1)] ?? {};
      looks += 1;
      if (step instanceof Error) throw step;
      return step;
    },
  };
};
