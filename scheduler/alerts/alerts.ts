/**
 * Alerts: conditions that are looked at when something has happened, at most once in an interval, and when time alone may
 * have changed them. Each is told when it begins to hold and when it is over, which it is once it has not held for a whole
 * interval, so that what goes up and down around a limit is told once.
 */
import { metricsOf, metricText } from '../../model/alert.ts';
import type { Alert, Measured } from '../../model/alert.ts';
import type { AttemptResult } from '../../model/attempt.ts';
import { earliest } from '../deadlines.ts';
import type { Decision, SchedulerState } from '../protocol.ts';
import { holds } from './evaluate.ts';
import { measure } from './measure.ts';
import { nextChange } from './next-change.ts';
import { MAX_ENDED, WINDOW_MS } from './state.ts';
import type { AlertState } from './state.ts';

export interface AlertListener {
  pause(by: string): void;
  abort(by: string): void;
}

export class Alerts {
  readonly #state: SchedulerState;
  readonly #decide: (decision: Decision) => void;
  readonly #listener: AlertListener;

  constructor(options: { readonly state: SchedulerState; readonly decide: (decision: Decision) => void; readonly listener: AlertListener }) {
    this.#state = options.state;
    this.#decide = options.decide;
    this.#listener = options.listener;
  }

  /** When to look although nothing happens. */
  get dueAt(): number | undefined {
    const known = this.#state.alerts;
    const { alerts, intervalMs } = this.#policy;
    if (!known || alerts.length === 0 || known.lookedAt === undefined) return undefined;
    const moment = { state: this.#state, alerts: known, now: known.lookedAt };
    const soonest = known.lookedAt + intervalMs;
    if (known.isDue || known.firing.some(({ clearSince }) => clearSince !== undefined)) return soonest;
    const changes = earliest(...alerts.map(({ condition }) => nextChange(condition, moment)));
    return changes === undefined ? undefined : Math.max(soonest, changes);
  }

  /** How many tasks may be under way at once, of as many as others allow. */
  limit(concurrency: number): number {
    const firing = this.#state.alerts?.firing;
    if (!firing || concurrency === 0) return concurrency;
    const isReduced = this.#policy.alerts.some(({ name, action }) => action === 'reduce_concurrency' && firing.some((each) => each.name === name));
    return isReduced ? Math.max(1, Math.floor(concurrency / 2)) : concurrency;
  }

  /** An attempt has ended so; what was stopped, or never taken, tells nothing. */
  saw(result: AttemptResult, now: number): void {
    if (this.#policy.alerts.length === 0) return;
    const { outcome, failure, checkpoints = [] } = result;
    if (outcome === 'cancelled' || failure?.reason === 'unplaced' || failure?.reason === 'preempted') return;
    const lost = checkpoints.filter(({ stored }) => stored === false).length;
    const kept = checkpoints.length - lost;
    const known = this.#at(now);
    known.ended = [...known.ended.filter(({ at }) => now - at < WINDOW_MS), { at: now, failed: outcome !== 'succeeded', ...(kept > 0 && { kept }), ...(lost > 0 && { lost }) }].slice(-MAX_ENDED);
  }

  /** A task has moved since the conditions were looked at. */
  stir(): void {
    if (this.#state.alerts) this.#state.alerts.isDue = true;
  }

  /** Looks, if it is time to, and answers whether more may run now. */
  advance(now: number): boolean {
    const { alerts, intervalMs } = this.#policy;
    if (alerts.length === 0 || this.#state.mode === 'finished' || this.#state.mode === 'aborting') return false;
    const known = this.#at(now);
    if (known.lookedAt !== undefined && (now - known.lookedAt < intervalMs || (this.dueAt ?? Infinity) > now)) return false;
    known.lookedAt = now;
    known.isDue = false;
    const before = known.firing.length;
    for (const alert of alerts) this.#look(alert, known, now);
    return known.firing.length < before;
  }

  get #policy(): SchedulerState['graph']['policies']['monitoring'] {
    return this.#state.graph.policies.monitoring;
  }

  #at(now: number): AlertState {
    return (this.#state.alerts ??= { since: now, isDue: true, ended: [], firing: [] });
  }

  #look(alert: Alert, known: AlertState, now: number): void {
    const isTrue = holds(alert.condition, (metric) => measure(metric, { state: this.#state, alerts: known, now })) === true;
    const firing = known.firing.find(({ name }) => name === alert.name);
    if (isTrue && firing) delete firing.clearSince;
    else if (isTrue) {
      known.firing.push({ name: alert.name, since: now });
      this.#tell(alert, 'firing', known, now);
      if (alert.action === 'pause') this.#listener.pause(`alert ${alert.name}`);
      if (alert.action === 'abort') this.#listener.abort(`alert ${alert.name}`);
    } else if (firing?.clearSince === undefined) {
      if (firing) firing.clearSince = now;
    } else if (now - firing.clearSince >= this.#policy.intervalMs) {
      known.firing = known.firing.filter((each) => each !== firing);
      this.#tell(alert, 'over', known, now);
    }
  }

  #tell({ name, condition, text, action, notify }: Alert, is: 'firing' | 'over', alerts: AlertState, now: number): void {
    const told = [...metricsOf(condition), ...this.#policy.metrics.map((metric) => ({ metric }))];
    const values = told.flatMap((metric) => {
      const value = measure(metric, { state: this.#state, alerts, now });
      return value === undefined ? [] : [[metricText(metric), value] as const];
    });
    const metrics: Measured = Object.fromEntries(values);
    this.#decide({ type: 'emit', event: { type: 'alert', alert: name, condition: text, metrics, action, state: is, ...(notify !== undefined && { notify }) } });
  }
}
