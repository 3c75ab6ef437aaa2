/** Whether a failure trips a breaker: which failures count, and how many there must be. */
import type { Breaker } from '../../model/breaker.ts';
import type { Scopes } from './scope.ts';
import { Similarity } from './similarity.ts';
import { MAX_FAILURES } from './state.ts';
import type { BreakerState, HealingState, Hold, SeenFailure } from './state.ts';

export class Tripping {
  readonly #state: HealingState;
  readonly #scopes: Scopes;
  readonly #longestMs: number;
  readonly #similarity = new Similarity();

  constructor(state: HealingState, breakers: readonly Breaker[], scopes: Scopes) {
    this.#state = state;
    this.#scopes = scopes;
    this.#longestMs = Math.max(0, ...breakers.map(({ on }) => (on.type === 'match' || on.type === 'similar_errors' ? on.windowMs : 0)));
  }

  /** Whether any breaker counts failures at all. */
  get isCounting(): boolean {
    return this.#longestMs > 0;
  }

  remember(failure: SeenFailure): void {
    const from = failure.at - this.#longestMs;
    this.#state.failures = [...this.#state.failures.filter(({ at }) => at > from), failure].slice(-MAX_FAILURES);
  }

  /** Whether the failure is of the kind that the breaker looks for. */
  concerns(breaker: Breaker, failure: SeenFailure): boolean {
    const { on, classes } = breaker;
    if (classes && !classes.includes(failure.class)) return false;
    if (!this.#scopes.covers(breaker, failure.index)) return false;
    if (on.type === 'match') return failure.matches?.includes(on.pattern) ?? false;
    return on.type === 'similar_errors' && failure.signature !== undefined && failure.signature !== '';
  }

  /** Failures that count together with this one, which is the last of them. */
  alike(breaker: Breaker, failure: SeenFailure): readonly SeenFailure[] {
    const { on } = breaker;
    if (on.type !== 'match' && on.type !== 'similar_errors') return [];
    const from = Math.max(this.#of(breaker.name)?.countsFrom ?? 0, failure.at - on.windowMs + 1);
    return this.#state.failures.filter((seen) => seen.at >= from && this.concerns(breaker, seen) && this.#goesWith(breaker, seen, failure));
  }

  /** Failures that made a breaker hold these tasks. */
  failuresOf({ members, since }: Hold): readonly SeenFailure[] {
    return this.#state.failures.filter(({ index, at }) => at <= since && members.includes(index));
  }

  /** `spent` is told once: it would, and may not any more. */
  mayTrip(breaker: Breaker, now: number): 'yes' | 'no' | 'spent' {
    const known = this.#of(breaker.name);
    if (!known) return 'yes';
    if (now < known.restsUntil) return 'no';
    if (known.trips < breaker.budget) return 'yes';
    if (known.isSpent) return 'no';
    known.isSpent = true;
    return 'spent';
  }

  /** Answers the number of this trip. What has failed until now does not count again. */
  tripped({ name, coolDownMs }: Breaker, now: number): number {
    let known = this.#of(name);
    if (!known) this.#state.breakers.push((known = { name, trips: 0, countsFrom: 0, restsUntil: 0 }));
    known.last = (known.last ?? known.trips) + 1;
    known.trips += 1;
    known.countsFrom = now + 1;
    known.restsUntil = now + coolDownMs;
    return known.last;
  }

  /** What it did is over: what has failed meanwhile does not count, and it rests. */
  ended({ name, coolDownMs }: Breaker, now: number): void {
    const known = this.#of(name);
    if (known) Object.assign(known, { countsFrom: now, restsUntil: now + coolDownMs });
  }

  /** Its budget is as if it had never tripped; what has failed before does not count all the same, and its trips are numbered on. */
  reset(name: string): void {
    const known = this.#of(name);
    if (known) Object.assign(known, { last: known.last ?? known.trips, trips: 0, restsUntil: 0, isSpent: false });
  }

  #of(name: string): BreakerState | undefined {
    return this.#state.breakers.find((state) => state.name === name);
  }

  #goesWith({ on }: Breaker, seen: SeenFailure, failure: SeenFailure): boolean {
    if (on.type !== 'similar_errors') return true;
    return this.#similarity.between(seen.signature ?? '', failure.signature ?? '') >= on.similarity;
  }
}
