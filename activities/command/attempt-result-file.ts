/**
 * The result of an attempt on disk. An attempt that runs straight from the execution may be asked for again
 * (after a reset, or when its worker died after the command): then what is written here is the answer.
 */
import { readFile } from 'node:fs/promises';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import type { PreviousFailure } from '../briefing/prompt.ts';
import { writeWhole } from '../write-whole.ts';
import type { AttemptFiles } from './attempt-files.ts';

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

/** Attempts in a row that may have left no result: their worker died, or never took them. */
const MAX_SILENT = 10;

/** The last earlier attempt of the same task, in this run of the execution, that failed here. */
export const readFailure = async ({ files, input }: { files: Pick<AttemptFiles, 'resultOf'>; input: AttemptInput }): Promise<PreviousFailure | undefined> => {
  for (let attempt = input.attempt - 1; attempt >= Math.max(1, input.attempt - MAX_SILENT); attempt -= 1) {
    const { result, firstRunId } = await readFile(files.resultOf(attempt), 'utf8').then((text) => JSON.parse(text) as Partial<ResultFile>, (): Partial<ResultFile> => ({})).catch((): Partial<ResultFile> => ({}));
    if (firstRunId !== input.firstRunId || !result?.failure) continue;
    const { reason, class: of, kind, message } = result.failure;
    return { attempt, reason, class: of, ...(kind && { kind }), message, tail: result.tail, ...(result.log !== undefined && { log: result.log }) };
  }
  return undefined;
};

/** A reader finds the whole result or none. */
export const writeResult = ({ path, input, result }: { path: string; input: AttemptInput; result: AttemptResult }): void => {
  const file: ResultFile = { schema: 1, firstRunId: input.firstRunId, source: input.source, result };
  writeWhole(path, JSON.stringify(file));
};
