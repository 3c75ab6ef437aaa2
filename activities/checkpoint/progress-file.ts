/**
 * Follows the file to which a command appends what it reports. Looked at twice a second and once more at the end; a line
 * counts when its end is there. Whatever the command makes of the file (a pipe, a device, gigabytes), no look waits or
 * reads more than a bounded part.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail } from '../../model/problem.ts';
import { readReportJson } from './report-json.ts';
import { MAX_REPORT_LINE } from './report-scanner.ts';
import type { ReportResult } from './report.ts';

const LOOK_MS = 500;
const CHUNK = 64 * 1024;
/** Of all that it reports this way. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface ProgressFile {
  /** One more look, and none after it. Answers whether there was such a file. */
  stop(): Promise<boolean>;
}

export const followProgressFile = ({ path, found }: { readonly path: string; readonly found: (report: ReportResult) => void }): ProgressFile => {
  const decoder = new TextDecoder();
  let offset = 0;
  let held = '';
  let isTooLong = false;
  let isThere = false;

  const take = (text: string): void => {
    const lines = (held + text).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '' && !isTooLong) found(line.length > MAX_REPORT_LINE ? fail('a line of TASKS_PROGRESS_FILE is too long') : readReportJson(line));
      isTooLong = false;
    }
    if (held.length <= MAX_REPORT_LINE) return;
    if (!isTooLong) found(fail('a line of TASKS_PROGRESS_FILE is too long'));
    isTooLong = true;
    held = '';
  };

  const look = async (): Promise<void> => {
    try {
      await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      isThere = true;
      if (!(await file.stat()).isFile()) return;
      const buffer = Buffer.allocUnsafe(CHUNK);
      while (offset < MAX_BYTES) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK, offset);
        if (bytesRead === 0) return;
        offset += bytesRead;
        take(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
        if (offset >= MAX_BYTES) found(fail(`TASKS_PROGRESS_FILE has more than ${MAX_BYTES / 1024 / 1024} MB: the rest is not read`));
      }
    } catch {
      // Not there yet, or taken away again: nothing is reported this way.
    }
  };

  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await look();
      take('\n');
      return isThere;
    },
  };
};
