/** What a simulated execution came to. Times are milliseconds from its start. */
import type { ExecutionOutcome } from '../../model/outcome.ts';
import type { TaskState } from '../../model/state.ts';

export interface SimulatedTask {
  readonly state: TaskState;
  /** When it first could start, as far as its dependencies go; undefined of one that never could. */
  readonly readyAt?: number;
  /** Its runs; more than one where it was stopped for others. */
  readonly runs: readonly { readonly from: number; readonly to: number }[];
}

export interface SimulatedWave {
  readonly number: number;
  readonly tasks: readonly number[];
  readonly openedAt: number;
  /** When the last of its tasks had ended. */
  readonly endedAt: number;
}

export interface Timeline {
  /** By index of the graph. */
  readonly tasks: readonly SimulatedTask[];
  readonly endsAt: number;
  /** Undefined: nothing can happen any more, and it has not come to an end. */
  readonly outcome?: ExecutionOutcome;
  /** Of a wave-based execution, in order. */
  readonly waves?: readonly SimulatedWave[];
}

export const startOf = ({ runs }: SimulatedTask): number | undefined => runs[0]?.from;
export const endOf = ({ runs }: SimulatedTask): number | undefined => runs.at(-1)?.to;
