/** One install for all that is missing: what is asked, what is written, and what is left when it fails. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMissing } from '../../../../planner/imports/find-missing.ts';
import { installMissing } from '../../../../planner/imports/install/install-missing.ts';
import { census, project, value } from '../project-rig.ts';
import type { ProjectDirectory } from '../project-rig.ts';
import { fakeTools, install } from './tool-rig.ts';

const REGISTRY = `
const unknown = (code) => { console.log(JSON.stringify({ error: { code } })); process.exit(1); };
if (args[0] === 'view') {
  const name = args[1].replace(/@latest$/, '');
  if (name === 'unknown' || name === 'typed') unknown('E404');
  if (name === 'private') unknown('E403');
  console.log(JSON.stringify('1.2.3'));
  process.exit(0);
}
fs.writeFileSync('package-lock.json', 'written by the install');
`;

const WORKSPACE = {
  'package.json': '{ "private": true, "workspaces": ["p/*"] }',
  'p/a/package.json': '{\n\t"name": "a"\n}\n',
  'p/a/index.ts': "import 'one'; import 'shared'; import 'unknown'; import 'private'; import type { T } from 'typed';",
  'p/a/index.test.ts': "import 'tool';",
  'p/b/package.json': '{"name":"b","dependencies":{"shared":"~4.0.0"}}',
  'p/b/index.ts': "import 'one'; import 'shared';",
};

const read = (directory: ProjectDirectory, path: string): Promise<string> => readFile(join(directory.root, path), 'utf8');

test('each name is asked for once, each manifest gets its own, and there is one install', async () => {
  await using directory = await project(WORKSPACE);
  const tools = await fakeTools(directory, ['npm'], REGISTRY);
  const { installed, unavailable } = await install(directory, { environment: tools.environment });
  expect(installed.map(({ name, range, manifest }) => `${manifest} ${name} ${range}`)).toEqual([
    'p/a/package.json one ^1.2.3',
    'p/a/package.json shared ~4.0.0',
    'p/a/package.json tool ^1.2.3',
    'p/a/package.json @types/typed ^1.2.3',
    'p/b/package.json one ^1.2.3',
  ]);
  expect(unavailable.map(({ problem: { code, message } }) => `${code} ${message}`)).toEqual(['TASKS5010 the registry does not answer for "private": E403', 'TASKS5010 the registry has no package "unknown"']);
  expect(await read(directory, 'p/a/package.json')).toBe('{\n\t"name": "a",\n\t"dependencies": {\n\t\t"one": "^1.2.3",\n\t\t"shared": "~4.0.0"\n\t},\n\t"devDependencies": {\n\t\t"@types/typed": "^1.2.3",\n\t\t"tool": "^1.2.3"\n\t}\n}\n');
  expect(await read(directory, 'p/b/package.json')).toBe('{"name":"b","dependencies":{"one":"^1.2.3","shared":"~4.0.0"}}');
  const calls = await tools.calls();
  expect(calls.filter(([, verb]) => verb === 'view').map(([, , name]) => String(name)).toSorted()).toEqual(['@types/typed@latest', 'one@latest', 'private@latest', 'tool@latest', 'typed@latest', 'unknown@latest']);
  expect(calls.filter(([, verb]) => verb !== 'view')).toEqual([['npm', 'install', '--no-audit', '--no-fund']]);
});

test('when the install fails, manifests and lock file are as they were, byte for byte', async () => {
  await using directory = await project({ ...WORKSPACE, 'package-lock.json': 'as it was' });
  const tools = await fakeTools(directory, ['npm'], `${REGISTRY} fs.writeFileSync('npm-shrinkwrap.json', ''); console.error('npm error ERESOLVE'); process.exit(1);`);
  await expect(install(directory, { environment: tools.environment })).rejects.toThrow(/\[TASKS5007\] npm install failed[\s\S]*ERESOLVE/);
  for (const [path, text] of Object.entries(WORKSPACE)) expect(await read(directory, path), path).toBe(text);
  expect(await read(directory, 'package-lock.json')).toBe('as it was');
  await expect(read(directory, 'npm-shrinkwrap.json')).rejects.toThrow('ENOENT');
});

test('an interrupt ends the install, and puts the manifests back', async () => {
  await using directory = await project(WORKSPACE);
  const tools = await fakeTools(directory, ['npm'], `${REGISTRY} setInterval(() => {}, 1000);`);
  const interrupt = new AbortController();
  const running = install(directory, { environment: tools.environment, signal: interrupt.signal });
  const failed = expect(running).rejects.toThrow('TASKS5007');
  await expect.poll(async () => (await tools.calls()).some(([, verb]) => verb === 'install')).toBe(true);
  expect(await read(directory, 'p/b/package.json')).toContain('one');
  interrupt.abort();
  await failed;
  for (const [path, text] of Object.entries(WORKSPACE)) expect(await read(directory, path), path).toBe(text);
});

test('nothing is installed when nothing can be had', async () => {
  await using directory = await project({ 'package.json': '{"name":"a"}', 'index.ts': "import 'unknown';" });
  const tools = await fakeTools(directory, ['npm'], REGISTRY);
  expect(await install(directory, { environment: tools.environment })).toMatchObject({ installed: [], unavailable: [{ finding: { package: 'unknown' } }] });
  expect(await tools.calls()).toEqual([['npm', 'view', 'unknown@latest', 'version', '--json']]);
  expect(await read(directory, 'package.json')).toBe('{"name":"a"}');
});

test('pnpm installs what pnpm has installed, and scripts are left out on request', async () => {
  await using directory = await project({ 'package.json': { name: 'a', packageManager: 'pnpm@10.1.0' }, 'index.ts': "import 'one';" });
  const tools = await fakeTools(directory, ['npm', 'pnpm'], REGISTRY);
  await install(directory, { environment: tools.environment, ignoreScripts: true });
  expect((await tools.calls()).at(-1)).toEqual(['pnpm', 'install', '--no-frozen-lockfile', '--ignore-scripts']);
});

test.each([
  ['yarn by its lock file', { 'yarn.lock': '' }, /\[TASKS5008\] "yarn" installs this project/],
  ['bun by what the manifest says', { 'package.json': { name: 'a', packageManager: 'bun@1.2' } }, /\[TASKS5008\] "bun" installs/],
])('refused before anything is done: %s', async (_name, files, message) => {
  await using directory = await project({ 'package.json': { name: 'a' }, 'index.ts': "import 'one';", ...files });
  const tools = await fakeTools(directory, ['npm'], REGISTRY);
  await expect(install(directory, { environment: tools.environment })).rejects.toThrow(message);
  expect(await tools.calls()).toEqual([]);
});

test('a package that no install at the top reaches is refused', async () => {
  await using directory = await project({ 'package.json': { name: 'top' }, 'apps/a/package.json': { name: 'a' }, 'apps/a/index.ts': "import 'one';" });
  const tools = await fakeTools(directory, ['npm'], REGISTRY);
  const { findings, project: found } = value(await findMissing(await census(directory.root, ['apps/*'])));
  await expect(installMissing({ findings, project: found, environment: tools.environment })).rejects.toThrow(/\[TASKS5008\] "apps\/a" is no workspace/);
  expect(await tools.calls()).toEqual([]);
});
