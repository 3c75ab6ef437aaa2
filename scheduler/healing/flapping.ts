/** Tasks that fail, pass, and fail again. */
import type { Breaker } from '../../model/breaker.ts';
import type { TaskRecord } from '../protocol.ts';
import type { Scopes } from './scope.ts';

/** Ends of a task's attempts, where they changed. */
const FAILED = 'F';
const PASSED = 'P';
const FLAPPING = 'FPF';

export class Flapping {
  readonly #records: readonly TaskRecord[];
  readonly #breaker: Breaker | undefined;
  readonly #scopes: Scopes;

  constructor(options: { readonly records: readonly TaskRecord[]; readonly breakers: readonly Breaker[]; readonly scopes: Scopes }) {
    this.#records = options.records;
    this.#breaker = options.breakers.find(({ on }) => on.type === 'flapping');
    this.#scopes = options.scopes;
  }

  passed(index: number): void {
    // What has never failed cannot flap: most records stay as they are.
    if (this.#records[index]?.ends !== undefined) this.#note(index, PASSED);
  }

  /** Answers the breaker when the task flaps; it begins anew then. */
  failed(index: number): Breaker | undefined {
    if (!this.#breaker || !this.#scopes.covers(this.#breaker, index) || this.#note(index, FAILED) !== FLAPPING) return undefined;
    delete this.#records[index]?.ends;
    return this.#breaker;
  }

  #note(index: number, end: string): string {
    const record = this.#records[index] as TaskRecord;
    const before = record.ends ?? '';
    if (!before.endsWith(end)) record.ends = (before + end).slice(-FLAPPING.length);
    return record.ends ?? '';
  }
}
