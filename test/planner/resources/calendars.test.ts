/** Calendars: what a plan may say, what is refused of it, and when they are open. */
import { describe, expect, test } from 'vitest';
import type { Calendar, WindowRule } from '../../../model/calendar.ts';
import { openingsOf } from '../../../planner/resources/openings.ts';
import { accepted, refused, summary, taskOf } from '../read/reading.ts';

const plan = (calendars: string, task = '"locks": ["db"]'): { stdin: string } => ({
  stdin: `{"tasks": [{"id": "a", "cmd": "x", ${task}}],\n"resources": {"db": {"mode": "exclusive",\n"window": "night"}},\n"calendars": {${calendars}}}`,
});
const berlin = (rule: WindowRule): Calendar => ({ name: 'c', timezone: 'Europe/Berlin', rules: [rule] });
const opens = (calendar: Calendar, from: string, count: number): readonly string[] =>
  openingsOf(calendar, Date.parse(from)).openings.slice(0, count).map(([start, end]) => `${new Date(start).toISOString().slice(0, 16)}/${new Date(end).toISOString().slice(0, 16)}`);

describe('a calendar', () => {
  test('becomes rules, in the graph, where a resource or a task names it', async () => {
    const read = await accepted(
      plan(
        '"night": {"timezone": "Europe/Berlin", "open": [{"days": ["sat", "fri"], "from": "22:00", "to": "04:30"}, {"cron": "0 2 * * 1-5", "minutes": 90}]}, "day": {"timezone": "UTC", "open": [{"from": "09:00", "to": "24:00"}]}, "unused": {"timezone": "UTC", "open": []}',
        '"locks": ["db"], "scheduling_hints": {"preferred_time_window": "day"}',
      ),
    );
    expect(read.plan.graph.calendars).toEqual([
      { name: 'night', timezone: 'Europe/Berlin', rules: [{ opens: '0 22 * * 5,6', closes: '30 4 * * *' }, { opens: '0 2 * * 1-5', lastsMs: 90 * 60_000 }] },
      { name: 'day', timezone: 'UTC', rules: [{ opens: '0 9 * * *', closes: '0 0 * * *' }] },
    ]);
    expect(read.plan.graph.resources).toMatchObject([{ name: 'db', window: 'night' }]);
    expect(taskOf(read, 'a').preferredWindow).toBe('day');
    expect(read.warnings).toEqual([]);
  });

  test('that nobody declares is refused where a task relies on it', async () => {
    const problems = await refused(plan('"nights": {"timezone": "UTC", "open": [{"from": "00:00", "to": "01:00"}]}'));
    expect(summary(problems)).toEqual([['TASKS1215', 3]]);
    expect(problems[0]?.hint).toContain('nights');
  });

  test('that nobody declares is a warning where nobody relies on it: the window is dropped', async () => {
    const read = await accepted(plan('', '"scheduling_hints": {"preferred_time_window": "business_hours"}'));
    expect(summary(read.warnings)).toEqual([['TASKS1215', 1], ['TASKS1215', 3]]);
    expect([read.plan.graph.resources?.[0]?.window, read.plan.graph.calendars, taskOf(read, 'a').preferredWindow]).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ['no rule', '[]', [['TASKS1215', 4]]],
    ['the thirtieth of February', '[{"cron": "0 0 30 2 *", "minutes": 5}]', [['TASKS1215', 4]]],
    ['half past the end of the day', '[{"from": "24:30", "to": "01:00"}]', [['TASKS1006', 4]]],
    ['a pattern of six parts', '[{"cron": "0 0 0 * * *", "minutes": 5}]', [['TASKS1006', 4]]],
    ['a month and a day', `[{"cron": "0 0 1 * *", "minutes": ${32 * 1_440}}]`, [['TASKS1006', 4]]],
    ['a key that is not known', '[{"from": "22:00", "to": "23:00", "day": "mon"}]', [['TASKS1006', 4]]],
  ] as const)('that never opens, or says nothing one could read, is refused: %s', async (_title, open, problems) => {
    expect(summary(await refused(plan(`"night": {"timezone": "UTC", "open": ${open}}`)))).toEqual(problems);
  });

  test.each([['without a time zone', '{"open": []}'], ['with one that is not there', '{"timezone": "Mars/Base", "open": []}']])('%s is refused', async (_title, calendar) => {
    expect((await refused(plan(`"night": ${calendar}`)))[0]).toMatchObject({ code: 'TASKS1006', message: expect.stringContaining('timezone') as string });
  });

  test('that two parts state differently is a contradiction', async () => {
    const files = {
      'tasks.v2.json': '{"tasks": [{"id": "a", "cmd": "x", "locks": ["db"]}], "calendars": {"n": {"timezone": "UTC", "open": [{"from": "01:00", "to": "02:00"}]}}}',
      'resources.json': '{"resources": {"db": {"mode": "exclusive", "window": "n"}}, "calendars": {"n": {"timezone": "UTC", "open": [{"from": "01:00", "to": "03:00"}]}}}',
    };
    const problems = await refused({ stdin: Object.entries(files).map(([name, text]) => `---file:${name}\n${text}\n`).join('') });
    expect(problems.map(({ code }) => code)).toEqual(['TASKS1212']);
  });
});

