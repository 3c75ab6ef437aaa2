/**
 * Random numbers that are the same on every machine: sfc32 (Doty-Humphrey's, of PractRand), seeded by sha256. 32-bit integer
 * arithmetic throughout; a library is not needed for ten lines.
 */
import { createHash } from 'node:crypto';

/** From 0, inclusive, to 1, exclusive. */
export type Random = () => number;

const WARM_UP = 12;

export const randomOf = (seed: string): Random => {
  const bytes = createHash('sha256').update(seed, 'utf8').digest();
  let [a, b, c, counter] = [bytes.readInt32LE(0), bytes.readInt32LE(4), bytes.readInt32LE(8), 1];
  const next = (): number => {
    const mixed = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + mixed) | 0;
    return (mixed >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < WARM_UP; round += 1) next();
  return next;
};

/** Standard normal, by Marsaglia's polar method. */
const normal = (random: Random): number => {
  for (;;) {
    const x = 2 * random() - 1;
    const y = 2 * random() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
};

/** Of a shape of at least 1 (Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000). */
const gamma = (shape: number, random: Random): number => {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = random();
    if (u > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
};

export interface Points {
  readonly optimistic: number;
  readonly mostLikely: number;
  readonly pessimistic: number;
}

/**
 * A duration between its optimistic and its pessimistic one, distributed as PERT assumes (Malcolm, Roseboom, Clark and Fazar,
 * 1959): Beta, with the mean (optimistic + 4 mostLikely + pessimistic) / 6 that the reader takes for the estimate of a task.
 * A triangle would have fatter tails and another mean.
 */
export const samplePert = ({ optimistic, mostLikely, pessimistic }: Points, random: Random): number => {
  const range = pessimistic - optimistic;
  if (!(range > 0)) return mostLikely;
  const one = gamma(1 + (4 * (mostLikely - optimistic)) / range, random);
  const other = gamma(1 + (4 * (pessimistic - mostLikely)) / range, random);
  return optimistic + (range * one) / (one + other);
};
