/** Scalars that several schemas share: lengths of time, priorities, regular expressions. */
import { z } from 'zod';
import { CONFIDENCE, PRIORITY, ROLLBACK_COST } from './graph.ts';

const DURATION_PATTERN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;

/** A length of time: a number of seconds, or text with a unit (`500ms`, `90s`, `10m`, `2h`). */
export const durationSchema = z.union([z.number().positive(), z.string().regex(DURATION_PATTERN)], {
  error: 'expected seconds, or a number with a unit such as "500ms", "90s", "10m" or "2h"',
});
export type WrittenDuration = z.infer<typeof durationSchema>;

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** In milliseconds, rounded up, so that no positive time becomes 0. */
export const durationMs = (written: WrittenDuration): number => {
  if (typeof written === 'number') return Math.ceil(written * 1_000);
  const [, amount = '0', unit = 's'] = DURATION_PATTERN.exec(written) ?? [];
  return Math.ceil(Number(amount) * (UNITS.get(unit) ?? 1_000));
};

const compiles = (source: string): boolean => {
  try {
    return Boolean(new RegExp(source, 'u'));
  } catch {
    return false;
  }
};

/** Text that compiles as a regular expression with the `u` flag. */
export const patternSchema = z.string().refine(compiles, { error: 'expected a regular expression' });

/** spec/003 says `foreground` for what is not in the background. */
export const PRIORITY_NAMES = ['critical', 'high', 'medium', 'low', 'background', 'foreground'] as const;
export const prioritySchema = z.union([z.enum(PRIORITY_NAMES), z.number()], {
  error: `expected a number or one of ${PRIORITY_NAMES.join(', ')}`,
});

export const priorityOf = (written: z.infer<typeof prioritySchema>): number => {
  if (typeof written === 'number') return written;
  return written === 'foreground' ? PRIORITY.medium : PRIORITY[written];
};

const LEVELS = ['low', 'medium', 'high'] as const;

export const confidenceSchema = z.union([z.enum(LEVELS), z.number().min(0).max(1)], {
  error: `expected a number from 0 to 1 or one of ${LEVELS.join(', ')}`,
});
export const confidenceOf = (written: z.infer<typeof confidenceSchema>): number =>
  typeof written === 'number' ? written : CONFIDENCE[written];

export const rollbackCostSchema = z.union([z.enum(LEVELS), z.number().min(0)], {
  error: `expected a number from 0 or one of ${LEVELS.join(', ')}`,
});
export const rollbackCostOf = (written: z.infer<typeof rollbackCostSchema>): number =>
  typeof written === 'number' ? written : ROLLBACK_COST[written];
