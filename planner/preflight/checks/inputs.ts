/** Files that tasks say they read (`files_scope.reads`), and that are not there. */
import { quote } from '../../read/words.ts';
import type { Effects } from '../effects.ts';
import { isThere } from '../files.ts';
import type { Finding } from '../finding.ts';
import { fixedPart } from '../path-index.ts';
import { about } from '../survey.ts';
import type { Survey, SurveyedTask } from '../survey.ts';
import { afterWriters } from './after-writers.ts';

export const checkInputs = async (survey: Survey, effects: Effects): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  for (const task of survey.tasks) {
    for (const path of task.reads) {
      const finding = await lookAt(task, path, survey, effects);
      if (finding) findings.push(finding);
    }
  }
  return findings;
};

const lookAt = async (task: SurveyedTask, path: string, survey: Survey, effects: Effects): Promise<Finding | undefined> => {
  if (fixedPart(path) === '' || (await isThere(survey.workspace, path)) || effects.isNamedBefore(task, path)) return undefined;
  const message = `task ${quote(task.node.id)} reads ${quote(path)}, which is not there`;
  const writers = effects.writersBeside(task, path);
  if (writers.length > 0) {
    return about(task, { code: 'TASKS1507', certainty: 'certain', message: `${message}, and waits for none of those that write it`, suggestion: afterWriters(task, writers, path) });
  }
  // It may do without.
  return about(task, { code: 'TASKS1507', certainty: 'likely', message: `${message}, and no task before it says that it writes it`, hint: 'Mend the path, or name it in "artifacts" of the task that makes it.' });
};
