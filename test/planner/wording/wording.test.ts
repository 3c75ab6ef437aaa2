import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { contentWords } from '../../../planner/wording/content-words.ts';
import { gerund } from '../../../planner/wording/gerund.ts';
import { Likeness } from '../../../planner/wording/likeness.ts';
import { shorten } from '../../../planner/wording/shorten.ts';
import { pascalCase, slug } from '../../../planner/wording/slug.ts';

it.each([['log', 'logging'], ['make', 'making'], ['be', 'being'], ['see', 'seeing'], ['die', 'dying'], ['store', 'storing'], ['run', 'running'], ['open', 'opening'], ['deploy', 'deploying'], ['expose', 'exposing'], ['show', 'showing']])('%s → %s', (verb, form) => expect(gerund(verb)).toBe(form));

test('content words are stems, and pieces of identifiers', () => {
  expect(contentWords('The system must record expenses')).toEqual(contentWords('ExpenseRecorded').toReversed());
});

test('texts of the same rare words are alike, those of common ones less so', () => {
  const texts = ['record a bill', 'record a chore', 'record a session', 'split a bill by percentage'];
  const likeness = new Likeness(texts);
  const [bill, chore, , split] = texts.map((text) => likeness.weigh(text)) as [Map<string, number>, Map<string, number>, Map<string, number>, Map<string, number>];
  expect(Likeness.cosine(bill, bill)).toBeCloseTo(1);
  expect(Likeness.cosine(bill, split)).toBeGreaterThan(Likeness.cosine(bill, chore) * 0.5);
  expect(Likeness.cosine(likeness.weigh('xyz'), bill)).toBe(0);
});

it.each([
  ['Record bills with description, amount, payer, and date of payment', 20, 'Record bills'],
  ['Display the current state; settled bills are archived', 40, 'Display the current state'],
  ['short', 10, 'short'],
])('%s in %i characters', (text, limit, short) => expect(shorten(text, limit)).toBe(short));

test('shortened text is never longer, and text that fits is left alone', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 20, max: 120 }), (text, limit) => {
      const short = shorten(text, limit);
      expect(short.length).toBeLessThanOrEqual(Math.max(limit, 0));
      if (text.length <= limit) expect(short).toBe(text);
    }),
  );
});

test('slugs and names are safe, whatever the text', () => {
  expect([slug('Überweisung & Co. – Teil 2', 'x'), slug('../../etc/passwd', 'x'), slug('日本', 'x'), pascalCase('expense tracking & balances', 'X'), pascalCase('3 things', 'X')]).toEqual(['uberweisung-co-teil-2', 'etc-passwd', 'x', 'ExpenseTrackingBalances', 'X']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(slug(text, 'otherwise')).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(slug(text, 'otherwise').length).toBeLessThanOrEqual(40);
      expect(pascalCase(text, 'Otherwise')).toMatch(/^[A-Z][A-Za-z0-9]*$/);
    }),
  );
});
