import { expect, test } from 'vitest';
import { AGAINST } from '../../../planner/requirements/rules/against.ts';
import { BEHAVIOUR } from '../../../planner/requirements/rules/behaviour.ts';
import { FORMS } from '../../../planner/requirements/rules/forms.ts';
import { isImperative } from '../../../planner/requirements/rules/imperatives.ts';
import { MODALS } from '../../../planner/requirements/rules/modals.ts';
import { isBounded } from '../../../planner/requirements/rules/quality.ts';
import { isRequirement } from '../../../planner/requirements/verdict.ts';

test.each([
  'The system shall log every failure.',
  'Users are able to export their orders as a file.',
  'The system sends a receipt by mail to every buyer.',
  'Ability to sort the list of items by their price.',
  'A member can leave a group at any time without an approval.',
  'Under no circumstances must a password be logged.',
])('a requirement: %s', (sentence) => {
  expect(isRequirement(sentence)).toMatchObject({ isRequirement: true });
});

test.each([
  'This section describes the requirements that follow.',
  'IED stands for intelligent electronic device.',
  'Patron: A resident with a card.',
  'The standard was published years ago.',
  'It can be large.',
  'Table of contents',
  '',
])('none: %s', (sentence) => {
  expect(isRequirement(sentence)).toMatchObject({ isRequirement: false });
});

test.each([
  ['The API must not leak names.', true],
  ['The API cannot be called without a token by any client.', true],
  ['The API must answer.', false],
])('%s forbids: %s', (sentence, forbids) => {
  expect(isRequirement(sentence).isProhibition).toBe(forbids);
});

test.each([
  ['Add a filter', true],
  ['Use Redis for sessions', true],
  ['Use cases of the shop', false],
  ['Test coverage', false],
  ['Test the parser', true],
  ['Track expenses of a month', true],
  ['Do not store passwords', true],
  ['See the appendix', false],
  ['constructor of it', false],
])('%j begins with a verb of work: %s', (text, is) => {
  expect(isImperative(text)).toBe(is);
});

test.each([
  ['answers within 200 ms', true],
  ['p95 of all', true],
  ['keeps at most 1,000 items', true],
  ['99.9 % of the time', true],
  ['in 2024', false],
  ['version 2.5 of it', false],
])('%j is bounded: %s', (text, is) => {
  expect(isBounded(text)).toBe(is);
});

test('a sentence of any length takes a bounded time', () => {
  const before = process.cpuUsage().user;
  for (const piece of ['when a ', 'given ', 'as a ', 'the system ', 'a-', '( ', 'is ', 'not build ', 'within 1 ', '"']) isRequirement(piece.repeat(200_000));
  expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(10_000);
});

test.each([...MODALS, ...FORMS, ...BEHAVIOUR])('the example of $id is found by it: $example', ({ id, example }) => {
  expect(isRequirement(example).rule).toBe(id);
});

test.each(AGAINST)('the example of $id shows the sign: $example', ({ pattern, example }) => {
  expect(pattern.test(example)).toBe(true);
});
