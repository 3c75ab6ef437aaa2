/**
 * Background tasks: they come after all others however long they wait, take nothing that another one waits for, and
 * never all slots.
 */
import { isBackground } from '../model/graph.ts';
import type { GraphTask, Policies } from '../model/graph.ts';
import { occupiesSlot } from '../model/state.ts';
import type { TaskRecord } from './protocol.ts';

/** Whether it may be stopped for others. Of a background task that is understood, unless it says otherwise. */
export const isPreemptible = (task: GraphTask): boolean => task.preemptible ?? isBackground(task);

const isBusy = ({ state, request }: TaskRecord): boolean =>
  occupiesSlot(state) || request?.state === 'queued' || request?.state === 'asked' || request?.state === 'granted';

export class Background {
  readonly #records: readonly TaskRecord[];
  readonly #limit: number;
  /** Those that run or have asked mutexes, and perhaps some that no longer do. */
  readonly #busy = new Set<number>();

  constructor(options: { readonly records: readonly TaskRecord[]; readonly tasks: readonly GraphTask[]; readonly policies: Policies }) {
    const { records, tasks, policies } = options;
    this.#records = records;
    this.#limit = policies.background.maxTasks ?? Math.max(1, policies.concurrencyMax - 1);
    for (const [index, task] of tasks.entries()) if (isBackground(task)) this.#busy.add(index);
  }

  /** Whether as many run, or are about to, as may. */
  get isFull(): boolean {
    for (const index of this.#busy) {
      const record = this.#records[index];
      if (!record || !isBusy(record)) this.#busy.delete(index);
    }
    return this.#busy.size >= this.#limit;
  }

  /** A background task starts or asks. */
  begins(index: number): void {
    this.#busy.add(index);
  }
}
