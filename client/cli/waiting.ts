/** Saying what a command waits for, when it waits long for what only others can give. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from './context.ts';

const SAID_AFTER_MS = 2_000;

/** A plan that does not come: nobody has typed it, or nobody writes into the pipe. */
export const sayWaitingForPlan = async <T>({ out, cwd }: Pick<Context, 'out' | 'cwd'>, reference: string, read: Promise<T>): Promise<T> => {
  const say = async (): Promise<void> => {
    if (reference === '-') out.progress('Waiting for the plan on standard input');
    else if (await isPipe(resolve(cwd, reference))) out.progress(`Waiting for somebody to write the plan into ${reference}, which is a pipe`);
  };
  const timer = setTimeout(() => void say(), SAID_AFTER_MS);
  return read.finally(() => clearTimeout(timer));
};

const isPipe = (path: string): Promise<boolean> => stat(path).then((found) => found.isFIFO(), () => false);
