/** Paths that meet: the tree answers what comparing each with each would. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PathIndex, pathsMeet, plainPath } from '../../../planner/preflight/path-index.ts';

const step = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '**', '{a,b}', '@x', '.c', '__proto__');
const path = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));
const plain = path.map((text) => plainPath(text)).filter((text) => text !== undefined);

test('whatever the paths: those are found that can meet, and no others', () => {
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 12 }), plain, (paths, wanted) => {
      const index = new PathIndex(paths.map((text, task) => ({ task, path: text })));
      const naive = [...paths.keys()].filter((task) => pathsMeet(paths[task] ?? '', wanted));
      expect([...index.meeting(wanted)].toSorted((a, b) => a - b)).toEqual(naive);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['./src/', 'src'],
  ['src/**', 'src'],
  ['.', undefined],
  ['**', undefined],
  ['*', undefined],
  ['!src', undefined],
])('%s is compared as %s', (text, wanted) => {
  expect(plainPath(text)).toBe(wanted);
});
