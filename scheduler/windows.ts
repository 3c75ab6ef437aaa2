/**
 * Windows: a resource with a calendar is granted only while that is open, and a task may prefer the time of one.
 * Whoever runs when it closes runs on. The openings are computed outside (time zones change with the machine's
 * data, and a history must not) and asked for ahead, as the decision `lookAhead`.
 */
import type { Opening, Openings } from '../model/calendar.ts';
import type { Decision, WindowState } from './protocol.ts';

/** A calendar that nobody has told anything about is closed. */
const UNKNOWN: Openings = { openings: [], until: Number.NEGATIVE_INFINITY };
const NEVER = Number.POSITIVE_INFINITY;

const openingAt = ({ openings }: Openings, now: number): Opening | undefined => openings.find(([from, to]) => from <= now && now < to);
const nextOpening = ({ openings }: Openings, now: number): Opening | undefined => openings.find(([from]) => from > now);

export class Windows {
  readonly #state: WindowState;
  readonly #decide: (decision: Decision) => void;
  /** READY tasks for which calendars matter, with those. */
  readonly #tasks = new Map<number, readonly string[]>();
  /** Undefined before the first look: then everybody is looked at. */
  #open: ReadonlySet<string> | undefined;
  /** When the next calendar opens or closes, or more must be known. */
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(state: WindowState, decide: (decision: Decision) => void) {
    this.#state = state;
    this.#decide = decide;
  }

  /** When something opens or closes for a ready task. */
  get dueAt(): number | undefined {
    return this.#tasks.size > 0 && Number.isFinite(this.#nextAt) ? this.#nextAt : undefined;
  }

  /** A task that is ready looks to these calendars until it {@link leave leaves}. */
  enter(index: number, calendars: readonly string[], now: number): void {
    this.#tasks.set(index, calendars);
    this.#lookAhead(now);
  }

  leave(index: number): void {
    this.#tasks.delete(index);
  }

  /** The first of the calendars that was closed when it was last {@link advance looked}. */
  firstClosed(calendars: readonly string[]): string | undefined {
    return calendars.find((name) => !this.#open?.has(name));
  }

  /** When a calendar opens next, as far as is known. */
  opensAt(calendar: string, now: number): number | undefined {
    return nextOpening(this.#of(calendar), now)?.[0];
  }

  learn(calendars: WindowState['calendars']): void {
    this.#state.calendars = calendars;
    this.#state.asked = false;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  /** Ready tasks for which a calendar has opened or closed by now, in the order of the graph. */
  advance(now: number): readonly number[] {
    if (now < this.#nextAt) return [];
    const names = Object.keys(this.#state.calendars);
    const open = new Set(names.filter((name) => openingAt(this.#of(name), now)));
    const before = this.#open;
    const changed = new Set(names.filter((name) => !before || open.has(name) !== before.has(name)));
    this.#open = open;
    this.#nextAt = this.#changesAfter(now);
    this.#lookAhead(now);
    if (changed.size === 0) return [];
    const affected = [...this.#tasks].filter(([, calendars]) => calendars.some((name) => changed.has(name)));
    return affected.map(([index]) => index).sort((a, b) => a - b);
  }

  #changesAfter(now: number): number {
    const times = Object.values(this.#state.calendars).flatMap((calendar) => [
      openingAt(calendar, now)?.[1] ?? NEVER,
      nextOpening(calendar, now)?.[0] ?? NEVER,
      calendar.until > now ? calendar.until : NEVER,
    ]);
    return Math.min(NEVER, ...times);
  }

  #lookAhead(now: number): void {
    const known = Object.values(this.#state.calendars);
    const isKnown = known.length > 0 && known.every(({ until }) => until > now);
    if (isKnown || this.#state.asked || this.#tasks.size === 0) return;
    this.#state.asked = true;
    this.#decide({ type: 'lookAhead', from: now });
  }

  #of(calendar: string): Openings {
    return this.#state.calendars[calendar] ?? UNKNOWN;
  }
}
