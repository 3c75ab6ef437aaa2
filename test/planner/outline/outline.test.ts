import { array, assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { comparePlans } from '../../../planner/outline/compare.ts';
import { mermaidOf } from '../../../planner/outline/mermaid.ts';
import { outlineOf } from '../../../planner/outline/outline.ts';
import { makePlan } from '../../support/plan.ts';

const HOUR = 3_600_000;
const chain = makePlan([
  { id: 'a', estimateMs: HOUR },
  { id: 'b', deps: ['a'], estimateMs: 2 * HOUR },
  { id: 'c', deps: ['a'], estimateMs: HOUR / 2 },
]);

test('a plan in short', () => {
  expect(outlineOf(chain)).toMatchObject({ hours: 3.5, criticalHours: 3, levels: 2, dependencies: 2, tasks: [{ id: 'a', after: [] }, { id: 'b', after: ['a'], level: 1 }, { id: 'c', hours: 0.5 }] });
});

test('a long chain is no deep recursion', () => {
  const plan = makePlan(Array.from({ length: 5_000 }, (_, at) => ({ id: `t${at}`, ...(at > 0 && { deps: [`t${at - 1}`] }), estimateMs: HOUR })));
  expect(outlineOf(plan)).toMatchObject({ criticalHours: 5_000, levels: 5_000 });
});

test('no label leaves its quotes', () => {
  assert(
    property(array(string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 4 }), (titles) => {
      const text = mermaidOf({ ...outlineOf(chain), tasks: titles.map((title, at) => ({ id: `t${at}`, title, hours: 1, after: [], afterSoft: [], writes: [], level: 0 })) });
      expect(text.trimEnd().split('\n')).toHaveLength(titles.length + 1);
      for (const line of text.trimEnd().split('\n').slice(1)) expect(line).toMatch(/^ {2}t\d+\["[^"\]]*"\]$/);
    }),
    { numRuns: 100 },
  );
});

test('one plan against another, and back: what was added is what was removed', () => {
  assert(
    property(array(integer({ min: 0, max: 6 }), { maxLength: 6 }), array(integer({ min: 0, max: 6 }), { maxLength: 6 }), (one, other) => {
      const [before, after] = [one, other].map((numbers) => makePlan([{ id: 'root' }, ...[...new Set(numbers)].map((number) => ({ id: `t${number}`, deps: ['root'] }))]));
      if (!before || !after) throw new Error('there are two');
      const [there, back] = [comparePlans(before, after), comparePlans(after, before)];
      expect(there.tasks.added).toEqual(back.tasks.removed);
      expect(there.edges.removed).toEqual(back.edges.added);
      expect(there.isSame).toBe(new Set(one).size === new Set(other).size && one.every((number) => other.includes(number)));
    }),
    { numRuns: 60 },
  );
});

test('a soft dependency that has become a hard one', () => {
  const [before, after] = [makePlan([{ id: 'a' }, { id: 'b', soft: ['a'] }]), makePlan([{ id: 'a' }, { id: 'b', deps: ['a'] }])];
  expect(comparePlans(before, after)).toMatchObject({ isSame: false, edges: { added: [], removed: [], changed: [{ from: 'a', to: 'b', before: 'soft', type: 'hard' }] } });
});
