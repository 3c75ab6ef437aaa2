/** What every probe of a machine promises, as one suite that each implementation passes. */
import { describe, expect, test } from 'vitest';
import type { HostProbe, HostSample } from '../../../resources/host/host-probe.ts';

export interface ProbeRig {
  /** Of a machine that tells everything. */
  seeing(): HostProbe;
  /** Of a machine that tells nothing. */
  blind(): HostProbe;
}

const FIGURES: readonly string[] = ['cpu', 'ioWait', 'memory'] satisfies (keyof HostSample)[];

/** The second sample: the first has nothing that is measured between two. */
const second = async (probe: HostProbe): Promise<HostSample> => {
  await probe.sample();
  const until = performance.now() + 250;
  while (performance.now() < until) Math.sqrt(until);
  return probe.sample();
};

export const conformance = (name: string, rig: () => ProbeRig): void => {
  describe(`${name} keeps the promises of a probe`, () => {
    test('it tells processors and memory', async () => {
      const { cpu, memory } = await second(rig().seeing());
      expect(cpu).toBeGreaterThan(0);
      expect(memory).toBeGreaterThan(0);
    });

    test('every figure is a percentage, and nothing else is told', async () => {
      const probe = rig().seeing();
      for (let n = 0; n < 5; n += 1) {
        const sample = await probe.sample();
        for (const [figure, value] of Object.entries(sample)) {
          expect(FIGURES).toContain(figure);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
      }
    });

    test('a sample is plain data', async () => {
      const sample = await second(rig().seeing());
      expect(JSON.parse(JSON.stringify(sample))).toStrictEqual(sample);
    });

    test('many at once all answer', async () => {
      const probe = rig().seeing();
      const samples = await Promise.all(Array.from({ length: 20 }, () => probe.sample()));
      for (const { memory } of samples) expect(memory).toBeGreaterThan(0);
    });

    test('what is not known is left out, and is not 0', async () => {
      expect(await second(rig().blind())).toStrictEqual({});
    });
  });
};
