/** A chain: every hop from one command to the next, with nothing beside it. */
import { startBenchServer } from './support/bench-server.ts';
import { chainOf } from './support/dag.ts';
import { report } from './support/report.ts';
import { interleave, median, option, pickSize, ratioOf, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const TASKS = pickSize(100, 20);
const ROUNDS = roundsOf(5, 2);

await using server = await startBenchServer();
const profile = option('profile');
const [ours = [], bare = []] = await interleave({
  rounds: ROUNDS,
  sides: [() => startOurs({ server, profile }), () => startBare({ server, profile })],
  measure: async (side) => {
    const started = await side.start(chainOf(TASKS));
    const wallMs = await started.ended;
    return { perTask: wallMs / TASKS, events: (await side.events(started)) / TASKS };
  },
  say: ({ perTask }) => `${perTask.toFixed(1)} ms a task`,
});

const perTask = (results: typeof ours): number[] => results.map((result) => result.perTask);
const events = (results: typeof ours): number => median(results.map((result) => result.events));
report('chain', [
  {
    name: `chain of ${String(TASKS)} commands, a child each`,
    value: median(perTask(ours)),
    unit: 'ms/task',
    baseline: { name: 'bare', value: median(perTask(bare)) },
  },
  { name: 'the same as a ratio', value: ratioOf(perTask(ours), perTask(bare)), unit: 'x bare', target: { atMost: 1.15 } },
  { name: "events of the execution's workflow", value: events(ours), unit: 'events/task', baseline: { name: 'bare', value: events(bare) } },
]);
