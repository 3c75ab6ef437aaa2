/** A question before something that cannot be taken back. */
import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';

export interface Question {
  readonly ask: string;
  /** What would be done, for whoever cannot be asked: "this deletes plans". */
  readonly does: string;
  readonly declined: string;
}

/** @throws TasksError TASKS3010 when nobody can be asked, or the answer is no. */
export const confirm = async ({ values }: Context, { ask, does, declined }: Question): Promise<void> => {
  if (values.flag('yes')) return;
  if (values.flag('no-input') || !process.stdin.isTTY || !process.stderr.isTTY) throw usageError(`${does} and nobody can be asked`, 'say --yes, or look first with --dry-run');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${ask} [y/N] `);
    if (!/^y(es)?$/iu.test(answer.trim())) throw usageError(declined);
  } finally {
    prompt.close();
  }
};
