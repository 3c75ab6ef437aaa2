/**
 * Real pipes for the output of commands. Node connects a child by sockets, and a socket cannot be opened by
 * its name: `echo x > /dev/stderr` would fail in every command. Named pipes can; stdout and stderr share one,
 * so that what is written stays in order. They are made a batch at a time, because only a program can make them.
 */
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeScratch, removeScratch, showLife, signOfLife } from './scratch.ts';

const BATCH = 16;
const LOW = 8;

export interface OutputPipe {
  /** Ends when every process that holds the other end has closed it. */
  readonly readable: Socket;
  /** For the child; closed by {@link handedOver}. */
  readonly writable: number;
  handedOver(): void;
  /** Gives the pipe back. `clean`: its end was seen, so that nobody can write into it any more. */
  release(options: { readonly clean: boolean }): void;
}

export interface FifoPool {
  /** Resolves when there are pipes, or it is known that there will be none. */
  readonly ready: Promise<void>;
  /** Where they lie; removed by {@link close}. */
  readonly directory: string | undefined;
  /** Undefined when there is none: the caller does without. */
  take(): OutputPipe | undefined;
  close(): void;
}

const run = promisify(execFile);

export const createFifoPool = (): FifoPool => {
  const free: string[] = [];
  let directory: string | undefined;
  let made = 0;
  let making: Promise<void> | undefined;
  let broken = false;

  const make = async (): Promise<void> => {
    try {
      const isFirst = directory === undefined;
      const place = (directory ??= makeScratch());
      const paths = Array.from({ length: BATCH }, (_, n) => join(place, String(made + n)));
      made += BATCH;
      await run('mkfifo', ['-m', '600', ...paths, ...(isFirst ? [signOfLife(place)] : [])]);
      if (isFirst) showLife(place);
      free.push(...paths);
    } catch {
      broken = true;
    }
    making = undefined;
  };

  const refill = (): Promise<void> => {
    if (broken || free.length >= LOW) return Promise.resolve();
    making ??= make();
    return making;
  };

  const open = (path: string): OutputPipe => {
    // The reader first and without waiting; the writer then finds a reader, and blocks as programs expect.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writable = openSync(path, constants.O_WRONLY);
    return {
      readable: new Socket({ fd: reader, readable: true, writable: false }),
      writable,
      handedOver: () => closeSync(writable),
      release: ({ clean }) => {
        if (clean) free.push(path);
        else rmSync(path, { force: true });
      },
    };
  };

  return {
    ready: refill(),
    get directory() {
      return directory;
    },
    take: () => {
      const path = free.pop();
      void refill();
      if (path === undefined) return undefined;
      try {
        return open(path);
      } catch {
        return undefined;
      }
    },
    close: () => {
      broken = true;
      if (directory !== undefined) removeScratch(directory);
    },
  };
};
