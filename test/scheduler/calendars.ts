/** Calendars of the random executions: each opens again and again, every time for as long. */
import type { Opening, Openings } from '../../model/calendar.ts';
import type { SchedulerState } from '../../scheduler/protocol.ts';

export const PERIODS: Readonly<Record<string, { readonly every: number; readonly from: number; readonly lasts: number }>> = {
  day: { every: 20_000, from: 0, lasts: 9_000 },
  night: { every: 30_000, from: 12_000, lasts: 11_000 },
};
/** So few are told at once that more must be asked for. */
const TOLD = 3;

export const isOpen = (calendar: string, now: number): boolean => {
  const { every, from, lasts } = PERIODS[calendar] ?? { every: 1, from: 0, lasts: 0 };
  const into = (((now - from) % every) + every) % every;
  return into < lasts;
};

/** What an activity would answer. */
export const openingsFrom = (now: number): Readonly<Record<string, Openings>> =>
  Object.fromEntries(
    Object.entries(PERIODS).map(([name, { every, from, lasts }]) => {
      const first = Math.floor((now - from) / every) * every + from;
      const openings = Array.from({ length: TOLD }, (_, i): Opening => [first + i * every, first + i * every + lasts]);
      return [name, { openings: openings.filter(([, to]) => to > now), until: first + TOLD * every }];
    }),
  );

/** Whether a scheduler that was told of its calendars must take one to be open. */
export const isKnownOpen = (state: SchedulerState, calendar: string, now: number): boolean =>
  (state.windows?.calendars[calendar]?.openings ?? []).some(([from, to]) => from <= now && now < to);
