/**
 * What the worker's tuner costs: many short commands, as bare activities, which makes the most of what it does for each
 * of them. Beside the same worker with as many fixed slots: the tuner with targets that nothing reaches (what it costs
 * by itself), with the limits that a worker has unless told otherwise (both are held to the target), and with a CPU limit
 * that somebody states. The last holds commands back once the machine is busy, with whatever it is busy: here the server
 * and the benchmark, and on a shared machine everybody else, so its figures say little of the tuner.
 *
 * All four workers live at the same time and take turns of a few seconds: what else the machine does meets them alike.
 */
import { DEFAULT_LIMITS } from '../resources/pressure.ts';
import { NO_TARGET } from '../temporal/tuner.ts';
import type { TunerTargets } from '../temporal/tuner.ts';
import { startBenchServer } from './support/bench-server.ts';
import { flatOf } from './support/dag.ts';
import { report } from './support/report.ts';
import { median, pickSize, ratioOf, roundsOf } from './support/rounds.ts';
import { startBare } from './support/side.ts';
import type { Side } from './support/side.ts';
import { workerCpu } from './support/worker-process.ts';

const TASKS = pickSize(200, 100);
const WIDE = 20;
const ROUNDS = roundsOf(12, 2);

await using server = await startBenchServer();
const { memory } = DEFAULT_LIMITS;
const STATED_CPU = 80;
const start = (name: string, tuner?: TunerTargets): Promise<Side> => startBare({ server, dispatch: 'activity', slots: WIDE, tuner, taskQueue: `bare-${name}` });
await using untuned = await start('fixed');
await using free = await start('free', { cpu: NO_TARGET, memory: NO_TARGET });
await using usual = await start('usual', { cpu: NO_TARGET, memory: memory.soft });
await using stated = await start('stated', { cpu: STATED_CPU, memory: memory.soft });
const sides = [untuned, free, usual, stated];

const measure = async (side: Side): Promise<{ readonly rate: number; readonly cpu: number }> => {
  const before = workerCpu(side.worker.pid);
  const started = await side.start(flatOf(TASKS, WIDE, 'true'));
  const rate = (TASKS * 1_000) / (await started.ended);
  return { rate, cpu: (workerCpu(side.worker.pid) - before) / TASKS };
};

const results: Awaited<ReturnType<typeof measure>>[][] = sides.map(() => []);
for (let round = 0; round < ROUNDS; round += 1) {
  for (let turn = 0; turn < sides.length; turn += 1) {
    const which = (round + turn) % sides.length;
    const side = sides[which];
    if (side) results[which]?.push(await measure(side));
  }
  process.stderr.write(`  round ${String(round + 1)} of ${String(ROUNDS)}: ${results.map((all) => all.at(-1)?.rate.toFixed(1)).join(', ')} commands/s\n`);
}
const [fixed = [], ...tuned] = results;

type Result = (typeof fixed)[number];
const middle = (results: readonly Result[], key: keyof Result): number => median(results.map((result) => result[key]));
const rates = (results: readonly Result[]): number[] => results.map(({ rate }) => rate);
const figures = (name: string, results: readonly Result[] = [], target?: { readonly atLeast: number }) =>
  [
    { name: `${String(TASKS)} × true, ${String(WIDE)} wide, ${name}`, value: middle(results, 'rate'), unit: 'commands/s', baseline: { name: 'fixed slots', value: middle(fixed, 'rate') } },
    { name: '  as a ratio', value: ratioOf(rates(results), rates(fixed)), unit: 'x fixed slots', ...(target && { target }) },
    { name: '  CPU of worker and commands', value: middle(results, 'cpu'), unit: 'ms/command', baseline: { name: 'fixed slots', value: middle(fixed, 'cpu') } },
  ] as const;
report('tuner', [
  ...figures('targets that nothing reaches', tuned[0], { atLeast: 0.9 }),
  ...figures(`the usual target of ${String(memory.soft)} % memory`, tuned[1], { atLeast: 0.9 }),
  ...figures(`targets of ${String(STATED_CPU)} % CPU and ${String(memory.soft)} % memory`, tuned[2]),
]);
