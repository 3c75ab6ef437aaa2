/** Directories that tasks work in. */
import { join } from 'node:path';
import { quote } from '../../read/words.ts';
import type { Effects } from '../effects.ts';
import { isDirectory } from '../files.ts';
import type { Finding } from '../finding.ts';
import { about, seenHere } from '../survey.ts';
import type { Survey, SurveyedTask } from '../survey.ts';
import { afterWriters } from './after-writers.ts';

export const checkDirectories = async (survey: Survey, effects: Effects): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  for (const task of survey.tasks) {
    const finding = await lookAt(task, survey, effects);
    if (finding) findings.push(finding);
  }
  return findings;
};

const lookAt = async (task: SurveyedTask, survey: Survey, effects: Effects): Promise<Finding | undefined> => {
  const { directory } = task;
  if (task.commands.length === 0 || directory === '.' || (await isDirectory(join(survey.workspace, directory)))) return undefined;
  // Itself it cannot make it: its command starts there.
  if (effects.isNamedBefore(task, directory)) return undefined;
  const message = `task ${quote(task.node.id)} works in the directory ${quote(directory)}, which is not there`;
  const writers = effects.writersBeside(task, directory);
  if (writers.length > 0) return about(task, { code: 'TASKS1506', certainty: 'certain', message: `${message}, and waits for none of those that make it`, suggestion: afterWriters(task, writers, directory) });
  const certainty = seenHere(survey, task, effects.isUntouchedBefore(task, directory));
  return about(task, { code: 'TASKS1506', certainty, message, hint: 'Mend the path, or have a task before it make it, and name it in "artifacts".' });
};
