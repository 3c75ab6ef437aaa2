/** Repetitions of several sides in turn, so that what else the machine does touches them alike. */
import { loadavg } from 'node:os';
import type { Side } from './side.ts';

export const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/**
 * Runs every side once a round, each with a fresh worker, in an order that turns with every round. Answers what
 * `measure` answered, by side and round.
 */
export const interleave = async <T>(options: {
  readonly rounds: number;
  readonly sides: readonly (() => Promise<Side>)[];
  readonly measure: (side: Side) => Promise<T>;
  /** Said on stderr after each. */
  readonly say?: (result: T) => string;
}): Promise<T[][]> => {
  const { rounds, sides, measure, say } = options;
  const results: T[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < sides.length; turn += 1) {
      const which = (round + turn) % sides.length;
      const start = sides[which];
      if (!start) continue;
      await using side = await start();
      const result = await measure(side);
      results[which]?.push(result);
      process.stderr.write(`  round ${String(round + 1)} of ${String(rounds)}, ${side.name}: ${say?.(result) ?? String(result)}, load ${(loadavg()[0] ?? 0).toFixed(1)}\n`);
    }
  }
  return results;
};

/** Median of the ratios of the rounds: each round saw the same machine. */
export const ratioOf = (a: readonly number[], b: readonly number[]): number => median(a.map((value, i) => value / (b[i] ?? Number.NaN)));

/** Sizes for a first look, with `--quick`. */
export const isQuick = (): boolean => process.argv.includes('--quick');
export const pickSize = <T>(full: T, quick: T): T => (isQuick() ? quick : full);

/** Value of `--name=value` on the command line. */
export const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

/** Repetitions: `--rounds=N`, or fewer with `--quick`. */
export const roundsOf = (full: number, quick: number): number => Number(option('rounds') ?? pickSize(full, quick));
