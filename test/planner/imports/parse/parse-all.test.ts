/** Parsing in processes of their own: whoever wrote a source ends nothing but its own reading. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAll } from '../../../../planner/imports/parse/parse-all.ts';
import { project } from '../project-rig.ts';

test('a text that overflows the stack of the parser costs nothing but itself', async () => {
  const good = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`good-${at}.ts`, "import a from 'x';"]));
  const nested = `${'('.repeat(200_000)}1${')'.repeat(200_000)}`;
  await using directory = await project({ ...good, 'good-0.py': 'import x', 'nested-a.js': nested, 'nested-b.ts': `let a = ${nested};` });
  const files = [...Object.keys(good), 'good-0.py', 'nested-a.js', 'nested-b.ts'].sort().map((file) => join(directory.root, file));
  const parsed = await parseAll({ files });
  expect([...parsed.keys()].sort()).toEqual(files);
  for (const [file, { imports, fault }] of parsed) {
    if (file.includes('nested')) expect(fault?.message).toContain('broke down');
    else expect({ imports: imports.length, fault }, file).toEqual({ imports: 1, fault: undefined });
  }
});

test('what cannot be read, is no text or is too large says so', async () => {
  await using directory = await project({ 'large.ts': 'x'.repeat(2 * 1024 * 1024 + 1) });
  const path = (name: string) => join(directory.root, name);
  await writeFile(path('latin.py'), Buffer.from([0x23, 0xe9, 0x0a]));
  const parsed = await parseAll({ files: [path('large.ts'), path('latin.py'), path('none.ts')] });
  const messages = [...parsed.values()].map(({ fault }) => fault?.message);
  expect(messages).toEqual([expect.stringContaining('larger than 2 MiB'), 'it is not UTF-8 text', expect.stringContaining('ENOENT')]);
});

test('a parser that takes too long is ended, and every file has an answer', async () => {
  await using directory = await project({ 'a.ts': '', 'b.ts': '' });
  const files = ['a.ts', 'b.ts'].map((file) => join(directory.root, file));
  const parsed = await parseAll({ files, limitMs: 1 });
  expect(files.map((file) => parsed.get(file)?.fault?.message)).toEqual(Array(2).fill(expect.stringContaining('took too long')));
});

test('nothing to parse starts nothing', async () => expect([...(await parseAll({ files: [] }))]).toEqual([]));
