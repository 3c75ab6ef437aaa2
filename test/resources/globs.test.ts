/** Two globs meet where some path is matched by both: checked against the matcher that finds the real files. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globsIntersect } from '../../resources/globs.ts';

describe('against every path of a small world', () => {
  /** Enough names and depth for a witness of any two of the globs below that meet. */
  const NAMES = ['a', 'b', 'ab', '.b'];
  const PARTS = ['a', 'b', '*', '?', 'a*', '*b', '?b', '{a,b}', '{a,b}*', '[ab]', '[!a]', '[a-b]b', '.b*', '\\a'];
  let root: string;
  const found = new Map<string, ReadonlySet<string>>();
  /** `a/**` stands for the directory `a` as well; picomatch agrees as long as `a` is plain text. */
  const matched = (glob: string): ReadonlySet<string> => {
    const globs = glob.endsWith('/**') ? [glob, glob.replace(/(?:\/\*\*)+$/, '')] : [glob];
    const known = found.get(glob) ?? new Set(globSync(globs, { cwd: root, dot: true, onlyFiles: false, expandDirectories: false }).map((path) => path.replace(/\/$/, '')));
    found.set(glob, known);
    return known;
  };

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'tasks-globs-'));
    const grow = (at: string, depth: number): void => {
      for (const name of NAMES) {
        const path = join(at, name);
        mkdirSync(path);
        if (depth > 1) grow(path, depth - 1);
      }
    };
    grow(root, 4);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const pathOf = (...parts: readonly string[]) => fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 3 }).map((list) => list.join('/'));
  const plain = pathOf(...PARTS);
  const glob = fc.oneof(pathOf(...PARTS, '**', '**'), fc.tuple(plain, plain).map(([one, other]) => `{${one},${other}}`));

  test('they intersect exactly when both find a common path', () => {
    fc.assert(
      fc.property(glob, glob, (one, other) => {
        const common = [...matched(one)].some((each) => matched(other).has(each));
        expect(globsIntersect(one, other), `${one} and ${other}`).toBe(common);
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});

const TEXT = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?', '[', ']', '!', '{', '}', ',', '(', ')', '|', '@', '\\', '.', '-', '^', '+'), maxLength: 12 });

test('the order does not matter, and no text breaks it', () => {
  fc.assert(
    fc.property(TEXT, TEXT, (one, other) => {
      expect(globsIntersect(one, other)).toBe(globsIntersect(other, one));
    }),
  );
});

test.each([
  ['src/a', 'src/a', true],
  ['src/a', 'src/b', false],
  ['./src//a', 'src/a', true],
  ['src/*.ts', 'src/*.js', false],
  ['src/**/x.ts', 'src/x.ts', true],
  ['**', 'deep/er/x', true],
  ['src/{a,b/c}/x', 'src/b/c/x', true],
  ['src/{a,b/c}/x', 'src/b/x', false],
  ['*a*b*', '*b*a*', true],
  ['[!a-y]', '[a-z]', true],
  ['[!a-z]', '[a-z]', false],
  ['\\*', 'a', false],
  ['\\*', '\\*', true],
  ['[', '[', true],
  ['src/ü?', 'src/ü𝄞', true],
])('%s and %s: %s', (one, other, expected) => {
  expect(globsIntersect(one, other)).toBe(expected);
});

test.each([
  ['file{1..3}.txt', 'file9.txt'],
  ['a/@(b|c)/d', 'a/x/d'],
  ['a/+(b/c)', 'a/b/c/b/c'],
  ['!src/**', 'src/a'],
  ['[[:alpha:]]x', '1x'],
])('%s is taken for more than it matches, never for less: it may meet %s', (one, other) => {
  expect(globsIntersect(one, other)).toBe(true);
});

test('braces that multiply end in a bounded number of alternatives', () => {
  const many = Array.from({ length: 40 }, () => '{a,b/c}').join('/');
  expect(globsIntersect(many, many)).toBe(true);
});
