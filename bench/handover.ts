/** From the end of a command to the start of the one that waits for it, by the stamps that the commands write. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBenchServer } from './support/bench-server.ts';
import { chainOf } from './support/dag.ts';
import { quantile, report } from './support/report.ts';
import { interleave, median, pickSize, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const TASKS = pickSize(60, 15);
const ROUNDS = roundsOf(5, 2);

await using server = await startBenchServer();
/** Of a command that does nothing but write down when it runs: its end is its successor's beginning. */
const [ours = [], auto = [], bare = []] = await interleave({
  rounds: ROUNDS,
  sides: [() => startOurs({ server }), () => startOurs({ server, dispatch: 'auto' }), () => startBare({ server })],
  measure: async (side) => {
    const file = join(server.directory, `stamps-${randomUUID()}`);
    await (await side.start(chainOf(TASKS, `date +%s%N >> '${file}'`))).ended;
    const stamps = (await readFile(file, 'utf8')).trim().split('\n').map((line) => Number(BigInt(line) / 1_000n) / 1_000);
    return stamps.slice(1).map((stamp, i) => stamp - (stamps[i] ?? Number.NaN));
  },
  say: (gaps) => `${median(gaps).toFixed(1)} ms`,
});

const medians = (rounds: readonly (readonly number[])[]): number => median(rounds.map((gaps) => median(gaps)));
const more = median(ours.map((gaps, round) => median(gaps) - median(bare[round] ?? [])));
const baseline = { name: 'bare', value: medians(bare) };
report('handover', [
  { name: 'from command to command, a child each, p50', value: medians(ours), unit: 'ms', baseline },
  { name: '  more than bare', value: more, unit: 'ms', target: { atMost: 20 } },
  { name: '  p95', value: quantile(ours.flat(), 0.95), unit: 'ms', baseline: { name: 'bare', value: quantile(bare.flat(), 0.95) } },
  { name: 'from command to command, light tasks, p50', value: medians(auto), unit: 'ms', baseline },
]);
