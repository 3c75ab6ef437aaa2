/** The stream of events: read while it grows, read afterwards, and a burst that is longer than what is kept at hand. */
import type { ExecutionEvent } from '../model/event.ts';
import type { ExecutionId } from '../model/ids.ts';
import { startBenchServer } from './support/bench-server.ts';
import { flatOf } from './support/dag.ts';
import type { Dag } from './support/dag.ts';
import { quantile, report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { median, pickSize } from './support/rounds.ts';
import { startOurs } from './support/side.ts';
import type { OurSide } from './support/side.ts';

const TASKS = pickSize(2_000, 300);
const BURST = pickSize(5_000, 500);

await using server = await startBenchServer();

interface Read {
  readonly events: number;
  readonly gaps: number;
  /** From the event to its reader. */
  readonly lagMs: readonly number[];
  readonly seconds: number;
}

const readAll = async (side: OurSide, execution: ExecutionId, follow: boolean): Promise<Read> => {
  const begun = performance.now();
  const lagMs: number[] = [];
  let events = 0;
  let gaps = 0;
  let last: ExecutionEvent | undefined;
  for await (const event of side.tasks.events(execution, { follow })) {
    if (event.seq !== (last?.seq ?? 0) + 1) gaps += 1;
    lagMs.push(Date.now() - event.at);
    last = event;
    events += 1;
  }
  return { events, gaps, lagMs, seconds: (performance.now() - begun) / 1_000 };
};

const follow = async (dag: Dag): Promise<{ live: Read; later: Read; emitted: number }> => {
  await using side = await startOurs({ server, dispatch: 'auto' });
  const started = await side.start(dag);
  const execution = side.executionOf(started);
  const seconds = started.ended.then((ms) => ms / 1_000, () => Number.NaN);
  const live = await readAll(side, execution, true);
  const emitted = live.events / (await seconds);
  return { live, later: await readAll(side, execution, false), emitted };
};

const figures = (name: string, { live, later, emitted }: Awaited<ReturnType<typeof follow>>): Figure[] => [
  { name: `${name}: events`, value: live.events, unit: 'events', baseline: { name: 'read again later', value: later.events } },
  { name: `  gaps`, value: live.gaps + later.gaps, unit: 'gaps', target: { atMost: 0 } },
  ...(Number.isFinite(emitted) ? [{ name: `  emitted while running`, value: emitted, unit: 'events/s' }] : []),
  { name: `  from the event to a reader that follows, p50`, value: median(live.lagMs), unit: 'ms' },
  { name: `  p99`, value: quantile(live.lagMs, 0.99), unit: 'ms' },
  { name: `  followed to the end in`, value: live.events / live.seconds, unit: 'events/s' },
  { name: `  read again, from the first to the last`, value: later.events / later.seconds, unit: 'events/s', target: { atLeast: 1_000 } },
];

/** Tasks without a command: nothing but the engine, as fast as it goes. */
const stream: Dag = { ...flatOf(TASKS, 50, 'true'), tasks: flatOf(TASKS, 50, 'true').tasks.map((task) => ({ ...task, executor: 'noop' })) };
/** The first fails, and every other one waits for it: all of their events come in one moment. */
const burst: Dag = { ...flatOf(BURST, 50, 'true'), tasks: flatOf(BURST, 50, 'true').tasks.map((task, i) => (i === 0 ? { ...task, command: 'false' } : { ...task, deps: [0] })) };

report('events', [...figures(`${String(TASKS)} light tasks without a command, 50 wide`, await follow(stream)), ...figures(`burst: ${String(BURST)} tasks whose dependency fails`, await follow(burst))]);
