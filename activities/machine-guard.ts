/**
 * A worker guards its machine: it looks at it once a second, says when a limit is crossed, and, over the hard one,
 * relieves it of what its own attempts allow (`command/relief.ts`).
 */
import type { OverLimit, Pressure } from '../model/pool.ts';
import type { HostProbe } from '../resources/host/host-probe.ts';
import { watchPressure } from '../resources/host/watch.ts';
import { isOverHard } from '../resources/pressure.ts';
import type { PressureLimits } from '../resources/pressure.ts';
import type { Relief } from './command/relief.ts';

export interface MachinePressure {
  readonly pressure: Pressure;
  /** None without pressure. */
  readonly over?: OverLimit;
}

export interface MachineGuardOptions {
  readonly probe: HostProbe;
  readonly limits: PressureLimits;
  readonly relief: Relief;
  /** A second unless stated. */
  readonly everyMs?: number;
  /** Told when it has changed, never twice the same. */
  readonly onPressure: (now: MachinePressure) => void;
  /** The machine cannot be looked at; told once. */
  readonly onError: (error: unknown) => void;
}

/** `memory 97 %, limit 95 %` */
export const overText = ({ metric, percent, limit }: OverLimit): string => `${metric} ${Math.round(percent)} %, limit ${limit} %`;

/** Begins at once. After it is disposed of, suspended attempts are resumed by whoever ends them. */
export const guardMachine = ({ probe, limits, relief, everyMs, onPressure, onError }: MachineGuardOptions): Disposable => {
  const watch = watchPressure({
    probe,
    limits,
    ...(everyMs !== undefined && { everyMs }),
    onError,
    onCrossed: () => {
      const { pressure, over } = watch;
      onPressure({ pressure, ...(over && { over }) });
    },
    onLook: () => {
      const { pressure, over, sample } = watch;
      relief.look({ pressure, isOver: isOverHard(sample, limits), why: over ? overText(over) : '' });
    },
  });
  return watch;
};
