/**
 * What the worker's tuner costs: many short commands, as bare activities, which makes the most of what it does for each
 * of them. Beside the same worker with as many fixed slots: the tuner with targets that nothing reaches (what it costs
 * by itself: that one is held to the target), with targets of 100 %, and with the limits that a worker has unless told
 * otherwise. The last two hold commands back once the machine is busy, with whatever it is busy: here the server and
 * the benchmark, and on a shared machine everybody else, so their figures say little of the tuner.
 */
import { DEFAULT_LIMITS } from '../resources/pressure.ts';
import { NO_TARGET } from '../temporal/tuner.ts';
import { startBenchServer } from './support/bench-server.ts';
import { flatOf } from './support/dag.ts';
import { report } from './support/report.ts';
import { interleave, median, pickSize, ratioOf, roundsOf } from './support/rounds.ts';
import { startBare } from './support/side.ts';
import { workerCpu } from './support/worker-process.ts';

const TASKS = pickSize(400, 100);
const WIDE = 20;
const ROUNDS = roundsOf(5, 1);

await using server = await startBenchServer();
const { cpu, memory } = DEFAULT_LIMITS;
const sides = [undefined, { cpu: NO_TARGET, memory: NO_TARGET }, { cpu: 100, memory: 100 }, { cpu: cpu.soft, memory: memory.soft }];
const [fixed = [], ...tuned] = await interleave({
  rounds: ROUNDS,
  sides: sides.map((tuner) => () => startBare({ server, dispatch: 'activity', slots: WIDE, tuner })),
  measure: async (side) => {
    const before = workerCpu(side.worker.pid);
    const started = await side.start(flatOf(TASKS, WIDE, 'true'));
    const rate = (TASKS * 1_000) / (await started.ended);
    return { rate, cpu: (workerCpu(side.worker.pid) - before) / TASKS };
  },
  say: ({ rate, cpu }) => `${rate.toFixed(1)} commands/s, CPU of the worker ${cpu.toFixed(1)} ms a command`,
});

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
  ...figures('targets of 100 %', tuned[1]),
  ...figures(`targets of ${String(cpu.soft)} % CPU and ${String(memory.soft)} % memory`, tuned[2]),
]);
