/** When a calendar is open. Daylight saving is as the time zone has it: an hour that is left out opens at its end. */
import { Cron } from 'croner';
import type { Calendar, Opening, Openings, WindowRule } from '../../model/calendar.ts';

const DAY = 24 * 60 * 60_000;
/** The longest that a window may stay open. */
export const MAX_OPENING_MS = 31 * DAY;
/** As far as is looked ahead, */
const HORIZON_MS = 5 * 366 * DAY;
/** and openings of one rule, at most. */
const MAX_OPENINGS = 100;

/** @throws TypeError or RangeError when pattern or time zone are none. */
export const cron = (pattern: string, timezone: string): Cron => new Cron(pattern, { timezone, paused: true, mode: '5-part' });

interface RuleOpenings {
  readonly openings: readonly Opening[];
  /** All that open before are there. */
  readonly until: number;
}

/** The first opening that can be open at `from`, or the next one. */
const firstRun = (opens: Cron, { lastsMs }: WindowRule, from: number): Date | null => {
  if (lastsMs !== undefined) return opens.nextRun(new Date(from - lastsMs));
  return opens.previousRuns(1, new Date(from))[0] ?? opens.nextRun(new Date(from));
};

/** Of those that open again before they close only the last is looked at: the others add nothing to it. */
const runAfter = (opens: Cron, start: Date, end: number): Date | null => {
  const next = opens.nextRun(start);
  return next && next.getTime() < end ? (opens.previousRuns(1, new Date(end))[0] ?? next) : next;
};

const ofRule = (rule: WindowRule, timezone: string, from: number): RuleOpenings => {
  const opens = cron(rule.opens, timezone);
  const closes = rule.closes === undefined ? undefined : cron(rule.closes, timezone);
  const horizon = from + HORIZON_MS;
  const openings: Opening[] = [];
  for (let start = firstRun(opens, rule, from); start && start.getTime() < horizon; ) {
    const at = start.getTime();
    if (openings.length === MAX_OPENINGS) return { openings, until: at };
    const end = closes ? (closes.nextRun(start)?.getTime() ?? at) : at + (rule.lastsMs ?? 0);
    if (end > from) openings.push([at, end]);
    start = runAfter(opens, start, end);
  }
  return { openings, until: horizon };
};

const joined = (openings: readonly Opening[]): readonly Opening[] => {
  const all: [number, number][] = [];
  for (const [from, to] of openings.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
};

/** Those that are open at `from` (milliseconds since the epoch) or open later, for as long as 100 of them reach. */
export const openingsOf = ({ timezone, rules }: Calendar, from: number): Openings => {
  const found = rules.map((rule) => ofRule(rule, timezone, from));
  const until = Math.min(from + HORIZON_MS, ...found.map((rule) => rule.until));
  return { openings: joined(found.flatMap((rule) => rule.openings.filter(([start]) => start < until))), until };
};
