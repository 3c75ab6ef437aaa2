/**
 * Calendars as plans write them, in `resources.json` or as a part of a plan: the windows of resources, and the
 * times that tasks prefer. Strict: a key that is not here is refused.
 */
import { z } from 'zod';
import { resourceNameSchema } from '../../model/resources.schema.ts';
import { cron, MAX_OPENING_MS } from './openings.ts';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTE = 60_000;
const TIME_ERROR = 'expected a time of day such as "22:00"; "24:00" is the end of the day';

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/u, { error: TIME_ERROR });

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const isPattern = (pattern: string): boolean => {
  try {
    return cron(pattern, 'UTC').getPattern() === pattern;
  } catch {
    return false;
  }
};

/** Every week; a `to` that is not after `from` is on the next day. */
const weeklySchema = z.strictObject({
  /** Those on which it opens; every day unless stated. */
  days: z.array(z.enum(WEEKDAYS)).min(1).optional(),
  from: timeOfDay.refine((text) => text !== '24:00', { error: TIME_ERROR }),
  to: timeOfDay,
});

/** Opens when the pattern says, and stays open so long. */
const cronSchema = z.strictObject({
  cron: z.string().refine(isPattern, { error: 'expected a cron pattern of five parts: minute, hour, day of the month, month, day of the week' }),
  minutes: z.number().positive().max(MAX_OPENING_MS / MINUTE, { error: 'a window is open for 31 days at most' }),
});

export const windowRuleSchema = z.union([weeklySchema, cronSchema], { error: 'expected {days, from, to} or {cron, minutes}' });
export type WrittenWindowRule = z.infer<typeof windowRuleSchema>;

export const calendarSchema = z.strictObject({
  /** Without it nobody could say when "22:00" is. */
  timezone: z.string().refine(isZone, { error: 'expected a time zone such as "Europe/Berlin" or "UTC"' }),
  /** It is open while any of them is. */
  open: z.array(windowRuleSchema),
});
export type WrittenCalendar = z.infer<typeof calendarSchema>;

export const calendarsPartSchema = z.record(resourceNameSchema, calendarSchema);
