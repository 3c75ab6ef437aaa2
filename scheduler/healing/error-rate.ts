/**
 * The breaker that looks at how much fails, whatever it is: above one share of the attempts half as many tasks run at
 * once, above another nothing starts for a while, and then one task at a time until one succeeds (closed, open and
 * half-open, as of Nygard, "Release It!").
 */
import type { Breaker, Trigger } from '../../model/breaker.ts';
import type { HealingState, RateState } from './state.ts';

/** Attempts that are counted: the newest. */
const MAX_ENDED = 1_000;

type Rate = Extract<Trigger, { readonly type: 'error_rate' }>;

export type RateChange = { readonly mode: RateState['mode']; readonly failed: number; readonly ended: number };

export class ErrorRate {
  readonly #state: HealingState;
  readonly #breaker: Breaker | undefined;
  readonly #rate: Rate | undefined;

  constructor(state: HealingState, breakers: readonly Breaker[]) {
    this.#state = state;
    this.#breaker = breakers.find(({ on }) => on.type === 'error_rate');
    this.#rate = this.#breaker?.on.type === 'error_rate' ? this.#breaker.on : undefined;
  }

  get name(): string | undefined {
    return this.#breaker?.name;
  }

  /** When probing begins. */
  get dueAt(): number | undefined {
    return this.#of.mode === 'open' ? this.#of.until : undefined;
  }

  get mode(): RateState['mode'] {
    return this.#of.mode;
  }

  /** How many tasks may be under way at once, of as many as the policies allow. */
  limit(concurrencyMax: number): number {
    switch (this.#of.mode) {
      case 'open':
        return 0;
      case 'probing':
        return 1;
      case 'reduced':
        return Math.max(1, Math.floor(concurrencyMax / 2));
      case 'closed':
      default:
        return concurrencyMax;
    }
  }

  /** An attempt has ended. Answers what has changed, if anything has. */
  ended(failed: boolean, now: number): RateChange | undefined {
    const rate = this.#rate;
    if (!rate) return undefined;
    const state = this.#of;
    if (state.mode === 'probing') return failed ? this.#open(now) : this.#close();
    state.ended = [...state.ended.filter(({ at }) => now - at < rate.windowMs), { at: now, failed }].slice(-MAX_ENDED);
    if (state.mode === 'open' || state.ended.length < rate.minimum) return undefined;
    const share = this.#failures / state.ended.length;
    if (share > rate.openAt) return this.#open(now);
    return this.#switch(share > rate.reduceAt ? 'reduced' : 'closed');
  }

  /** Begins to probe when it is time. */
  advance(now: number): RateChange | undefined {
    const { mode, until } = this.#of;
    if (mode !== 'open' || until === undefined || now < until) return undefined;
    delete this.#of.until;
    return this.#switch('probing');
  }

  /** Somebody says that all is well. */
  reset(): RateChange | undefined {
    delete this.#of.until;
    return this.#close();
  }

  #open(now: number): RateChange | undefined {
    const action = this.#breaker?.action;
    this.#of.until = now + (action?.type === 'throttle' ? action.forMs : 0);
    return this.#switch('open');
  }

  #close(): RateChange | undefined {
    this.#of.ended = [];
    return this.#switch('closed');
  }

  #switch(mode: RateState['mode']): RateChange | undefined {
    if (this.#of.mode === mode) return undefined;
    this.#of.mode = mode;
    return { mode, failed: this.#failures, ended: this.#of.ended.length };
  }

  get #failures(): number {
    return this.#of.ended.filter(({ failed }) => failed).length;
  }

  get #of(): RateState {
    return this.#rate ? (this.#state.rate ??= { ended: [], mode: 'closed' }) : NEVER;
  }
}

const NEVER: RateState = { ended: [], mode: 'closed' };
