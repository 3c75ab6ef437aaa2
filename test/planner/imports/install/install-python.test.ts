/** Distributions into the Python in use: which one that is, and what is left when it fails. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMissing } from '../../../../planner/imports/find-missing.ts';
import { installMissing } from '../../../../planner/imports/install/install-missing.ts';
import { pythonOf } from '../../../../planner/imports/install/python-environment.ts';
import { census, project, value } from '../project-rig.ts';
import { fakeTools, install } from './tool-rig.ts';

const INDEX = `
if (args.includes('-c')) { console.log('free'); process.exit(0); }
if (args.includes('index')) {
  const name = args.at(-1);
  if (name === 'unknown') { console.error('ERROR: No matching distribution found for unknown'); process.exit(1); }
  console.log(name + ' (7.8.9)');
  process.exit(0);
}
if (program === 'uv' && args.includes('--dry-run')) console.log(' + ' + args.at(-1) + '==7.8.9');
`;
const PROJECT = { 'requirements.txt': 'a==1\n', 'main.py': 'import a, yaml, unknown, one\n' };

test('each is asked for, what there is goes into requirements.txt and into one install', async () => {
  await using directory = await project(PROJECT);
  const tools = await fakeTools(directory, ['python3'], INDEX);
  const { installed, unavailable } = await install(directory, { environment: tools.environment });
  expect(installed.map(({ name, range, manifest }) => [name, range, manifest])).toEqual([
    ['PyYAML', '==7.8.9', 'requirements.txt'],
    ['one', '==7.8.9', 'requirements.txt'],
  ]);
  expect(unavailable.map(({ problem }) => problem.message)).toEqual(['the index has no distribution "unknown" for this Python']);
  expect(await readFile(join(directory.root, 'requirements.txt'), 'utf8')).toBe('a==1\nPyYAML==7.8.9\none==7.8.9\n');
  expect((await tools.calls()).filter((call) => call.includes('install'))).toEqual([['python3', '-m', 'pip', 'install', '--', 'PyYAML', 'one']]);
});

test('when the install fails, requirements.txt is as it was', async () => {
  await using directory = await project(PROJECT);
  const tools = await fakeTools(directory, ['python3'], `${INDEX} if (args.includes('install')) { console.error('no compiler'); process.exit(1); }`);
  await expect(install(directory, { environment: tools.environment })).rejects.toThrow(/\[TASKS5007\][\s\S]*no compiler/);
  expect(await readFile(join(directory.root, 'requirements.txt'), 'utf8')).toBe(PROJECT['requirements.txt']);
});

test('without a requirements.txt it is installed, and nothing declares it', async () => {
  await using directory = await project({ 'pyproject.toml': '[project]\nname = "x"\n', 'main.py': 'import one\n' });
  const tools = await fakeTools(directory, ['python3'], INDEX);
  const { installed } = await install(directory, { environment: tools.environment });
  expect(installed.map(({ name, manifest }) => [name, manifest])).toEqual([['one', undefined]]);
  expect(await readFile(join(directory.root, 'pyproject.toml'), 'utf8')).toBe('[project]\nname = "x"\n');
});

test('a Python that the system manages is left alone', async () => {
  await using directory = await project(PROJECT);
  const tools = await fakeTools(directory, ['python3'], "if (args.includes('-c')) console.log('managed');");
  await expect(install(directory, { environment: tools.environment })).rejects.toThrow(/\[TASKS5009\] "python3" is managed by the system/);
  expect(await tools.calls()).toHaveLength(1);
});

test('where there is no Python, it says so', async () => {
  await using directory = await project(PROJECT);
  await expect(install(directory, { environment: { PATH: join(directory.root, 'nowhere') } })).rejects.toThrow(/\[TASKS5008\] no Python was found/);
});

test('a project with uv.lock is installed by uv', async () => {
  await using directory = await project({ ...PROJECT, 'main.py': 'import one', 'uv.lock': '' });
  const tools = await fakeTools(directory, ['python3', 'uv'], INDEX);
  await install(directory, { environment: tools.environment });
  expect((await tools.calls()).at(-1)).toEqual(['uv', 'pip', 'install', '--python', 'python3', '--', 'one']);
});

test('a project of the code base is never asked of an index', async () => {
  await using directory = await project({ 'a/requirements.txt': '', 'a/main.py': 'import core\n', 'b/pyproject.toml': '[project]\nname = "core"\n', 'b/src/core/__init__.py': '' });
  const tools = await fakeTools(directory, ['python3'], INDEX);
  const { findings, project: found } = value(await findMissing(await census(directory.root)));
  const report = await installMissing({ findings, project: found, environment: tools.environment });
  expect(report).toMatchObject({ installed: [], unavailable: [{ problem: { code: 'TASKS5010', message: '"core" is a project of this code base, and not taken from an index' } }] });
  expect(await tools.calls()).toEqual([]);
});

test('which Python: the active environment, the nearest one, that of the path', async () => {
  await using directory = await project({ '.venv/pyvenv.cfg': '', 'services/a/venv/pyvenv.cfg': '', 'services/b/.venv/no': '' });
  const { root } = directory;
  const of = (path: string, environment = {}) => pythonOf({ directory: join(root, path), root, environment });
  expect(of('services/a', { VIRTUAL_ENV: '/opt/env' })).toEqual(['/opt/env/bin/python']);
  expect(of('services/a')).toEqual([join(root, 'services/a/venv/bin/python')]);
  expect(of('services/b')).toEqual([join(root, '.venv/bin/python')]);
  expect(pythonOf({ directory: join(root, 'services'), root: join(root, 'services'), environment: {} })).toEqual(['python3', 'python']);
});
