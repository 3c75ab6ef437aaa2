import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadDevConfig } from '../../../client/dev/config.ts';
import { shippedConfig } from '../../../client/dev/paths.ts';
import { SEARCH_ATTRIBUTE } from '../../../model/message.ts';
import { TasksError } from '../../../model/problem.ts';
import type { Problem } from '../../../model/problem.ts';

let directory: string;
let shipped: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-config-'));
  shipped = await readFile(shippedConfig(), 'utf8');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const problemsOf = async (text: string): Promise<readonly Problem[]> => {
  const file = join(directory, 'temporal-dev.yml');
  await writeFile(file, text);
  const error: unknown = await loadDevConfig({ file }).catch((thrown: unknown) => thrown);
  if (!(error instanceof TasksError)) throw new Error('the file was accepted');
  return error.problems;
};

test('the shipped file holds the measured settings and the attributes that executions carry', async () => {
  const config = await loadDevConfig({ file: shippedConfig() });
  expect(config).toMatchObject({ ip: '127.0.0.1', ports: { grpc: 7233, ui: 8233 }, retentionDays: 30, database: 'default' });
  expect(config.dynamicConfig.get('history.transferProcessorMaxPollRPS')).toBe(2_000);
  expect(config.dynamicConfig.get('matching.useNewMatcher')).toBe(true);
  expect(config.pragmas).toEqual(new Map([['journal_mode', 'wal'], ['synchronous', 'normal']]));
  expect([...config.searchAttributes.keys()]).toEqual(Object.values(SEARCH_ATTRIBUTE));
});

describe('which file is read', () => {
  test('the shipped one, a local one before it, TASKS_DEV_CONFIG before both, a named one before all', async () => {
    const read = async (options: { file?: string; env?: Record<string, string> }) =>
      (await loadDevConfig({ directory, env: {}, ...options })).source;
    expect(await read({})).toBe(shippedConfig());
    await mkdir(join(directory, 'other'));
    const [local, other, named] = ['temporal-dev.yml', 'other/dev.yml', 'named.yml'].map((name) => join(directory, name));
    for (const file of [local, other, named]) await writeFile(file ?? '', shipped);
    expect(await read({})).toBe(local);
    expect(await read({ env: { TASKS_DEV_CONFIG: 'other/dev.yml' } })).toBe(other);
    expect(await read({ file: 'named.yml', env: { TASKS_DEV_CONFIG: 'other/dev.yml' } })).toBe(named);
  });

  test('a database path counts from the file that names it', async () => {
    await writeFile(join(directory, 'temporal-dev.yml'), shipped.replace('file: default', 'file: data/dev.db'));
    expect((await loadDevConfig({ directory, env: {} })).database).toBe(join(directory, 'data/dev.db'));
  });
});

describe('a damaged file is one error with the line, the excerpt and the way out', () => {
  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

  test.each([
    ['a port out of range', 'grpc: 7233', 'grpc: 72330', '72330'],
    ['an unknown key', 'retentionDays: 30', 'retentionDay: 30', 'retentionDay'],
    ['a wrong type', 'retentionDays: 30', 'retentionDays: long', 'long'],
    ['an unknown attribute type', 'TasksState: Keyword', 'TasksState: Keywrod', 'Keywrod'],
    ['a name that would be an option of another kind', 'journal_mode: wal', '"--x": wal', '"--x"'],
    ['a pragma with a statement in it', 'journal_mode: wal', 'journal_mode: "wal; drop table x"', '"wal; drop table x"'],
    ['an address that is none', 'ip: 127.0.0.1', 'ip: everywhere', 'everywhere'],
    ['YAML that does not parse', 'namespace: default', 'namespace: [default', '[default'],
    ['a key twice', 'namespace: default', 'namespace: default\nnamespace: other', 'namespace: other'],
  ])('%s', async (_name, from, to, part) => {
    const text = shipped.replace(from, to);
    const problems = await problemsOf(text);
    const found = problems.find((problem) => problem.place?.line === lineOf(text, part)) ?? problems[0];
    expect(found).toMatchObject({ code: 'TASKS2004', place: { file: join(directory, 'temporal-dev.yml') } });
    expect(found?.hint).toBeTruthy();
    if (!part.startsWith('[')) {
      expect(found?.place?.line).toBe(lineOf(text, part));
      expect(found?.excerpt?.text).toContain(part);
      expect(found?.excerpt?.text.slice(found.excerpt.from - 1)).toContain(part);
    }
  });

  test('every problem of the file at once', async () => {
    const text = shipped.replace('grpc: 7233', 'grpc: -1').replace('ui: 8233', 'ui: maybe').replace('retentionDays: 30', '');
    expect((await problemsOf(text)).map((problem) => problem.message.split(':')[0])).toEqual(['ports.grpc', 'ports.ui', 'retentionDays']);
  });

  test('an empty file, a list, a bomb of aliases, a file that is not there', async () => {
    expect((await problemsOf(''))[0]?.code).toBe('TASKS2004');
    expect((await problemsOf('- a'))[0]?.code).toBe('TASKS2004');
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(',')}]`)];
    expect((await problemsOf(bomb.join('\n')))[0]?.code).toBe('TASKS2004');
    await expect(loadDevConfig({ file: join(directory, 'none.yml') })).rejects.toThrow(/TASKS2004.*none\.yml/);
  });

  test('a key `__proto__` is refused like any other and changes nothing', async () => {
    const problems = await problemsOf(`${shipped}\n__proto__:\n  polluted: true\n`);
    expect(problems[0]?.code).toBe('TASKS2004');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
