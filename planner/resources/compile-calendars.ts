/** Calendars from all parts of a plan: those that are used, checked, as the graph carries them. */
import { isDeepStrictEqual } from 'node:util';
import type { Calendar, WindowRule } from '../../model/calendar.ts';
import type { Resource } from '../../model/resource.ts';
import type { DeclaredCalendar, Definition, DraftTask, Findings } from '../read/draft.ts';
import { inside, placeOf, problemAt } from '../read/source.ts';
import type { Where } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';
import { WEEKDAYS } from './calendar.schema.ts';
import type { WrittenWindowRule } from './calendar.schema.ts';
import { openingsOf } from './openings.ts';

const MINUTE = 60_000;
const HOW_TO_DECLARE = (name: string): string =>
  ['Declare it beside the resources:', `  "calendars": { ${JSON.stringify(name)}: { "timezone": "Europe/Berlin", "open": [{ "days": ["sat"], "from": "22:00", "to": "04:00" }] } }`].join('\n');

const cronTime = (text: string): string => {
  const [hour, minute] = text.split(':').map(Number);
  return `${minute} ${(hour as number) % 24}`;
};

const ruleOf = (written: WrittenWindowRule): WindowRule => {
  if ('cron' in written) return { opens: written.cron, lastsMs: Math.round(written.minutes * MINUTE) };
  const { days, from, to } = written;
  const on = days ? [...new Set(days)].map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b).join(',') : '*';
  return { opens: `${cronTime(from)} * * ${on}`, closes: `${cronTime(to)} * * *` };
};

/** By name; two that differ are a contradiction. */
const merge = (calendars: readonly DeclaredCalendar[], findings: Findings): ReadonlyMap<string, DeclaredCalendar> => {
  const byName = new Map<string, DeclaredCalendar>();
  for (const calendar of calendars) {
    const before = byName.get(calendar.name);
    if (!before) byName.set(calendar.name, calendar);
    else if (!isDeepStrictEqual(before.written, calendar.written)) {
      findings.problems.push(
        problemAt({
          code: 'TASKS1212',
          message: `the calendar ${quote(calendar.name)} is defined twice, and differently`,
          where: calendar.where,
          hint: 'Take one of them out, or make them agree.',
          related: [{ message: 'it is defined here as well', place: placeOf(before.where) }],
        }),
      );
    }
  }
  return byName;
};

interface Use {
  readonly calendar: string;
  readonly what: string;
  readonly where: Where;
  /** Whoever relies on it would be wrong without it. */
  readonly needed: boolean;
}

const usesOf = (tasks: readonly DraftTask[], definitions: ReadonlyMap<string, Definition>): readonly Use[] => {
  const asked = new Set(tasks.flatMap((task) => task.asks.map(({ resource }) => resource)));
  return [
    ...[...definitions.values()].flatMap(({ name, window, where }): readonly Use[] =>
      window === undefined ? [] : [{ calendar: window, what: `the resource ${quote(name)} has the window`, where: inside(where, 'window'), needed: asked.has(name) }],
    ),
    ...tasks.flatMap(({ id, node, where }): readonly Use[] =>
      node.preferredWindow === undefined
        ? []
        : [{ calendar: node.preferredWindow, what: `task ${quote(id)} prefers the window`, where: inside(where, 'scheduling_hints', 'preferred_time_window'), needed: false }],
    ),
  ];
};

/**
 * Those that resources and tasks name. A window that a task relies on must be declared, and must open within five
 * years; a time that is only preferred, or that nobody relies on, may be left open.
 */
export const compileCalendars = (options: {
  readonly declared: readonly DeclaredCalendar[];
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly tasks: readonly DraftTask[];
  readonly findings: Findings;
}): readonly Calendar[] => {
  const { declared, definitions, tasks, findings } = options;
  const known = merge(declared, findings);
  const used = new Map<string, Calendar>();
  for (const { calendar: name, what, where, needed } of usesOf(tasks, definitions)) {
    const calendar = known.get(name);
    if (!calendar) {
      const problem = problemAt({ code: 'TASKS1215', message: `${what} ${quote(name)}, which nobody declares`, where, hint: didYouMean(name, known.keys()) ?? HOW_TO_DECLARE(name) });
      (needed ? findings.problems : findings.warnings).push(problem);
    } else if (calendar.written && !used.has(name)) used.set(name, { name, timezone: calendar.written.timezone, rules: calendar.written.open.map(ruleOf) });
  }
  const now = Date.now();
  for (const calendar of used.values()) {
    if (openingsOf(calendar, now).openings.length > 0) continue;
    const where = known.get(calendar.name)?.where;
    if (where) findings.problems.push(problemAt({ code: 'TASKS1215', message: `the calendar ${quote(calendar.name)} never opens`, where: inside(where, 'open'), hint: 'Whatever waits for it would wait for ever.' }));
  }
  return [...used.values()];
};

/** A window that is not declared means nothing. */
export const withKnownWindows = (resources: readonly Resource[], calendars: readonly Calendar[]): readonly Resource[] =>
  resources.map((resource) => {
    if (resource.window === undefined || calendars.some(({ name }) => name === resource.window)) return resource;
    const { window: _, ...rest } = resource;
    return rest;
  });
