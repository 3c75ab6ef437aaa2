/** `tasks scan-imports` and `tasks missing-deps` as a user has them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { project } from '../../../planner/imports/project-rig.ts';
import { fakeTools } from '../../../planner/imports/install/tool-rig.ts';
import { run } from '../support/run.ts';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** Small packages without dependencies that this project has installed itself. */
const WORKSPACE = {
  'package.json': { private: true, workspaces: ['apps/*'] },
  'apps/web/package.json': '{\n    "name": "web"\n}\n',
  'apps/web/src/index.ts': "import envPaths from 'env-paths';\nimport { distance } from 'fastest-levenshtein';\ntry { require('never'); } catch {}\n",
  'apps/api/package.json': '{"name":"api","dependencies":{"env-paths":"3.0.0","fastest-levenshtein":"1.0.16"}}',
};

test('a line for each import, or an object for each package', async () => {
  await using directory = await project(WORKSPACE);
  const text = await run(['scan-imports', directory.root]);
  expect(text).toMatchObject({ exit: 0, stderr: '3 imports in 1 file of 3 workspaces, naming 3 packages\n' });
  expect(text.stdout).toBe('apps/web/src/index.ts:1:22 import env-paths\napps/web/src/index.ts:2:26 import fastest-levenshtein\napps/web/src/index.ts:3:15 require never (optional)\n');
  const { stdout } = await run(['scan-imports', '.', '-o', 'json', '--workspaces', 'apps/web', 'apps/api'], { cwd: directory.root });
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    root: directory.root,
    packages: [
      { ecosystem: 'npm', name: 'api', directory: 'apps/api', files: 0, imports: [] },
      { ecosystem: 'npm', name: 'web', directory: 'apps/web', files: 1, imports: [{ file: 'apps/web/src/index.ts', line: 1, column: 22, specifier: 'env-paths', kind: 'import', package: 'env-paths' }, {}, { optional: true }] },
    ],
  });
});

test('what is missing is listed for a pipe, with its places on standard error, and the exit code says so', async () => {
  await using directory = await project(WORKSPACE);
  const { exit, stdout, stderr } = await run(['missing-deps', directory.root]);
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'apps/web env-paths 3.0.0\napps/web fastest-levenshtein 1.0.16\n' });
  expect(stderr).toContain('env-paths in apps/web: apps/web/src/index.ts:1:22');
  expect(stderr).toContain('1 more is only likely: --likely lists it');
  const likely = await run(['missing-deps', '--likely', '--exclude', 'env-paths'], { cwd: directory.root });
  expect(likely).toMatchObject({ exit: 1, stdout: 'apps/web fastest-levenshtein 1.0.16\napps/web never\n' });
  expect(await run(['missing-deps', '--only', 'never'], { cwd: directory.root })).toMatchObject({ exit: 0, stdout: '' });
});

test('a scan that was kept does as well, from a file or a pipe', async () => {
  await using directory = await project(WORKSPACE);
  const { stdout: census } = await run(['scan-imports', directory.root, '-o', 'json']);
  await directory.write({ 'imports.json': census });
  const expected = await run(['missing-deps', directory.root]);
  expect(await run(['missing-deps', 'imports.json'], { cwd: directory.root })).toEqual(expected);
  expect(await run(['missing-deps', '-'], { stdin: census })).toEqual(expected);
  const { stdout } = await run(['missing-deps', '-', '-o', 'jsonl'], { stdin: census });
  expect(stdout.trim().split('\n').map((line) => JSON.parse(line))).toMatchObject([{ package: 'env-paths', certainty: 'certain' }, { package: 'fastest-levenshtein' }, { package: 'never', certainty: 'likely', doubt: 'optional' }]);
});

test('installed at once by npm itself, and nothing is missing any more', async () => {
  await using directory = await project(WORKSPACE);
  const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', npm_config_prefer_offline: 'true' };
  const { exit, stdout, stderr } = await run(['missing-deps', '--install', '--ignore-scripts'], { cwd: directory.root, environment });
  expect({ exit, stdout }, stderr).toEqual({ exit: 0, stdout: 'apps/web env-paths 3.0.0\napps/web fastest-levenshtein 1.0.16\n' });
  expect(stderr).toContain('npm install --no-audit --no-fund: 2 dependencies in 1 manifest');
  expect(await readFile(join(directory.root, 'apps/web/package.json'), 'utf8')).toBe('{\n    "name": "web",\n    "dependencies": {\n        "env-paths": "3.0.0",\n        "fastest-levenshtein": "1.0.16"\n    }\n}\n');
  expect(existsSync(join(directory.root, 'node_modules/fastest-levenshtein/package.json'))).toBe(true);
  expect(await run(['missing-deps'], { cwd: directory.root })).toMatchObject({ exit: 0, stdout: '' });
});

test('what cannot be had is told, the rest is installed, and the exit code is 1', async () => {
  await using directory = await project({ 'package.json': '{"name":"a"}', 'index.ts': "import 'one'; import 'gone';" });
  const tools = await fakeTools(directory, ['npm'], "if (args[0] === 'view' && args[1] === 'gone@latest') { console.log('{\"error\":{\"code\":\"E404\"}}'); process.exit(1); } if (args[0] === 'view') console.log('\"2.0.1\"');");
  const { exit, stdout, stderr } = await run(['missing-deps', '--install'], { cwd: directory.root, environment: tools.environment });
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '. one ^2.0.1\n' });
  expect(stderr).toContain('the registry has no package "gone" [TASKS5010]');
  const { stdout: json } = await run(['missing-deps', '--install', '-o', 'json'], { cwd: directory.root, environment: tools.environment });
  expect(JSON.parse(json)).toMatchObject([{ package: 'gone', installed: false }]);
});

test.each([
  [['missing-deps', '/nowhere/at/all'], 2, 'TASKS5001'],
  [['scan-imports', '/nowhere/at/all'], 2, 'TASKS5001'],
  [['missing-deps', 'package.json'], 2, 'TASKS5005'],
  [['missing-deps', '-', '--workspaces', 'apps/*'], 1, '--workspaces is for a scan'],
  [['missing-deps', '--ignore-scripts'], 1, '--ignore-scripts is for --install'],
  [['scan-imports', '--workspaces', 'nothing/*'], 2, 'no package matches "nothing/*"'],
] as const)('%j is refused', async (argv, exit, message) => {
  const ran = await run(argv, { cwd: REPOSITORY });
  expect(ran).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(message) });
});

test('what hostile code imports reaches no terminal as it is', async () => {
  await using directory = await project({ 'package.json': { name: 'a' }, 'index.ts': "import './\\u001b[31mred\\nline';" });
  const { stdout } = await run(['scan-imports', directory.root]);
  expect(stdout).toBe('index.ts:1:8 side-effect ./red line\n');
});

test('this project declares what it imports', async () => {
  const { exit, stdout } = await run(['missing-deps', REPOSITORY]);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
});
