/**
 * What the engine adds to tasks that take their time: of 5 s each, all ending together, and of 5 to 9 s. The ideal
 * is the same order of the same durations; the baseline, which starts them as they come, has an ideal of its own.
 */
import { startBenchServer } from './support/bench-server.ts';
import { flatOf, randomOf } from './support/dag.ts';
import type { Dag } from './support/dag.ts';
import { idealOf } from './support/list-schedule.ts';
import { report } from './support/report.ts';
import { interleave, median, pickSize, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const WIDTH = 8;
const TASKS = pickSize(24, 8);
const ROUNDS = roundsOf(3, 1);

interface Timed {
  readonly dag: Dag;
  readonly idealMs: number;
  /** Started in the order of the graph. */
  readonly inOrderMs: number;
}

const inOrder = (durationsMs: readonly number[]): number => {
  const free = Array.from({ length: WIDTH }, () => 0);
  for (const duration of durationsMs) {
    free.sort((a, b) => a - b);
    free[0] = (free[0] ?? 0) + duration;
  }
  return Math.max(...free);
};

const timed = (durationsMs: readonly number[]): Timed => {
  const { tasks, ...rest } = flatOf(TASKS, WIDTH, '');
  const dag = { ...rest, tasks: tasks.map((task, i) => ({ ...task, command: `sleep ${String((durationsMs[i] ?? 0) / 1_000)}`, estimateMs: durationsMs[i] ?? 0 })) };
  return { dag, idealMs: idealOf({ dag, durationsMs }), inOrderMs: inOrder(durationsMs) };
};

const random = randomOf(5);
const equal = timed(Array.from({ length: TASKS }, () => 5_000));
const mixed = timed(Array.from({ length: TASKS }, () => 5_000 + Math.floor(random() * 4_000)));

await using server = await startBenchServer();
const [ours = [], auto = [], bare = []] = await interleave({
  rounds: ROUNDS,
  sides: [() => startOurs({ server }), () => startOurs({ server, dispatch: 'auto' }), () => startBare({ server })],
  measure: async (side) => {
    const over = async ({ dag, idealMs, inOrderMs }: Timed): Promise<number> =>
      100 * ((await (await side.start(dag)).ended) / (side.name === 'bare' ? inOrderMs : idealMs) - 1);
    return { mixed: await over(mixed), equal: await over(equal) };
  },
  say: (percent) => `over the ideal: ${percent.mixed.toFixed(1)} % (5 to 9 s), ${percent.equal.toFixed(1)} % (all 5 s)`,
});

type Result = (typeof ours)[number];
const figure = (name: string, results: readonly Result[], key: keyof Result) => ({
  name: `${String(TASKS)} tasks, ${String(WIDTH)} wide, ${name}: wall beyond the ideal`,
  value: median(results.map((result) => result[key])),
  unit: '%',
  baseline: { name: 'bare', value: median(bare.map((result) => result[key])) },
  target: { atMost: 2 },
});
report('overhead', [
  figure('5 to 9 s, a child each', ours, 'mixed'),
  figure('5 to 9 s, light', auto, 'mixed'),
  figure('5 s and all at once, a child each', ours, 'equal'),
  figure('5 s and all at once, light', auto, 'equal'),
]);
