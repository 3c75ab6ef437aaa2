/**
 * Recorded scientific workflows: their shapes, their durations scaled to half a second on average, 16 wide,
 * beside an ideal list schedule of the same durations, in our scheduler's order, in which every task costs one
 * measured hop more.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBenchServer } from './support/bench-server.ts';
import { chainOf } from './support/dag.ts';
import type { Dag } from './support/dag.ts';
import { idealOf, listSchedule } from './support/list-schedule.ts';
import { report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { interleave, isQuick, median } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';
import type { Side } from './support/side.ts';

const WIDTH = 16;
const AVERAGE_MS = 500;
const HOPS = 20;
const directory = join(process.env['TASKS_TEST_DATA'] ?? join(process.cwd(), '..', 'shared', 'data'), 'wfinstances');

interface Recorded {
  readonly workflow: {
    readonly specification: { readonly tasks: readonly { readonly id: string; readonly parents: readonly string[] }[] };
    readonly execution: { readonly tasks: readonly { readonly id: string; readonly runtimeInSeconds: number }[] };
  };
}

interface Instance {
  readonly dag: Dag;
  readonly durationsMs: readonly number[];
}

const readInstance = async (file: string): Promise<Instance> => {
  const { workflow } = JSON.parse(await readFile(join(directory, file), 'utf8')) as Recorded;
  const { tasks } = workflow.specification;
  const runtimes = new Map(workflow.execution.tasks.map(({ id, runtimeInSeconds }) => [id, runtimeInSeconds]));
  const raw = tasks.map(({ id }) => runtimes.get(id) ?? 0);
  const scale = (AVERAGE_MS * tasks.length) / raw.reduce((sum, seconds) => sum + seconds, 0);
  const durationsMs = raw.map((seconds) => Math.round(seconds * scale));
  const at = new Map(tasks.map(({ id }, index) => [id, index]));
  return {
    durationsMs,
    dag: {
      name: file.replace(/\.json$/, ''),
      concurrency: WIDTH,
      tasks: tasks.map(({ parents }, index) => ({
        id: `t${String(index)}`,
        command: `sleep ${String((durationsMs[index] ?? 0) / 1_000)}`,
        estimateMs: Math.max(1, durationsMs[index] ?? 1),
        deps: parents.flatMap((parent) => at.get(parent) ?? []),
      })),
    },
  };
};

/** What a task of half a second costs beyond that half second, in a chain: the hop, the shell, the sleep's own start. */
const hopOf = async (side: Side): Promise<number> => (await (await side.start(chainOf(HOPS, `sleep ${String(AVERAGE_MS / 1_000)}`))).ended) / HOPS - AVERAGE_MS;

const measure = async (): Promise<void> => {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).sort();
  const instances = await Promise.all((isQuick() ? files.slice(1, 3) : files).map(readInstance));
  await using server = await startBenchServer();
  const [ours = [], auto = [], bare = []] = await interleave({
    rounds: 1,
    sides: [() => startOurs({ server }), () => startOurs({ server, dispatch: 'auto' }), () => startBare({ server })],
    measure: async (side) => {
      const hop = await hopOf(side);
      const over: number[] = [];
      const order: number[] = [];
      for (const { dag, durationsMs } of instances) {
        const withHops = durationsMs.map((ms) => ms + hop);
        const ideal = idealOf({ dag, durationsMs: withHops });
        const longestFirst = listSchedule({ dag, durationsMs: withHops });
        const wall = await (await side.start(dag)).ended;
        over.push(100 * (wall / ideal - 1));
        order.push(100 * (ideal / longestFirst - 1));
        process.stderr.write(`    ${side.name}, ${dag.name}: ${(wall / 1_000).toFixed(1)} s, ideal ${(ideal / 1_000).toFixed(1)} s, longest path first ${(longestFirst / 1_000).toFixed(1)} s\n`);
      }
      return { hop, over, order };
    },
    say: ({ hop }) => `${hop.toFixed(0)} ms a hop`,
  });
  const hop = (results: typeof ours): number => median(results.map((result) => result.hop));
  const over = (results: typeof ours, at: number): number => median(results.map((result) => result.over[at] ?? Number.NaN));
  const orders = instances.map(({ dag }, at): Figure => ({
    name: `${dag.name}: the ideal in our order over the one of the longest path first`,
    value: median(ours.map((result) => result.order[at] ?? Number.NaN)),
    unit: '%',
  }));
  const figures = instances.flatMap(({ dag }, at): Figure[] =>
    [ours, auto].map((results, which) => ({
      name: `${dag.name} (${String(dag.tasks.length)} tasks, ${which === 0 ? 'a child each' : 'light'}): wall over the ideal`,
      value: over(results, at),
      unit: '%',
      baseline: { name: 'bare', value: over(bare, at) },
      target: { atMost: 5 },
    })),
  );
  report('wfinstances', [
    { name: 'hop, a child each', value: hop(ours), unit: 'ms', baseline: { name: 'bare', value: hop(bare) } },
    { name: 'hop, light', value: hop(auto), unit: 'ms', baseline: { name: 'bare', value: hop(bare) } },
    ...figures,
    ...orders,
  ]);
};

if (existsSync(directory)) await measure();
else console.log(`\nwfinstances\n  skipped: there is no ${directory}; TASKS_TEST_DATA names the directory that holds wfinstances/`);
