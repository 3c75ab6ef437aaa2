/**
 * What it costs a worker to look at its machine, beside `systeminformation` alone: CPU of the process, of the process
 * with all that it starts, and how long nothing else can run in it meanwhile. A worker looks once a second, so a figure
 * by the look is one by the second.
 */
import { setTimeout as delay } from 'node:timers/promises';
import si from 'systeminformation';
import { createSystemProbe } from '../resources/host/system-probe.ts';
import { report } from './support/report.ts';
import { median, pickSize, roundsOf } from './support/rounds.ts';
import { processUse } from './support/worker-process.ts';

const LOOKS = pickSize(150, 20);
const ROUNDS = roundsOf(3, 1);
/** Asked again within 200 ms, the library answers from memory. */
const GAP_MS = 210;

/** Milliseconds a look. */
interface Cost {
  readonly own: number;
  /** In steps of 10 ms over all looks. */
  readonly all: number;
  readonly busy: number;
}

const measure = async (look: () => Promise<unknown>): Promise<Cost> => {
  await look();
  await delay(GAP_MS);
  const loop = performance.eventLoopUtilization();
  const own = process.cpuUsage();
  const all = processUse(process.pid).cpuMs;
  for (let n = 0; n < LOOKS; n += 1) {
    await look();
    await delay(GAP_MS);
  }
  const { user, system } = process.cpuUsage(own);
  const { active } = performance.eventLoopUtilization(loop);
  return { own: (user + system) / 1_000 / LOOKS, all: (processUse(process.pid).cpuMs - all) / LOOKS, busy: active / LOOKS };
};

const probe = createSystemProbe();
const sides = {
  ours: () => probe.sample(),
  library: () => Promise.all([si.currentLoad(), si.mem()]),
  nothing: () => Promise.resolve(),
};
type Side = keyof typeof sides;
const costs: Record<Side, Cost[]> = { ours: [], library: [], nothing: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const side of Object.keys(sides) as Side[]) costs[side].push(await measure(sides[side]));
}
const middle = (side: Side, key: keyof Cost): number => median(costs[side].map((cost) => cost[key]));
const figure = (name: string, key: keyof Cost) =>
  ({ name, value: middle('ours', key), unit: 'ms/look', baseline: { name: 'the library alone', value: middle('library', key) } }) as const;
report('probe', [
  figure('CPU of the process', 'own'),
  figure('CPU with all that it starts', 'all'),
  figure('nothing else runs in it', 'busy'),
  { name: '  the timer that the three include: CPU', value: middle('nothing', 'own'), unit: 'ms/look' },
]);
