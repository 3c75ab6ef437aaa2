/**
 * The result of an attempt on disk. An attempt that runs straight from the execution may be asked for again
 * (after a reset, or when its worker died after the command): then what is written here is the answer.
 */
import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';

interface ResultFile {
  readonly schema: 1;
  readonly firstRunId: string;
  readonly source: string;
  readonly result: AttemptResult;
}

/** The earlier result of exactly this attempt, if it ran to an end. One that was cut short is run again. */
export const readEarlierResult = async ({ path, input }: { path: string; input: AttemptInput }): Promise<AttemptResult | undefined> => {
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as Partial<ResultFile> | null;
    if (file?.schema !== 1 || file.firstRunId !== input.firstRunId || file.source !== input.source) return undefined;
    const { result } = file;
    if (result?.task !== input.task || result.attempt !== input.attempt) return undefined;
    return result.outcome === 'succeeded' || result.outcome === 'failed' ? result : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Atomic: a reader finds the whole result or none. Synchronous, because four turns through the thread pool
 * would be a third of what an attempt costs beside its command.
 */
export const writeResult = ({ path, input, result }: { path: string; input: AttemptInput; result: AttemptResult }): void => {
  const file: ResultFile = { schema: 1, firstRunId: input.firstRunId, source: input.source, result };
  const temporary = `${path}.${randomUUID()}.tmp`;
  writeFileSync(temporary, JSON.stringify(file), { mode: 0o600 });
  renameSync(temporary, path);
};
