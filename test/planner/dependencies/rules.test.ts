/** The page of the rules and the rules themselves are one table. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { DependencyType } from '../../../planner/artifacts/scalars.schema.ts';
import { EXCLUSION_RULES } from '../../../planner/dependencies/exclusion/exclusion.ts';
import { RULES } from '../../../planner/dependencies/rules.ts';

const ALL = [...RULES, ...EXCLUSION_RULES];

/** Spec/002, phase 4. */
const RANGES: Readonly<Record<DependencyType, readonly [number, number]>> = {
  technical: [0.8, 1],
  sequential: [0.7, 0.9],
  infrastructure: [0.9, 1],
  knowledge: [0.6, 0.8],
  mutual_exclusion: [1, 1],
  resource_limited: [1, 1],
};

test('docs/dependencies.md lists every rule, in order, as it is', async () => {
  const page = await readFile(new URL('../../../docs/dependencies.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(ALL.map(({ id, type, confidence, isHard, says, example }) => `| \`${id}\` | ${type} | ${confidence} | ${isHard ? 'hard' : 'soft'} | ${says} | ${example} |`));
});

test('every rule has an id of its own', () => {
  expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
});

test.each(ALL.map((rule) => [rule.id, rule] as const))('%s is as certain as its type allows', (id, { type, confidence, isHard }) => {
  const [least, most] = RANGES[type];
  expect(confidence).toBeLessThanOrEqual(most);
  // The order of a list or of chapters alone is no flow of information.
  if (id === 'list-order' || id === 'chapter-order') expect([confidence < least, isHard]).toEqual([true, false]);
  else expect(confidence).toBeGreaterThanOrEqual(least);
  if (type === 'knowledge') expect(isHard).toBe(false);
});
