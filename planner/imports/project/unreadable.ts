/** Whether a directory that was named can be looked at, before anything in it is. */
import { readdir, stat } from 'node:fs/promises';
import type { Problem } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';

/** The reason why it cannot be, or undefined. */
export const whyUnreadable = async (root: string): Promise<Problem | undefined> => {
  const problem = (message: string): Problem => ({ code: 'TASKS5001', message, place: { file: root }, hint: 'Name the top directory of a project.' });
  try {
    if (!(await stat(root)).isDirectory()) return problem(`${quote(root)} is no directory`);
    await readdir(root);
    return undefined;
  } catch (error) {
    return problem(`${quote(root)} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`);
  }
};
