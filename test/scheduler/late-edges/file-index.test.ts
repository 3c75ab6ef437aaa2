/** The index of files: it answers what comparing each with each would, and stops when its budget is over. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlain, plainHead, plainStem } from '../../../resources/path-patterns.ts';
import { globsIntersect } from '../../../resources/globs.ts';
import { Budget } from '../../../scheduler/late-edges/budget.ts';
import { FileIndex, Side } from '../../../scheduler/late-edges/file-index.ts';
import type { Entry } from '../../../scheduler/late-edges/file-index.ts';
import { Pattern, patternsMeet } from '../../../scheduler/late-edges/pattern.ts';
import { Relations } from '../../../scheduler/late-edges/relations.ts';

const NAMES = ['a', 'b', 'ab', 'abc', '*', 'a*', 'ab*', '*b', '?b', '{a,b}', 'a{b,bc}', 'a{b/c,}', '[ab]', 'a[!b]', '@a', 'a+b', 'a!', '!(a)', 'a@(b|c)', 'a+(b)', '**', '.a', String.raw`a\*`, '{a', 'a}', 'b]'];
const text = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const pattern = fc.tuple(text, fc.boolean()).map(([path, isExact]) => (isExact ? Pattern.exactly(path) : Pattern.below(path)));
const endless = (): Budget => new Budget({ pairs: Infinity, steps: Infinity });
const shown = (entries: Iterable<Entry>): readonly string[] => [...entries].map(({ pattern: { path, isExact } }) => `${path} ${String(isExact)}`).toSorted();

describe('what meets a pattern', () => {
  test('lies above it or below it, whatever the patterns, and is found once', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), pattern, (patterns, wanted) => {
        const side = new Side();
        for (const [task, each] of patterns.entries()) side.add(each, task);
        const found = [...side.above(wanted, endless()), ...side.below(wanted, endless())];
        expect(shown(found)).toEqual(shown([...side.entries()].filter((entry) => patternsMeet(entry.pattern, wanted, () => undefined))));
      }),
      { numRuns: 5_000 },
    );
  });

  test('of all with all is what each finds for itself', () => {
    const files = fc.record({ produces: fc.uniqueArray(text, { maxLength: 2 }), reads: fc.uniqueArray(text, { maxLength: 2 }), names: fc.uniqueArray(text, { maxLength: 1 }) });
    fc.assert(
      fc.property(fc.array(files, { maxLength: 6 }), (tasks) => {
        const index = new FileIndex();
        for (const [task, each] of tasks.entries()) index.put(task, each);
        const [atOnce, each] = [new Relations(index, endless()), new Relations(index, endless())];
        atOnce.addAll();
        for (const [task, own] of tasks.entries()) each.addOf(task, own);
        const pairs = (relations: Relations): readonly unknown[] => relations.candidates((a, b) => a < b).map(({ from, to, isTie }) => ({ from, to, isTie }));
        expect(pairs(atOnce)).toEqual(pairs(each));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is looked for as far as the budget goes, also where nothing does', () => {
    const side = new Side();
    for (let at = 0; at < 100; at += 1) side.add(Pattern.below(`*a${at}`), at);
    for (let at = 0; at < 100; at += 1) side.add(Pattern.below(`x/y${at}/*a`), at);
    for (const find of ['above', 'below'] as const) {
      const budget = new Budget({ pairs: 1_000, steps: 500 });
      expect([...side[find](Pattern.below('*b'), budget)]).toEqual([]);
      expect(budget.isSpent).toBe(true);
      expect(budget.steps).toBeGreaterThan(-200);
    }
  });
});

describe('a plain path', () => {
  test.each(['packages/@acme/x', 'a+b', 'a/!b', 'a@b', 'x]', 'x}/y', 'x)', '.a', 'a-b_c'])('is %s', (path) => {
    expect([isPlain(path), plainHead(path.split('/')).join('/'), plainStem(path)]).toEqual([true, path, path]);
  });

  test.each([
    ['a/b*', 'a', 'a/b'],
    ['a/b?/c', 'a', 'a/b'],
    ['app/[id]/x', 'app', 'app/'],
    ['a@(b)', '', 'a'],
    ['x/a+(b)', 'x', 'x/a'],
    ['x/(b)', 'x', 'x/'],
    ['x/!(b)', 'x', 'x/'],
    ['!a', '', ''],
    ['a/{b,c}', 'a', 'a/'],
    [String.raw`a\*`, '', 'a'],
  ])('%s is none', (path, head, stem) => {
    expect([isPlain(path), plainHead(path.split('/')).join('/'), plainStem(path)]).toEqual([false, head, stem]);
  });

  test('is matched by what is read as that very text', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        if (isPlain(one) && isPlain(other)) expect(globsIntersect(one, other)).toBe(one === other);
      }),
    );
  });
});
