/** `docs/requirements.md` and the tables in the code are one list. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FINDING_RULES, WEIGHING_SIGNS } from '../../planner/requirements/rules/all-rules.ts';
import { OPEN_MARKS, VAGUE } from '../../planner/requirements/rules/vague.ts';

const cellsOf = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const rowsBelow = async (title: string): Promise<readonly (readonly string[])[]> => {
  const page = await readFile(new URL('../../docs/requirements.md', import.meta.url), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  return section.split('\n').filter((line) => line.startsWith('|')).slice(2).map(cellsOf);
};

test('the page lists every rule with what it finds, an example, and its strength', async () => {
  expect(await rowsBelow('Rules')).toEqual(FINDING_RULES.map(({ id, finds, example, strength }) => [id, finds, example, strength ?? 'by its words']));
});

test('the page lists every sign with its points', async () => {
  expect(await rowsBelow('Weighing a sentence')).toEqual(WEIGHING_SIGNS.map(({ id, finds, points }) => [id, finds, `${points > 0 ? '+' : ''}${String(points)}`]));
});

test('the page lists what is asked about', async () => {
  const listed = (await rowsBelow('What is asked')).map(([id, weight]) => [id, weight]);
  expect(listed).toEqual(expect.arrayContaining([...OPEN_MARKS, ...VAGUE].map(({ id, weight }) => [id, String(weight)])));
});
