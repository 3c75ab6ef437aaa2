/** The largest graph to its end: time, events, runs, the pause at a boundary, and what the worker keeps of it. */
import { startBenchServer } from './support/bench-server.ts';
import { wideOf } from './support/dag.ts';
import { report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { option, pickSize } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';
import type { OurSide, Side } from './support/side.ts';
import { childrenOf, processUse } from './support/worker-process.ts';

const TASKS = Number(option('tasks') ?? pickSize(10_000, 1_000));
const dag = wideOf(TASKS, 50);
const KB = 1_024;
const MB = KB * KB;

await using server = await startBenchServer();

interface Walked {
  readonly seconds: number;
  readonly events: number;
  readonly heapGrowth: number;
  readonly memoryGrowth: number;
  readonly peakMemory: number;
  readonly launcherMemory: number;
  readonly serverMemory: number;
}

/** What a worker has once it is at work is not growth: pools, compiled code, the heap's own reserve. */
const WARM_UP = wideOf(Math.min(1_000, TASKS), 50);

const walk = async (side: Side): Promise<{ walked: Walked; runs: number; boundaryMs: number }> => {
  await (await side.start(WARM_UP)).ended;
  const before = await side.worker.usage();
  const started = await side.start(dag);
  const sampler = { peak: 0, launcher: 0 };
  const timer = setInterval(() => {
    sampler.peak = Math.max(sampler.peak, processUse(side.worker.pid).rss);
    const children = childrenOf(side.worker.pid).map((pid) => processUse(pid).rss).filter(Number.isFinite);
    sampler.launcher = Math.max(sampler.launcher, ...children);
  }, 1_000);
  const seconds = (await started.ended) / 1_000;
  clearInterval(timer);
  const after = await side.worker.usage();
  const state = 'stateOf' in side ? await (side as OurSide).stateOf(started) : undefined;
  const walked = {
    seconds,
    events: (await side.events(started)) / TASKS,
    heapGrowth: after.heapUsed - before.heapUsed,
    memoryGrowth: after.rss - before.rss,
    peakMemory: sampler.peak,
    launcherMemory: sampler.launcher,
    serverMemory: processUse(server.pid).rss,
  };
  process.stderr.write(`  ${side.name}: ${seconds.toFixed(0)} s, ${walked.events.toFixed(2)} events a task, ${String(state?.runs ?? 1)} runs\n`);
  return { walked, runs: state?.runs ?? 1, boundaryMs: state?.longestBoundaryMs ?? 0 };
};

const run = async (start: () => Promise<Side>): ReturnType<typeof walk> => {
  await using side = await start();
  return await walk(side);
};

const auto = await run(() => startOurs({ server, dispatch: 'auto' }));
const ours = await run(() => startOurs({ server }));
// The baseline takes as long again; `--only=ours` does without it.
const alone = option('only') === 'ours';
const ceiling = alone ? undefined : await run(() => startBare({ server, dispatch: 'activity' }));
const bare = alone ? undefined : await run(() => startBare({ server }));

type Result = Awaited<ReturnType<typeof walk>>;
const figures = (name: string, result: Result, baseline: Result | undefined, called: string): Figure[] => {
  const beside = (pick: (walked: Walked) => number): Pick<Figure, 'baseline'> => (baseline ? { baseline: { name: called, value: pick(baseline.walked) } } : {});
  const { walked } = result;
  const perTask = (bytes: number): number => bytes / KB / TASKS;
  return [
    { name: `${String(TASKS)} tasks, 50 wide, ${name}`, value: walked.seconds, unit: 's', ...beside((other) => other.seconds) },
    { name: `  throughput`, value: TASKS / walked.seconds, unit: 'tasks/s', ...beside((other) => TASKS / other.seconds) },
    { name: `  events of the execution, all runs`, value: walked.events, unit: 'events/task', ...beside((other) => other.events), target: { atMost: 4.5 } },
    { name: `  runs`, value: result.runs, unit: 'runs' },
    { name: `  longest pause at a boundary`, value: result.boundaryMs, unit: 'ms', target: { atMost: 2_000 } },
    { name: `  growth of the worker's memory, after ${String(WARM_UP.tasks.length)} tasks before`, value: perTask(walked.memoryGrowth), unit: 'KB/task', ...beside((other) => perTask(other.memoryGrowth)), target: { atMost: 10 } },
    { name: `  growth of its heap`, value: perTask(walked.heapGrowth), unit: 'KB/task', ...beside((other) => perTask(other.heapGrowth)) },
    { name: `  worker's memory at its peak`, value: walked.peakMemory / MB, unit: 'MB', ...beside((other) => other.peakMemory / MB) },
    { name: `  launcher's memory at its peak`, value: walked.launcherMemory / MB, unit: 'MB' },
    { name: `  server's memory at the end`, value: walked.serverMemory / MB, unit: 'MB', ...beside((other) => other.serverMemory / MB) },
    {
      name: `  coordinator's share (heap growth of server, worker and launcher together)`,
      value: (100 * walked.heapGrowth) / (walked.serverMemory + walked.peakMemory + walked.launcherMemory),
      unit: '%',
    },
  ];
};
report('ten-thousand', [...figures('a child each', ours, bare, 'bare'), ...figures('dispatch auto', auto, ceiling, 'bare activities')]);
