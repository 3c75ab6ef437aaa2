/** `tasks plan --interactive`: the person decides before anything is kept. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import type { PlanBundle } from '../../planner/artifacts/bundle.ts';
import { usageError } from './errors.ts';
import type { Context } from './context.ts';
import type { PlanSource } from './plan-source.ts';

export const REVIEW_ANSWERS = ['approve', 'edit', 'regenerate', 'abort'] as const;
export type ReviewAnswer = (typeof REVIEW_ANSWERS)[number];

/** @throws TasksError TASKS3010 where nobody can be asked. */
export const checkInteractive = ({ values }: Context): void => {
  if (values.flag('no-input') || !process.stdin.isTTY || !process.stderr.isTTY) throw usageError('--interactive asks, and nobody can be asked here', 'leave it out: the plan is written, and `tasks show-plan` shows it');
};

/** A whole answer or the beginning of one; undefined for anything else. */
export const readAnswer = (text: string): ReviewAnswer | undefined => {
  const said = text.trim().toLowerCase();
  return said === '' ? undefined : REVIEW_ANSWERS.find((answer) => answer.startsWith(said));
};

/** Shows where Plan.md can be read meanwhile, asks until there is an answer, and leaves nothing behind. End of input is "abort". */
export const review = async ({ out }: Context, bundle: PlanBundle): Promise<ReviewAnswer> => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-plan-'));
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const file = join(directory, 'Plan.md');
    await writeFile(file, bundle.plan);
    out.progress(`The plan to be reviewed: ${file}`);
    for (;;) {
      const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('abort')));
      const answer = readAnswer(await Promise.race([prompt.question(`Review plan? [${REVIEW_ANSWERS.join('/')}] `), closed]));
      if (answer) return answer;
    }
  } finally {
    prompt.close();
    await rm(directory, { recursive: true, force: true });
  }
};

/** The document, as it is after the person's editor has ended: of a file the file itself, else a copy. @throws TasksError TASKS3010 without an editor, or when that fails. */
export const edit = async ({ environment, cwd }: Context, source: PlanSource): Promise<PlanSource> => {
  const editor = environment['VISUAL'] || environment['EDITOR'];
  if (!editor) throw usageError('there is no editor', 'set EDITOR, or change the document and answer "regenerate"');
  const directory = source.path === undefined ? await mkdtemp(join(tmpdir(), 'tasks-plan-')) : undefined;
  const file = source.path ?? join(directory ?? '', 'description.md');
  try {
    if (directory !== undefined) await writeFile(file, source.bytes);
    // An editor may have arguments, as for git.
    const { exitCode } = await execa('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', cwd, reject: false });
    if (exitCode !== 0) throw usageError(`the editor ended with ${exitCode ?? 'a signal'}`);
    return { ...source, bytes: await readFile(file) };
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
};
