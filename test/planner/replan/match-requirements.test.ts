import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { longestRun } from '../../../planner/replan/longest-run.ts';
import { matchRequirements } from '../../../planner/replan/match-requirements.ts';
import { comparableText, ownKey } from '../../../planner/replan/requirement-text.ts';
import { planOf, specified } from './planning.ts';

const matched = (before: string, after: string) => matchRequirements({ before: planOf(before).coverage, after: specified(after).requirements });
const kinds = (before: string, after: string): readonly string[] => matched(before, after).matches.map(({ kind, before: old, after: unit }) => `${old.id} ${kind} ${unit.id}`);
const list = (...lines: readonly string[]): string => `## Requirements\n${lines.map((line) => `- ${line}\n`).join('')}`;

it.each([
  ['- [x]  **FR-009a**: Record   a Bill.', 'record a bill', 'FR-009a'],
  ['12) record a bill;', 'record a bill', undefined],
  ['> * `record` a bill', 'record a bill', undefined],
  ['ISO-8601 dates are shown', 'dates are shown', 'ISO-8601'],
])('layout is no part of what %s says', (quote, text, key) => {
  expect(comparableText(quote)).toBe(text);
  expect(ownKey(quote)).toBe(key);
});

test('the same words are the same requirement, wherever in the text they begin', () => {
  const text = list('FR-001: The system must record bills', 'FR-002: The system must split bills');
  expect(kinds(text, `# A title\n\nAn introduction.\n${text}`)).toEqual(['R001 same R001', 'R002 same R002']);
});

test('a document that is numbered anew has the requirements that it had, and one more', () => {
  const before = list('FR-001: The system must record bills', 'FR-002: The system must split bills by percentage');
  const after = list('FR-001: The system must record bills', 'FR-002: Guests may see the calendar', 'FR-003: The system must split bills by percentage');
  const { matches, added, removed } = matched(before, after);
  expect(matches.map(({ before: old, after: unit, kind, isRenumbered }) => [old.id, unit.id, kind, isRenumbered])).toEqual([['R001', 'R001', 'same', false], ['R002', 'R003', 'moved', true]]);
  expect(added.map(({ id }) => id)).toEqual(['R002']);
  expect(removed).toEqual([]);
});

test('an id that a title gives is one: the same document is the same, also where the requirement does not say it', () => {
  const story = '## US-1: Basic loop\n- As a developer, I want to run a loop\n- The loop must stop\n';
  const requirements = specified(story).requirements;
  const units = requirements.units.map((unit, at) => (at === 0 ? { ...unit, key: 'US-1' } : unit));
  const { matches } = matchRequirements({ before: planOf(story).coverage, after: { units } });
  expect(matches.map(({ kind, isRenumbered }) => [kind, isRenumbered])).toEqual([['same', false], ['same', false]]);
});

test('other words under the same id, or like words, are the requirement reworded', () => {
  const before = list('FR-001: The system must lock an account after 5 failed attempts', 'Export all bills of a month to a spreadsheet');
  const after = list('FR-001: Lock accounts when somebody guesses passwords', 'Export all bills of a quarter to a spreadsheet');
  expect(kinds(before, after)).toEqual(['R001 reworded R001', 'R002 reworded R002']);
});

test('what has nothing in common is another requirement', () => {
  const { matches, added, removed } = matched(list('Rotate chores weekly'), list('Encrypt passwords'));
  expect([matches.length, added.length, removed.length]).toEqual([0, 1, 1]);
});

test('what stands in another section, or in another order, has moved', () => {
  const a = '## A\n- Record bills\n- Split bills\n- Rotate chores\n## B\n- Send reminders\n';
  expect(kinds(a, '## A\n- Split bills\n- Rotate chores\n- Record bills\n## B\n- Send reminders\n')).toEqual(['R002 same R001', 'R003 same R002', 'R001 moved R003', 'R004 same R004']);
  expect(kinds(a, '## A\n- Record bills\n- Split bills\n## B\n- Rotate chores\n- Send reminders\n')).toEqual(['R001 same R001', 'R002 same R002', 'R003 moved R003', 'R004 same R004']);
});

test('of requirements with the same words each is one, the first of both first', () => {
  expect(kinds(list('Record bills', 'Record bills'), list('Record bills', 'Record bills', 'Record bills'))).toEqual(['R001 same R001', 'R002 same R002']);
});

const words = fc.array(fc.constantFrom('record', 'bill', 'chore', 'split', 'guest', 'calendar', 'export', 'reminder', 'balance', '__proto__', 'constructor'), { minLength: 1, maxLength: 6 }).map((all) => all.join(' '));
const documents = fc.array(words, { minLength: 1, maxLength: 15 }).map((lines) => list(...lines));

test('every requirement of both documents is in exactly one place, and the answer is always the same', () => {
  fc.assert(
    fc.property(documents, documents, (before, after) => {
      const found = matched(before, after);
      expect(found).toEqual(matched(before, after));
      const old = [...found.matches.map((match) => match.before.id), ...found.removed.map(({ id }) => id)];
      const now = [...found.matches.map((match) => match.after.id), ...found.added.map(({ id }) => id)];
      expect(old.toSorted()).toEqual(planOf(before).coverage.requirements.map(({ id }) => id).toSorted());
      expect(now.toSorted()).toEqual(specified(after).requirements.units.map(({ id }) => id).toSorted());
    }),
    { numRuns: 60 },
  );
});

test('a longest run is increasing, and none is longer', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { maxLength: 9 }), (numbers) => {
      const run = longestRun(numbers).map((at) => numbers[at] as number);
      expect(run).toEqual(run.toSorted((a, b) => a - b));
      let most = 0;
      for (let mask = 0; mask < 2 ** numbers.length; mask += 1) {
        const chosen = numbers.filter((_, at) => (mask >> at) % 2 === 1);
        if (chosen.every((each, at) => at === 0 || (chosen[at - 1] as number) < each)) most = Math.max(most, chosen.length);
      }
      expect(run).toHaveLength(most);
    }),
    { numRuns: 50 },
  );
});
