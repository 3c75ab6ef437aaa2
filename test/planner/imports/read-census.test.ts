/** A census that comes from a file is as hostile as the code that it is of. */
import { expect, test } from 'vitest';
import { readCensus } from '../../../planner/imports/read-census.ts';
import { findMissing } from '../../../planner/imports/find-missing.ts';
import { census, missing, problems, project, value } from './project-rig.ts';

test('what was kept is what was scanned, compared with the manifests as they are now', async () => {
  await using directory = await project({ 'package.json': { name: 'a' }, 'index.ts': "import 'x'; import 'y';" });
  const kept = JSON.stringify(await census(directory.root));
  expect(value(await findMissing(value(readCensus(kept, 'imports.json')))).findings).toEqual(await missing(directory.root));
  await directory.write({ 'package.json': { name: 'a', dependencies: { x: '1' } } });
  expect(value(await findMissing(value(readCensus(kept, 'imports.json')))).findings.map(({ package: name }) => name)).toEqual(['y']);
});

const use = { file: 'a.ts', line: 1, column: 1, specifier: 'x', kind: 'import', package: 'x' };
const one = (more: object) => JSON.stringify({ schema: 1, root: '/', packages: [{ ecosystem: 'npm', name: 'a', directory: '.', files: 1, imports: [], ...more }] });

test.each([
  ['', /is not JSON/],
  ['[]', /is no census/],
  ['{"schema": 2, "root": "/", "packages": []}', /schema/],
  ['{"schema": 1, "root": "relative", "packages": []}', /root: must be an absolute path/],
  [one({ directory: '../x' }), /directory: must be a path below the root/],
  [one({ directory: '/etc' }), /directory: must be a path below the root/],
  [one({ imports: [{ ...use, file: '../../x' }] }), /file: must be a path/],
  [one({ imports: [{ ...use, package: '--global' }] }), /"--global" cannot be the name of a package/],
  [one({ imports: [{ ...use, package: 'x; rm' }] }), /cannot be the name/],
  [one({ ecosystem: 'python', imports: [{ ...use, package: '-r x' }] }), /cannot be the name/],
])('refused: %s', (text, message) => {
  const [problem] = problems(readCensus(text, 'imports.json'));
  expect(problem).toMatchObject({ code: 'TASKS5005', message: expect.stringMatching(message) });
});

test('of a package that has gone it says so', async () => {
  await using directory = await project({ 'package.json': { name: 'a' } });
  const kept = value(readCensus(one({ directory: 'gone', imports: [use] }).replace('"root":"/"', `"root":${JSON.stringify(directory.root)}`), 'x'));
  expect(problems(await findMissing(kept))[0]).toMatchObject({ code: 'TASKS5002' });
});
