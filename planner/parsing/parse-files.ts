/** Parses many files in a few processes of their own, and outlives every one of them. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parserEntry } from './parser-entry.ts';
import type { ParseReply, ParseTask } from './protocol.ts';

const MAX_PROCESSES = 4;
const BATCH = 64;

export interface ParseFilesOptions<T> {
  readonly task: ParseTask;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Milliseconds for one file. */
  readonly limitMs: number;
  /** The answer for a file that no parser could give one for. */
  readonly failed: (message: string) => T;
  /** Called after each file. */
  readonly onParsed?: (done: number) => void;
}

/**
 * Every file gets an answer. One that ends the parser, or holds it up, is left out with a fault; what stood behind
 * it is parsed again by the next process. Ends its processes before it returns.
 *
 * @throws TasksError TASKS5006 when no parser can be started.
 */
export const parseFiles = async <T>({ task, files, limitMs, failed, onParsed }: ParseFilesOptions<T>): Promise<ReadonlyMap<string, T>> => {
  const entry = parserEntry();
  const parsed = new Map<string, T>();
  const take = (file: string, answer: T): void => {
    parsed.set(file, answer);
    onParsed?.(parsed.size);
  };
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < files.length; from += BATCH) batches.push(files.slice(from, from + BATCH));
  const work = async (): Promise<void> => {
    let parser: Parser | undefined;
    try {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        parser ??= startParser(entry);
        // A parser's program answers with what its task is for.
        const left = await parser.parse({ task, files: batch, limitMs, take: (file, answer) => take(file, answer as T) });
        if (left.length === 0) continue;
        parser = undefined;
        // Which one it was is certain only when it was alone.
        if (batch.length === 1) for (const file of left) take(file, failed('the parser broke down over it, or took too long'));
        else batches.unshift(...left.map((file) => [file]));
      }
    } finally {
      parser?.stop();
    }
  };
  const processes = Math.min(MAX_PROCESSES, availableParallelism(), batches.length);
  await Promise.all(Array.from({ length: processes }, work));
  return parsed;
};

interface Work {
  readonly task: ParseTask;
  readonly files: readonly string[];
  readonly limitMs: number;
  readonly take: (file: string, answer: unknown) => void;
}

interface Parser {
  /** Answers what it could not get to: then it has ended. */
  parse(work: Work): Promise<readonly string[]>;
  stop(): void;
}

const startParser = (entry: string): Parser => {
  const child: ChildProcess = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  // One that has ended says so by `exit`.
  child.on('error', () => undefined);
  return {
    parse: ({ task, files, limitMs, take }) =>
      new Promise((resolve) => {
        const left = new Set(files);
        let timer: NodeJS.Timeout | undefined;
        const finish = (): void => {
          clearTimeout(timer);
          child.off('message', hear);
          child.off('exit', finish);
          child.off('error', finish);
          resolve([...left]);
        };
        const wait = (): void => {
          clearTimeout(timer);
          timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
        };
        const hear = (message: unknown): void => {
          const { file, parsed } = message as ParseReply;
          left.delete(file);
          take(file, parsed);
          if (left.size === 0) finish();
          else wait();
        };
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve(files);
          return;
        }
        child.on('message', hear);
        child.once('exit', finish);
        child.once('error', finish);
        wait();
        child.send({ task, files });
      }),
    stop: () => void child.kill('SIGKILL'),
  };
};
