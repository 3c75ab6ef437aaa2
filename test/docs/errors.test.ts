/** `docs/errors.md`, the table in the code and what the code raises are one list. */
import { readFile } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { PROBLEMS } from '../../model/problem.ts';

const ROW = /^\| (TASKS\d{4}) \| ([a-z-]+) \| (\d) \| (.+) \|$/;
const root = new URL('../../', import.meta.url);
const rows = async () => {
  const page = await readFile(new URL('docs/errors.md', root), 'utf8');
  return page.split('\n').flatMap((line) => {
    const [, code, reason, exit, advice] = ROW.exec(line) ?? [];
    return code && reason && exit && advice ? [{ code, reason, exit: Number(exit), advice }] : [];
  });
};

/** Codes as text in everything that runs, but for the table itself. */
const raised = async (): Promise<ReadonlySet<string>> => {
  const cwd = root.pathname;
  const files = await glob(['{resources,scheduler,planner,store,temporal,workflows,activities,client}/**/*.ts', 'model/*.ts', 'worker.ts'], { cwd, ignore: ['model/problem.ts'] });
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, root), 'utf8')));
  return new Set(texts.flatMap((text) => text.match(/TASKS\d{4}/g) ?? []));
};

test('the page lists every code once, in order, with its reason and its exit code', async () => {
  const listed = (await rows()).map(({ code, reason, exit }) => ({ code, reason, exit }));
  expect(listed).toEqual(Object.entries(PROBLEMS).map(([code, { reason, exit }]) => ({ code, reason, exit })));
});

test('no code is raised that the table does not know', async () => {
  const known = new Set(Object.keys(PROBLEMS));
  expect([...(await raised())].filter((code) => !known.has(code))).toEqual([]);
});

test('a code that nothing raises is marked as reserved, and only such a code', async () => {
  const found = await raised();
  const reserved = (await rows()).filter(({ advice }) => advice.startsWith('Reserved:')).map(({ code }) => code);
  expect(reserved).toEqual(Object.keys(PROBLEMS).filter((code) => !found.has(code)));
});

test('every reason is given once', () => {
  const reasons = Object.values(PROBLEMS).map(({ reason }) => reason);
  expect(new Set(reasons).size).toBe(reasons.length);
});
