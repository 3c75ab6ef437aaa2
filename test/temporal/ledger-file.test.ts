import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';
import type { LedgerLine } from '../../model/ledger.ts';
import { lineOfResult } from '../../temporal/ledger-line.ts';
import { writeLedgerFile } from '../../temporal/ledger.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'tasks-ledger-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const startedAt = new Date('2025-08-19T00:02:59.999Z');
const linesOf = (execution: string, attempts = 1): LedgerLine[] =>
  Array.from({ length: attempts }, (_, index) =>
    lineOfResult(
      { execution: execution as ExecutionId, plan: 'a'.repeat(64) as ContentHash },
      { task: 'T' as TaskId, attempt: index + 1, outcome: 'succeeded', startedAt: 0, finishedAt: 1, worker: 'w', host: 'h', tail: '' },
    ),
  );
const write = (lines: readonly LedgerLine[]): Promise<string> => writeLedgerFile({ lines, workspace, startedAt });
const files = async (): Promise<string[]> => (await readdir(join(workspace, 'provenance'))).sort();

test('the file is named by the minute of the start and holds one line an attempt', async () => {
  const path = await write(linesOf('e1', 2));
  expect(path).toBe(join(workspace, 'provenance', '2025-08-19T00-02Z.jsonl'));
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(linesOf('e1', 2));
});

test('another execution of the same minute gets a file of its own', async () => {
  const paths = await Promise.all(['e1', 'e2', 'e3'].map((execution) => write(linesOf(execution))));
  expect(new Set(paths).size).toBe(3);
  expect(await files()).toEqual(['2025-08-19T00-02Z-2.jsonl', '2025-08-19T00-02Z-3.jsonl', '2025-08-19T00-02Z.jsonl']);
});

test('writing again replaces the file of the same execution, wherever it is', async () => {
  await write(linesOf('e1'));
  const second = await write(linesOf('e2'));
  expect(await write(linesOf('e2', 5))).toBe(second);
  expect((await readFile(second, 'utf8')).split('\n')).toHaveLength(6);
  expect(await files()).toHaveLength(2);
});

test('an execution without attempts has an empty ledger, written once', async () => {
  expect(await write([])).toBe(await write([]));
  expect(await files()).toHaveLength(1);
});

test('a file that is no ledger is left alone', async () => {
  const first = await write(linesOf('e1'));
  await writeFile(first, 'notes of mine');
  expect(await write(linesOf('e1'))).not.toBe(first);
  expect(await readFile(first, 'utf8')).toBe('notes of mine');
});

test('a workspace that cannot be written is an error with a code, and nothing is left behind', async () => {
  await writeFile(join(workspace, 'provenance'), '');
  await expect(write(linesOf('e1'))).rejects.toThrow('[TASKS4003]');
  expect(await readdir(workspace)).toEqual(['provenance']);
});
