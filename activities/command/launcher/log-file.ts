/**
 * The log of one attempt on disk: created at the first output, rotated so that it never grows beyond two
 * files of `limit` bytes (`<path>` is the newest). Writes are synchronous on purpose: a command that writes
 * faster than the disk is slowed down by its full pipe, and nothing piles up in memory.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export interface LogFile {
  write(text: string): void;
  /** Undefined as long as nothing was written. */
  readonly path: string | undefined;
  close(): void;
}

export interface LogFileOptions {
  readonly path: string;
  readonly limit: number;
  /** Written before the first output. */
  readonly heading?: string | undefined;
}

export const createLogFile = ({ path, limit, heading }: LogFileOptions): LogFile => {
  let file: number | undefined;
  let size = 0;
  let failed = false;
  let written = false;

  const open = (): number => {
    const opened = openSync(path, 'a', 0o600);
    size = fstatSync(opened).size;
    return opened;
  };

  const append = (text: string): void => {
    const bytes = Buffer.from(text, 'utf8');
    file ??= open();
    if (size > 0 && size + bytes.length > limit) {
      closeSync(file);
      file = undefined;
      renameSync(path, `${path}.1`);
      file = open();
    }
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    size += bytes.length;
    written = true;
  };

  return {
    get path() {
      return written ? path : undefined;
    },
    write: (text) => {
      if (failed || text === '') return;
      try {
        if (!written && heading) append(`${heading}\n`);
        append(text);
      } catch {
        // A full disk must end neither the command nor the launcher; the tail is still reported.
        failed = true;
      }
    },
    close: () => {
      if (file === undefined) return;
      const open = file;
      file = undefined;
      closeSync(open);
    },
  };
};
