import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from '../../../planner/document/plain.ts';
import { MAX_SENTENCE, sentencesOf } from '../../../planner/document/sentences.ts';

const split = (text: string): readonly string[] => sentencesOf(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end));

test.each([
  ['It must run. It must stop.', ['It must run.', 'It must stop.']],
  ['Use a store, e.g. Redis or i.e. Memcached. Then stop.', ['Use a store, e.g. Redis or i.e. Memcached.', 'Then stop.']],
  ['It takes 2.5 s. Node 20.19 runs it.', ['It takes 2.5 s.', 'Node 20.19 runs it.']],
  ['See https://a.example/b.c?d=E. It works! Does it? Yes.', ['See https://a.example/b.c?d=E.', 'It works!', 'Does it?', 'Yes.']],
  ['Call `a. B` first. Then `c`.', ['Call `a. B` first.', 'Then `c`.']],
  ['Version v1.2. Next is v2.', ['Version v1.2.', 'Next is v2.']],
  ['Written by J. Smith. It is old.', ['Written by J. Smith.', 'It is old.']],
  ['Choose option B. Then go.', ['Choose option B.', 'Then go.']],
  ['Pages, lists, etc. The rest follows.', ['Pages, lists, etc.', 'The rest follows.']],
  ['See Fig. 3 for more. No. 5 is alive.', ['See Fig. 3 for more.', 'No. 5 is alive.']],
  ['He said "Stop." Then it **stopped.** Now go.', ['He said "Stop."', 'Then it **stopped.**', 'Now go.']],
  ['1. First of all. Second.', ['1. First of all.', 'Second.']],
  ['**Created**: today\n**Status**: draft\nText. More', ['**Created**: today', '**Status**: draft\nText.', 'More']],
  ['Wait... then go. GET /a.b is it.', ['Wait... then go.', 'GET /a.b is it.']],
])('%j', (text, sentences) => {
  expect(split(text)).toEqual(sentences);
});

test('no sentence is longer than a quote may be, and nothing but white space is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'B', ' ', '. ', '? ', '`', 'e.g. ', '\n', '**x** ', '\u{1F600}', '1'), { maxLength: 6_000, size: 'max' }), (parts) => {
      const text = parts.join('');
      const spans = sentencesOf(text, { start: 0, end: text.length });
      expect(spans.map(({ start, end }) => text.slice(start, end)).join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      expect(Math.max(0, ...spans.map(({ start, end }) => end - start))).toBeLessThanOrEqual(MAX_SENTENCE);
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['**FR-1**: The `x` [must](http://a) *be* ~~not~~ __so__', 'FR-1: The x must be not so'],
  ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
  ['a\n  > b\r\n\tc', 'a b c'],
  ['output `<id>` or <id>, <b>bold</b>', 'output <id> or <id>, bold'],
  ['`**not bold**` \\*star\\*', '**not bold** *star*'],
])('without Markdown %j is %j', (markdown, plain) => {
  expect(plainText(markdown)).toBe(plain);
});