describe('openings', () => {
  test('over midnight, from the one that is open now', () => {
    const calendar = berlin({ opens: '0 22 * * 6', closes: '0 4 * * *' });
    expect(opens(calendar, '2026-11-22T00:30:00Z', 2)).toEqual(['2026-11-21T21:00/2026-11-22T03:00', '2026-11-28T21:00/2026-11-29T03:00']);
  });

  test('are an hour shorter or longer where clocks are changed within them', () => {
    const calendar = berlin({ opens: '0 1 * * 0', closes: '0 4 * * *' });
    expect(opens(calendar, '2026-03-28T12:00:00Z', 1)).toEqual(['2026-03-29T00:00/2026-03-29T02:00']);
    expect(opens(calendar, '2026-10-24T12:00:00Z', 1)).toEqual(['2026-10-24T23:00/2026-10-25T03:00']);
  });

  test('that touch are one', () => {
    const calendar: Calendar = { name: 'c', timezone: 'UTC', rules: [{ opens: '0 0 * * *', closes: '0 0 * * *' }, { opens: '0 9 * * *', lastsMs: 60_000 }] };
    const { openings, until } = openingsOf(calendar, Date.parse('2026-01-10T12:00:00Z'));
    expect(openings).toHaveLength(1);
    expect(until).toBeGreaterThan(Date.parse('2026-02-10T00:00:00Z'));
  });

  test('are all there are before the time that is said, and those that have passed are left out', () => {
    const { openings, until } = openingsOf({ name: 'c', timezone: 'UTC', rules: [{ opens: '*/10 * * * *', lastsMs: 60_000 }] }, Date.parse('2026-01-10T12:00:30Z'));
    expect(openings).toHaveLength(100);
    expect(until).toBe((openings.at(-1)?.[0] ?? 0) + 600_000);
    expect(openings[0]).toEqual([Date.parse('2026-01-10T12:00:00Z'), Date.parse('2026-01-10T12:01:00Z')]);
  });

  test('that begin again before they end are one, and cost no more than the others', () => {
    const from = Date.parse('2026-01-10T12:00:30Z');
    const { openings, until } = openingsOf({ name: 'c', timezone: 'UTC', rules: [{ opens: '* * * * *', lastsMs: 31 * 86_400_000 }] }, from);
    expect(openings).toHaveLength(1);
    expect(openings[0]?.[0]).toBeLessThanOrEqual(from);
    expect(until).toBeGreaterThan(from + 365 * 86_400_000);
  });

  test('are none before the first, and the one of the week before is over', () => {
    const calendar = berlin({ opens: '0 22 * * 6', closes: '0 4 * * *' });
    expect(opens(calendar, '2026-11-22T03:00:00Z', 1)).toEqual(['2026-11-28T21:00/2026-11-29T03:00']);
    expect(opens(calendar, '2026-11-21T21:00:00Z', 1)).toEqual(['2026-11-21T21:00/2026-11-22T03:00']);
  });
});
