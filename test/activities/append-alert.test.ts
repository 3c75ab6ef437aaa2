/** Lines of alerts in a file of the workspace: each once, whole, and nowhere else. */
import { appendFile, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { appendAlert } from '../../activities/append-alert.ts';
import type { AlertLine } from '../../model/activity.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { temporaryDirectory } from './rig.ts';

const workspace = await temporaryDirectory();
afterAll(() => rm(workspace, { recursive: true, force: true }));

const line = (id: string): AlertLine => ({ id, timestamp: '2026-01-01T00:00:00.000Z', execution: 'e1' as ExecutionId, alert: 'a', state: 'firing', condition: 'running > 1', action: 'report', metrics: {} });
const append = (id: string, file = 'out/alerts.jsonl') => appendAlert({ workspace, file, line: line(id) });
const ids = async (): Promise<readonly string[]> => (await readFile(join(workspace, 'out/alerts.jsonl'), 'utf8')).trim().split('\n').map((text) => (JSON.parse(text) as AlertLine).id);

test('each is there once, however often it is tried', async () => {
  for (const id of ['1', '2', '1', '2', '"}\n{', '"}\n{']) expect(await append(id)).toEqual({});
  expect(await ids()).toEqual(['1', '2', '"}\n{']);
});

test('half a line that a full disk has left is none, and does not spoil the next', async () => {
  await appendFile(join(workspace, 'out/alerts.jsonl'), JSON.stringify(line('4')).slice(0, 20));
  expect(await append('4')).toEqual({});
  const lines = (await readFile(join(workspace, 'out/alerts.jsonl'), 'utf8')).split('\n');
  expect(lines.at(-2)).toBe(JSON.stringify(line('4')));
});

test('nothing is written outside the workspace, or to what is no file', async () => {
  await symlink(tmpdir(), join(workspace, 'away'));
  await execa('mkfifo', [join(workspace, 'pipe')]);
  for (const file of ['../x.jsonl', 'away/x.jsonl']) expect((await append('5', file)).problem).toBeDefined();
  expect(await append('5', 'pipe')).toEqual({ problem: '"pipe" is no file' });
});
