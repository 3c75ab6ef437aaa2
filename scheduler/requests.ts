/**
 * Requests to mutexes, for tasks that ask for what executions share. A request is out between the decisions
 * `request` and `withdraw`, or until the task starts: its attempt has the grant then, and gives it back.
 */
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import type { Fences } from '../model/resource.ts';
import { Deadlines } from './deadlines.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Needs } from './needs.ts';
import type { Decision, GlobalRequest, TaskRecord } from './protocol.ts';

/**
 * A granted request that finds no slot, or not what it needs inside the execution, goes back after so many
 * milliseconds: others wait for what it holds.
 */
export const HOLD_MS = 5_000;

const isOut = (request: GlobalRequest | undefined): boolean => request?.state === 'asked' || request?.state === 'granted';

export class Requests {
  readonly #index: GraphIndex;
  readonly #records: readonly TaskRecord[];
  readonly #needs: Needs;
  readonly #limit: number;
  readonly #decide: (decision: Decision) => void;
  /** Those that are to ask, by age. */
  readonly #queue: Deadlines;
  /** Grants in hand, by when they go back. */
  readonly #held: Deadlines;
  #out = 0;

  constructor(options: {
    readonly index: GraphIndex;
    readonly records: readonly TaskRecord[];
    readonly needs: Needs;
    /** So many requests may be out at once. */
    readonly limit: number;
    readonly decide: (decision: Decision) => void;
  }) {
    this.#index = options.index;
    this.#records = options.records;
    this.#needs = options.needs;
    this.#limit = options.limit;
    this.#decide = options.decide;
    this.#queue = new Deadlines(this.#records, ({ request }) => (request?.state === 'queued' ? request.since : undefined));
    this.#held = new Deadlines(this.#records, ({ request }) => request?.until);
    for (const { request } of this.#records) if (isOut(request)) this.#out += 1;
  }

  /** When the next grant in hand goes back. */
  get dueAt(): number | undefined {
    return this.#held.nextAt;
  }

  /** Whether the task must ask before it can start. */
  mustAsk(index: number): boolean {
    return this.#needs.of(index).global.length > 0 && this.#at(index).request?.state !== 'granted';
  }

  /** It is the task's turn to ask. */
  enqueue(index: number, now: number): void {
    const record = this.#at(index);
    const asked = record.request?.since;
    // What it asked for before it became ready anew is of no account.
    const since = asked !== undefined && asked >= (record.readyAt ?? now) ? asked : now;
    record.request = { state: 'queued', since };
    this.#queue.add(index);
  }

  /** Makes as many of the requests that are due as may be out, oldest first. */
  send(): void {
    while (this.#out < this.#limit) {
      const index = this.#queue.take(Number.POSITIVE_INFINITY);
      if (index === undefined) return;
      this.#send(index);
    }
  }

  /** Whether the task may start with it; a grant that nobody waits for is given back. */
  granted(index: number, answer: { readonly round: number; readonly fences: Fences }, now: number): boolean {
    const record = this.#at(index);
    const { round, fences } = answer;
    const isCurrent = round === record.rounds;
    if (isCurrent && record.request?.state === 'asked') {
      record.request = { ...record.request, state: 'granted', fences, until: now + HOLD_MS };
      this.#held.add(index);
      return true;
    }
    // What an attempt was started with is that attempt's to give back.
    const isHeard = isCurrent && (!record.request || record.request.state === 'granted');
    if (!isHeard) this.#withdraw(index, round);
    return false;
  }

  /** Whether it is the answer that the task waits for. Its request is out no more. */
  refused(index: number, round: number): boolean {
    const record = this.#at(index);
    if (record.request?.state !== 'asked' || round !== record.rounds) return false;
    this.#settle(record, record.request);
    return true;
  }

  /** The task does not wait any more, or must ask again: what is out is withdrawn. */
  drop(index: number): void {
    const record = this.#at(index);
    const { request } = record;
    if (!request) return;
    if (isOut(request)) this.#withdraw(index, record.rounds ?? 0);
    this.#settle(record, request);
  }

  /** The task starts with what it was granted. */
  start(index: number): void {
    const record = this.#at(index);
    if (isOut(record.request)) this.#out -= 1;
    delete record.request;
  }

  /** Gives back the next grant that was of no use for too long, and answers whose it was. */
  expire(now: number): number | undefined {
    const index = this.#held.take(now);
    if (index !== undefined) this.drop(index);
    return index;
  }

  #send(index: number): void {
    const record = this.#at(index);
    const since = record.request?.since ?? 0;
    const round = (record.rounds ?? 0) + 1;
    record.rounds = round;
    record.request = { state: 'asked', since };
    this.#out += 1;
    const priority = this.#index.tasks[index]?.priority ?? DEFAULT_PRIORITY;
    const asks = this.#needs.of(index).global;
    this.#decide({ type: 'request', index, task: this.#index.id(index), attempt: record.attempt + 1, round, since, priority, asks });
  }

  #withdraw(index: number, round: number): void {
    this.#decide({ type: 'withdraw', index, task: this.#index.id(index), attempt: this.#at(index).attempt + 1, round });
  }

  #settle(record: TaskRecord, request: GlobalRequest): void {
    if (isOut(request)) this.#out -= 1;
    record.request = { state: 'withdrawn', since: request.since };
  }

  #at(index: number): TaskRecord {
    return this.#records[index] as TaskRecord;
  }
}
