/** When something may happen: calendars as a plan's graph carries them, and the openings that follow from them. */

/** One way in which a window opens, again and again. Patterns are those of cron, of five parts, in the calendar's time zone. */
export interface WindowRule {
  readonly opens: string;
  /** It closes when this pattern next holds, */
  readonly closes?: string;
  /** or after so many milliseconds. One of the two is there. */
  readonly lastsMs?: number;
}

export interface Calendar {
  readonly name: string;
  /** Of the IANA database, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** Open while any of them is. */
  readonly rules: readonly WindowRule[];
}

/** Milliseconds since the epoch; `to` is not part of it. */
export type Opening = readonly [from: number, to: number];

/** In order, none touching the next, and complete for all that begin before `until`. */
export interface Openings {
  readonly openings: readonly Opening[];
  readonly until: number;
}
