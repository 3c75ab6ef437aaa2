import { expect, test } from 'vitest';
import { paint } from '../../../client/cli/markup.ts';
import { PROBLEM_CAP, problemsText } from '../../../client/cli/problem-text.ts';
import type { Problem } from '../../../model/problem.ts';

const plain = (problems: readonly Problem[], lines: Readonly<Record<number, string>> = {}): string =>
  paint(problemsText({ problems, readLine: ({ line }) => lines[line ?? 0] }), false);

test('what, where with the line and the span, the way out, the code', () => {
  const text = plain([
    {
      code: 'TASKS1203',
      message: '"d" depends on "nope", which does not exist',
      place: { file: 'plan.json', line: 5, column: 20 },
      excerpt: { text: ' {"id":"d","deps":["nope"]}', from: 20, to: 26 },
      hint: 'did you mean "node"?',
    },
  ]);
  expect(text).toBe(
    [
      'error: "d" depends on "nope", which does not exist [TASKS1203]',
      '  --> plan.json:5:20',
      '  5 |  {"id":"d","deps":["nope"]}',
      '    |                    ^^^^^^',
      '  help: did you mean "node"?',
    ].join('\n'),
  );
});

test('a cycle is its path, each edge with its line', () => {
  const place = (line: number) => ({ file: 'plan.json', line, column: 9 });
  const text = plain(
    [
      {
        code: 'TASKS1205',
        message: 'the dependencies form a cycle: a → b → a',
        place: place(2),
        related: [
          { message: 'b depends on a', place: place(2) },
          { message: 'a depends on b', place: place(3) },
        ],
      },
    ],
    { 2: '"deps": ["a"]', 3: '"deps": ["b"]' },
  );
  expect(text.split('\n')).toEqual([
    'error: the dependencies form a cycle: a → b → a [TASKS1205]',
    '  --> plan.json:2:9',
    '  = b depends on a  plan.json:2:9',
    '  2 | "deps": ["a"]',
    '    |         ^',
    '  = a depends on b  plan.json:3:9',
    '  3 | "deps": ["b"]',
    '    |         ^',
  ]);
});

test('many problems are capped, and the number of them is said', () => {
  const problems = Array.from({ length: 123 }, (_, at): Problem => ({ code: 'TASKS1201', message: `bad id ${at}` }));
  const text = plain(problems);
  expect(text.match(/^error:/gm)).toHaveLength(PROBLEM_CAP);
  expect(text).toContain('and 103 more: 123 problems in all');
});

test('a very long line is cut around the span', () => {
  const source = `${'x'.repeat(5_000)}"nope"${'y'.repeat(5_000)}`;
  const text = plain([{ code: 'TASKS1203', message: 'm', place: { file: 'f', line: 1, column: 5_001 }, excerpt: { text: source, from: 5_001, to: 5_007 } }]);
  const [, , shown = '', marks = ''] = text.split('\n');
  expect(shown.length).toBeLessThan(140);
  expect(shown.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('"nope"');
});
