/** A thousand small commands, 50 at once: throughput with a child each, as light tasks, and with no engine at all. */
import { startBenchServer } from './support/bench-server.ts';
import { wideOf } from './support/dag.ts';
import { report } from './support/report.ts';
import { processUse, workerCpu } from './support/worker-process.ts';
import { interleave, median, option, pickSize, ratioOf, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const TASKS = pickSize(1_000, 200);
const ROUNDS = roundsOf(3, 1);

await using server = await startBenchServer();
const profile = option('profile');
const [ours = [], auto = [], bare = [], ceiling = []] = await interleave({
  rounds: ROUNDS,
  sides: [
    () => startOurs({ server, profile }),
    () => startOurs({ server, dispatch: 'auto', profile }),
    () => startBare({ server, profile }),
    () => startBare({ server, dispatch: 'activity', profile }),
  ],
  measure: async (side) => {
    const workerBefore = workerCpu(side.worker.pid);
    const serverBefore = processUse(server.pid);
    const started = await side.start(wideOf(TASKS, 50));
    const rate = (TASKS * 1_000) / (await started.ended);
    const workerCost = (workerCpu(side.worker.pid) - workerBefore) / TASKS;
    const serverCpu = (processUse(server.pid).cpuMs - serverBefore.cpuMs) / TASKS;
    return { rate, workerCost, serverCpu, cpu: workerCost + serverCpu, events: (await side.events(started)) / TASKS };
  },
  say: ({ rate, workerCost, serverCpu, events }) =>
    `${rate.toFixed(1)} tasks/s, CPU a task: worker ${workerCost.toFixed(1)} ms, server ${serverCpu.toFixed(1)} ms; ${events.toFixed(1)} events`,
});

type Result = (typeof ours)[number];
const all = (results: readonly Result[], key: keyof Result): number[] => results.map((result) => result[key]);
const middle = (results: readonly Result[], key: keyof Result): number => median(all(results, key));
const rates = (results: readonly Result[]): number[] => all(results, 'rate');
const size = `${String(TASKS)} commands, 50 wide`;
const beside = (name: string, results: readonly Result[], baseline: readonly Result[], called: string) =>
  [
    { name: `${size}, ${name}`, value: middle(results, 'rate'), unit: 'tasks/s', baseline: { name: called, value: middle(baseline, 'rate') } },
    { name: `  CPU of worker and commands, ${name}`, value: middle(results, 'workerCost'), unit: 'ms/task', baseline: { name: called, value: middle(baseline, 'workerCost') } },
    { name: `  CPU of the server, ${name}`, value: middle(results, 'serverCpu'), unit: 'ms/task', baseline: { name: called, value: middle(baseline, 'serverCpu') } },
    // On a machine that is busy with other things as well, this says more than the rate.
    { name: `  CPU of both, ${name}`, value: middle(results, 'cpu'), unit: 'ms/task', baseline: { name: called, value: middle(baseline, 'cpu') } },
    { name: `  events of the execution, ${name}`, value: middle(results, 'events'), unit: 'events/task', baseline: { name: called, value: middle(baseline, 'events') } },
  ] as const;
report('wide', [
  ...beside('a child each', ours, bare, 'bare'),
  { name: '  as a ratio', value: ratioOf(rates(ours), rates(bare)), unit: 'x bare', target: { atLeast: 0.9 } },
  ...beside('dispatch auto', auto, ceiling, 'bare activities'),
  { name: '  as a ratio', value: ratioOf(rates(auto), rates(bare)), unit: 'x bare', target: { atLeast: 2 } },
  { name: 'ceiling: activities without an engine', value: ratioOf(rates(ceiling), rates(bare)), unit: 'x bare' },
]);
