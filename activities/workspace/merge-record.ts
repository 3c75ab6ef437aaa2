/**
 * What an attempt is about to merge, and what it will report, written before it is merged: when its worker dies before the
 * report is heard, the next attempt finds the commit in the workspace's history, and does nothing twice.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import { parseAttemptResult } from '../../temporal/attempt.schema.ts';
import { writeWhole } from '../write-whole.ts';
import { asked } from './run-git.ts';

const recordSchema = z.object({ schema: z.literal(1), firstRunId: z.string(), source: z.string(), commit: z.string().regex(/^[0-9a-f]{40,64}$/u), result: z.unknown() });

const fileOf = (taskDirectory: string, attempt: number): string => join(taskDirectory, `${attempt}.merge.json`);

export const writeRecord = (taskDirectory: string, { input, result }: { readonly input: AttemptInput; readonly result: AttemptResult & { readonly commit: string } }): void =>
  writeWhole(fileOf(taskDirectory, input.attempt), JSON.stringify({ schema: 1, firstRunId: input.firstRunId, source: input.source, commit: result.commit, result }));

/** Undefined also for one of another execution of that name, and when the task was changed since. */
const readRecord = async (taskDirectory: string, attempt: number, { firstRunId, source, task }: AttemptInput): Promise<{ readonly commit: string; readonly result: AttemptResult } | undefined> => {
  const text = await readFile(fileOf(taskDirectory, attempt), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const record = recordSchema.parse(JSON.parse(text));
    const result = parseAttemptResult(record.result);
    const isIts = record.firstRunId === firstRunId && record.source === source && result?.task === task && result.attempt === attempt;
    return isIts ? { commit: record.commit, result } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The result of an attempt that was merged without anybody having heard of it: this one itself, when it is asked for
 * again, or one of those before it that were lost. Within the lock, after what was under way is finished.
 */
export const mergedBefore = async (options: { readonly input: AttemptInput; readonly taskDirectory: string; readonly top: string }): Promise<AttemptResult | undefined> => {
  const { input, taskDirectory, top } = options;
  for (let attempt = input.attempt; attempt >= (input.lostSince ?? input.attempt); attempt -= 1) {
    const record = await readRecord(taskDirectory, attempt, input);
    if (record && (await asked(['merge-base', '--is-ancestor', record.commit, 'HEAD'], { at: top })).exitCode === 0) return { ...record.result, attempt: input.attempt };
  }
  return undefined;
};
