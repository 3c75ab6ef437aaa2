/** What is read from where, and what becomes of paths that lead nowhere. Real files throughout. */
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_JSON_BYTES, MAX_YAML_BYTES } from '../../../planner/read/limits.ts';
import { resolveWorkspace } from '../../../planner/read/workspace.ts';
import { accepted, refused, summary } from './reading.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tasks-read-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const put = async (name: string, text: string | Uint8Array = ''): Promise<string> => {
  const path = join(home, name);
  await writeFile(path, text);
  return path;
};

const codes = async (path: string): Promise<readonly string[]> => (await refused({ path })).map((problem) => problem.code);

describe('paths', () => {
  test('that do not exist, or are no path at all', async () => {
    expect(await codes(join(home, 'nowhere'))).toEqual(['TASKS1001']);
    expect(await codes(join(await put('file'), 'below'))).toEqual(['TASKS1002']);
    expect(await codes('a\0b')).toEqual(['TASKS1002']);
    expect(await codes('x'.repeat(5_000))).toEqual(['TASKS1002']);
    await symlink('loop', join(home, 'loop'));
    expect(await codes(join(home, 'loop'))).toEqual(['TASKS1002']);
    expect((await refused({ stdin: join(home, 'nowhere') })).map((problem) => problem.code)).toEqual(['TASKS1001']);
  });

  test('a device is no plan', async () => {
    expect(await codes('/dev/zero')).toEqual(['TASKS1002']);
  });

  test('files beyond the limits are refused unread', async () => {
    await truncate(await put('big.json'), MAX_JSON_BYTES + 1);
    await truncate(await put('big.yaml'), MAX_YAML_BYTES + 1);
    expect(await codes(join(home, 'big.json'))).toEqual(['TASKS1003']);
    expect(await codes(join(home, 'big.yaml'))).toEqual(['TASKS1003']);
  });

  test('bytes that are no UTF-8 are refused; a byte order mark is not part of the text', async () => {
    expect(await codes(await put('latin.json', Buffer.from([0x5b, 0xe4, 0x5d])))).toEqual(['TASKS1002']);
    const marked = await put('marked.json', '\uFEFF[{"id": "a"}]');
    expect((await accepted({ path: marked })).plan.graph.name).toBe('marked');
  });

  test('a pipe is read when its writer comes, in as many pieces as it writes', async () => {
    const path = join(home, 'piped.json');
    await execa('mkfifo', [path]);
    const reading = accepted({ path });
    await execa('sh', ['-c', `{ printf '[{"id":'; sleep 0.1; printf '"a"}]'; } > "$0"`, path]);
    expect((await reading).plan.graph.tasks.map((task) => task.id)).toEqual(['a']);
  });

  test('a directory without a plan: what was looked for is listed', async () => {
    await put('package.json', '{"name": "x"}');
    const [problem] = await refused({ path: home });
    expect(problem).toMatchObject({ code: 'TASKS1005' });
    expect(problem?.hint).toMatch(/tasks\.v2\.json[\s\S]*/);
    await put('coordinator.json', '{"coordinator": {}}');
    expect((await refused({ path: home }))[0]?.hint).toContain('needs tasks.json beside it');
  });

  test('problems of several files come together, each under its own name', async () => {
    const first = await put('1.yaml', 'phase_id: A\ntasks:\n  - id: a\n    priority: 1st\n');
    const second = await put('2.yaml', 'phase_id: B\ndepends_on: [C]\ntasks: [{id: b}]\n');
    const problems = await refused({ path: home });
    expect(problems.map((problem) => problem.place?.file)).toEqual([first, second]);
    expect(summary(problems)).toEqual([['TASKS1006', 4], ['TASKS1203', 2]]);
  });

  test('tasks.v2.json is read where tasks.json lies beside it, and that is said', async () => {
    await put('tasks.v2.json', '[{"id": "two"}]');
    await put('tasks.json', '{"tasks": [{"id": "three"}], "dependencies": []}');
    const read = await accepted({ path: home });
    expect(read.plan.graph.tasks.map((task) => task.id)).toEqual(['two']);
    expect(read.warnings.map((warning) => warning.code)).toEqual(['TASKS1005']);
  });

  test('the plan is the same wherever it lies and however its path is written', async () => {
    const text = '{"name": "p", "tasks": [{"id": "a"}]}';
    for (const at of ['x', 'y']) {
      await mkdir(join(home, at));
      await put(`${at}/tasks.v2.json`, text);
    }
    const first = await accepted({ path: join(home, 'x') });
    expect((await accepted({ path: join(home, 'y', '.', 'tasks.v2.json') })).plan).toEqual(first.plan);
    expect(JSON.stringify(first.plan)).not.toContain(home);
  });
});

describe('the directory of commands', () => {
  test('what is given, then what the plan records, then the repository, then the plan itself', async () => {
    await mkdir(join(home, 'repo', 'plans', 'p'), { recursive: true });
    await mkdir(join(home, 'other'));
    const planPath = await put('repo/plans/p/tasks.v2.json');
    const workspace = (extra: object = {}, plan = {}) => resolveWorkspace({ plan, planPath, ...extra });
    expect(await workspace()).toBe(join(home, 'repo', 'plans', 'p'));
    await mkdir(join(home, 'repo', '.git'));
    expect(await workspace()).toBe(join(home, 'repo'));
    expect(await resolveWorkspace({ plan: {}, planPath: join(home, 'repo', 'plans') })).toBe(join(home, 'repo'));
    expect(await workspace({}, { codebasePath: '../../../other' })).toBe(join(home, 'other'));
    expect(await workspace({ codebasePath: home }, { codebasePath: '../../../other' })).toBe(home);
  });

  test('a path that is no directory is refused', async () => {
    const missing = resolveWorkspace({ codebasePath: join(home, 'gone'), plan: {} });
    await expect(missing).rejects.toMatchObject({ problems: [{ code: 'TASKS1001' }] });
  });
});
