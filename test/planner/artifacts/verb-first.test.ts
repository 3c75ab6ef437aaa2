import { assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { isVerbFirst } from '../../../planner/artifacts/verb-first.ts';
import { VERBS } from '../../../planner/artifacts/verbs.ts';

test.each(['Implement the login endpoint', 'add tests', 'P1.T001: Write the notes', 'T-12 - Review it', '`Refactor` the parser', '**Remove** it', 'Re-run the migration', 'Pre-compute widths', 'Fix: the clock', 'Set up CI'])('%s', (title) => {
  expect(isVerbFirst(title)).toBe(true);
});

test.each(['Login endpoint', 'The parser', '', '   ', '42', 'Adding tests', 'Adds tests', 'User can log in', 'test.ts is broken', 'write()', 'Add-on store', 'constructor', '__proto__', 'toString', 'Re-', '-'])('not %j', (title) => {
  expect(isVerbFirst(title)).toBe(false);
});

test('any verb of the list, in any case, before anything', () => {
  assert(property(constantFrom(...VERBS), string(), (verb, rest) => isVerbFirst(`${verb.toUpperCase()} ${rest}`) && isVerbFirst(verb)));
});

test('any text has an answer, at once', () => {
  assert(property(string({ unit: 'binary', maxLength: 2_000 }), (title) => typeof isVerbFirst(title) === 'boolean'));
  expect(isVerbFirst('a-'.repeat(100_000))).toBe(false);
});
