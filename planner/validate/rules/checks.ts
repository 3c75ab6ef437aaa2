/** TASKS1306: every task has a check that a machine can run. */
import { checkSchema } from '../../../model/check.schema.ts';
import { quote } from '../../read/words.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { elements, member, saidOf, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';

const CODE = 'TASKS1306';

/** What is to be looked at, by the type of check. */
const SUBJECTS: ReadonlyMap<string, string> = new Map([
  ['command', 'cmd'],
  ['artifact', 'path'],
  ['metric', 'name'],
]);

const isRunnable = (check: Item): boolean => {
  const subject = SUBJECTS.get(textOf(member(check, 'type')) ?? '');
  return subject !== undefined && saidOf(member(check, subject)) !== undefined && checkSchema.safeParse(check.value).success;
};

export const checks: Rule = {
  code: CODE,
  check: ({ tasks }) =>
    tasks.flatMap((task) => {
      const listed = member(task, 'acceptance_checks');
      if (elements(listed).some(isRunnable)) return [];
      const name = quote(textOf(member(task, 'id')) ?? '');
      return findingAt({ code: CODE, message: `task ${name} has no acceptance check that a machine can run`, where: listed.where, hint: '{"type": "command", "cmd": "npm test"}, {"type": "artifact", "path": "docs/api.yaml"}, or a "metric" with its bounds.' });
    }),
};
