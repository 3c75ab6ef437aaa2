/** Running tasks that take much longer than they were thought to. */
import type { Breaker } from '../../model/breaker.ts';
import type { GraphTask } from '../../model/graph.ts';
import { isUnderWay } from '../../model/state.ts';
import { Deadlines } from '../deadlines.ts';
import type { TaskRecord } from '../protocol.ts';
import type { Scopes } from './scope.ts';

export interface Overrun {
  readonly breaker: Breaker;
  readonly index: number;
  readonly message: string;
}

export class Overruns {
  readonly #records: readonly TaskRecord[];
  readonly #tasks: readonly GraphTask[];
  readonly #breakers: readonly Breaker[];
  readonly #scopes: Scopes;
  readonly #deadlines: Deadlines;

  constructor(options: { readonly records: readonly TaskRecord[]; readonly tasks: readonly GraphTask[]; readonly breakers: readonly Breaker[]; readonly scopes: Scopes }) {
    this.#records = options.records;
    this.#tasks = options.tasks;
    this.#breakers = options.breakers.filter(({ on }) => on.type === 'time_overrun');
    this.#scopes = options.scopes;
    this.#deadlines = new Deadlines(options.records, (record) => (isUnderWay(record.state) ? record.overrunAt : undefined));
  }

  get dueAt(): number | undefined {
    return this.#deadlines.nextAt;
  }

  /** An attempt has begun. Only a stated estimate can be overrun. */
  began(index: number, now: number): void {
    const record = this.#records[index];
    const breaker = this.#breakerOf(index);
    const estimateMs = this.#tasks[index]?.estimateMs;
    if (!record) return;
    delete record.overrunAt;
    if (breaker?.on.type !== 'time_overrun' || estimateMs === undefined || estimateMs === 0) return;
    record.overrunAt = now + Math.ceil(estimateMs * breaker.on.factor);
    this.#deadlines.add(index);
  }

  /** The next task whose time is over, once. */
  take(now: number): Overrun | undefined {
    const index = this.#deadlines.take(now);
    const breaker = index === undefined ? undefined : this.#breakerOf(index);
    if (index === undefined || breaker?.on.type !== 'time_overrun') return undefined;
    delete (this.#records[index] as TaskRecord).overrunAt;
    return { breaker, index, message: `it runs longer than ${breaker.on.factor} times its estimate` };
  }

  #breakerOf(index: number): Breaker | undefined {
    return this.#breakers.find((breaker) => this.#scopes.covers(breaker, index));
  }
}
