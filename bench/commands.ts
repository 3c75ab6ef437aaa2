/** A hundred commands at once, on one worker. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBenchServer } from './support/bench-server.ts';
import { flatOf } from './support/dag.ts';
import { report } from './support/report.ts';
import { interleave, median, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const COMMANDS = 100;
const SECONDS = 8;
const ROUNDS = roundsOf(3, 1);

await using server = await startBenchServer();
const [ours = [], auto = [], bare = []] = await interleave({
  rounds: ROUNDS,
  sides: [
    () => startOurs({ server, slots: COMMANDS }),
    () => startOurs({ server, slots: COMMANDS, dispatch: 'auto' }),
    () => startBare({ server, slots: COMMANDS }),
  ],
  measure: async (side) => {
    const file = join(server.directory, `stamps-${randomUUID()}`);
    const stamp = (sign: string): string => `echo "${sign}1 $(date +%s%N)" >> '${file}'`;
    const started = await side.start(flatOf(COMMANDS, COMMANDS, `${stamp('+')}; sleep ${String(SECONDS)}; ${stamp('-')}`));
    const wall = (await started.ended) / 1_000;
    const lines = (await readFile(file, 'utf8')).trim().split('\n').map((line) => line.split(' '));
    const steps = lines.map(([step, at]) => ({ step: Number(step), at: Number(BigInt(at ?? 0) / 1_000_000n) })).sort((a, b) => a.at - b.at);
    let running = 0;
    let peak = 0;
    for (const { step } of steps) {
      running += step;
      peak = Math.max(peak, running);
    }
    const starts = steps.filter(({ step }) => step > 0);
    return { wall, peak, spread: ((starts.at(-1)?.at ?? 0) - (starts[0]?.at ?? 0)) / 1_000 };
  },
  say: ({ wall, peak, spread }) => `${wall.toFixed(1)} s, ${String(peak)} at once, all started within ${spread.toFixed(1)} s`,
});

type Result = (typeof ours)[number];
const middle = (results: readonly Result[], key: keyof Result): number => median(results.map((result) => result[key]));
const figures = (name: string, results: readonly Result[]) =>
  [
    {
      name: `${name}: commands at once`,
      value: middle(results, 'peak'),
      unit: 'commands',
      baseline: { name: 'bare', value: middle(bare, 'peak') },
      target: { atLeast: COMMANDS },
    },
    { name: `  from the first start to the last`, value: middle(results, 'spread'), unit: 's', baseline: { name: 'bare', value: middle(bare, 'spread') } },
    { name: `  all ${String(COMMANDS)} of ${String(SECONDS)} s`, value: middle(results, 'wall'), unit: 's', baseline: { name: 'bare', value: middle(bare, 'wall') } },
  ] as const;
report('commands', [...figures('a child each', ours), ...figures('light tasks', auto)]);
