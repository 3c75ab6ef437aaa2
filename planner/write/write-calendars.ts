/** Calendars as plans write them, from those of a graph. */
import type { Calendar, WindowRule } from '../../model/calendar.ts';
import { WEEKDAYS } from '../resources/calendar.schema.ts';
import type { WrittenCalendar, WrittenWindowRule } from '../resources/calendar.schema.ts';

const MINUTE = 60_000;
const TIME = /^(\d+) (\d+) \* \* (.+)$/u;

const timeOf = (cron: string): { readonly time: string; readonly days: string } => {
  const [, minute = '', hour = '', days = '*'] = TIME.exec(cron) ?? [];
  return { time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`, days };
};

const ruleOf = ({ opens, closes, lastsMs = 0 }: WindowRule): WrittenWindowRule => {
  if (closes === undefined) return { cron: opens, minutes: lastsMs / MINUTE };
  const { time: from, days } = timeOf(opens);
  const on = days === '*' ? undefined : days.split(',').flatMap((day) => WEEKDAYS[Number(day)] ?? []);
  return { ...(on && { days: on }), from, to: timeOf(closes).time };
};

export const writeCalendars = (calendars: readonly Calendar[]): Readonly<Record<string, WrittenCalendar>> =>
  Object.fromEntries(calendars.map(({ name, timezone, rules }) => [name, { timezone, open: rules.map(ruleOf) }]));
