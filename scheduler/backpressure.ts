/**
 * What the execution itself does about pressure. Too many failed attempts within a minute, and nothing starts until
 * that has been over for a cool-down; then, and when a machine is no longer over its limits, things start again at
 * the rate that the policy states. Machines are `placement.ts`.
 */
import type { BackpressurePolicy } from '../model/graph.ts';
import type { Decision, PressureState, SchedulerState } from './protocol.ts';
import { waitsForCalm } from './waiting.ts';
import type { Waiting } from './waiting.ts';

const MINUTE = 60_000;
const SECOND = 1_000;
/** By then what started slowly has shown what it does to the machine. */
const RAMP_MS = 60_000;

export class Backpressure {
  readonly #state: SchedulerState;
  readonly #policy: BackpressurePolicy;
  readonly #decide: (decision: Decision) => void;
  #now = Number.NEGATIVE_INFINITY;
  /** Held since this event, which has not been told. */
  #isNew = false;

  constructor(state: SchedulerState, decide: (decision: Decision) => void) {
    this.#state = state;
    this.#policy = state.graph.policies.backpressure;
    this.#decide = decide;
  }

  /** When something may start although nothing happens. */
  get dueAt(): number | undefined {
    const { heldFrom, ramp } = this.#of;
    if (heldFrom !== undefined) return this.#calmAt;
    return ramp && this.#allowed(ramp) < 1 ? ramp.from + Math.min(RAMP_MS, Math.ceil((ramp.started * SECOND) / this.#rate)) : undefined;
  }

  /** How many tasks may start now. */
  get room(): number {
    const { heldFrom, ramp } = this.#of;
    if (heldFrom !== undefined) return 0;
    return ramp ? Math.max(0, this.#allowed(ramp)) : Number.POSITIVE_INFINITY;
  }

  /** Whether nothing starts because of what has failed. */
  get isHeld(): boolean {
    return this.#of.heldFrom !== undefined;
  }

  waiting(): Waiting | undefined {
    if (this.room > 0) return undefined;
    return waitsForCalm(this.isHeld ? this.#policy.errorsPerMinute : undefined, this.dueAt);
  }

  /** An attempt has failed. */
  failed(now: number): void {
    const limit = this.#policy.errorsPerMinute;
    if (limit === undefined) return;
    const errors = [...(this.#of.errors ?? []), now].slice(-(limit + 1));
    this.#of.errors = errors;
    const [first] = errors;
    if (this.isHeld || errors.length <= limit || first === undefined || now - first >= MINUTE) return;
    this.#of.heldFrom = now;
    this.#isNew = true;
  }

  /** To be called after what has happened has been told. */
  tell(): void {
    if (!this.#isNew) return;
    this.#isNew = false;
    this.#decide({ type: 'emit', event: { type: 'resource_limit', level: 'soft', metric: 'error_rate', value: this.#of.errors?.length ?? 0, limit: this.#policy.errorsPerMinute ?? 0 } });
  }

  /** Ends what is over by now. */
  advance(now: number): void {
    this.#now = now;
    const { ramp } = this.#of;
    if (ramp && now - ramp.from >= RAMP_MS) delete this.#of.ramp;
    if (!this.isHeld || now < (this.#calmAt ?? 0)) return;
    delete this.#of.heldFrom;
    this.#decide({ type: 'emit', event: { type: 'resource_limit', level: 'none', metric: 'error_rate' } });
    this.resume();
  }

  /** Some pressure is over: begins slowly, where the policy says so. */
  resume(): void {
    if (this.#policy.resumeRate !== undefined) this.#of.ramp = { from: this.#now, started: 0 };
  }

  started(): void {
    const { ramp } = this.#of;
    if (ramp) ramp.started += 1;
  }

  /** When too many failures will be a minute and a cool-down ago. */
  get #calmAt(): number | undefined {
    const first = this.#of.errors?.[0];
    return first === undefined ? undefined : first + MINUTE + this.#policy.coolDownMs;
  }

  #allowed({ from, started }: NonNullable<PressureState['ramp']>): number {
    return Math.floor(((this.#now - from) * this.#rate) / SECOND) + 1 - started;
  }

  get #rate(): number {
    return this.#policy.resumeRate ?? Number.POSITIVE_INFINITY;
  }

  get #of(): PressureState {
    return (this.#state.pressure ??= {});
  }
}
