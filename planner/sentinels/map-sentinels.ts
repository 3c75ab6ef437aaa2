/** What is said of sentinels and canaries, as changes: a later part of a plan wins, key by key. */
import { present } from '../read/optional.ts';
import type { Where } from '../read/source.ts';
import { inside } from '../read/source.ts';
import type { WrittenCanaries, WrittenLook, WrittenSentinels } from './sentinels.schema.ts';

/** A task to be, and where it is written. */
export interface Look {
  readonly name: string;
  readonly written: Exclude<WrittenLook, string>;
  readonly where: Where;
}

export interface SentinelChanges {
  readonly where: Where;
  readonly enabled: boolean;
  readonly looks?: readonly Look[];
  /** Every one unless stated. */
  readonly at?: { readonly levels: readonly number[] } | { readonly every: number };
  readonly blocking?: boolean;
}

export interface CanaryChanges {
  readonly where: Where;
  readonly enabled: boolean;
  readonly look?: Look;
  readonly share?: number;
  readonly blocking?: boolean;
}

const lookOf = (name: string, written: WrittenLook, where: Where): Look => ({ name, written: typeof written === 'string' ? { cmd: written } : written, where });

const levelsOf = (at: NonNullable<WrittenSentinels['at']>): NonNullable<SentinelChanges['at']> => {
  if (at === 'every') return { every: 1 };
  return Array.isArray(at) ? { levels: at } : at;
};

export const mapSentinels = ({ enabled = true, checks, at, blocking }: WrittenSentinels, where: Where): SentinelChanges => ({
  where,
  enabled,
  ...present({
    looks: checks && Object.entries(checks).map(([name, written]) => lookOf(name, written, inside(where, 'checks', name))),
    at: at && levelsOf(at),
    blocking,
  }),
});

export const mapCanaries = ({ enabled = true, smoke, share, blocking }: WrittenCanaries, where: Where): CanaryChanges => ({
  where,
  enabled,
  ...present({ look: smoke === undefined ? undefined : lookOf('smoke', smoke, inside(where, 'smoke')), share, blocking }),
});
