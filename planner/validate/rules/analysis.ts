/** TASKS1308: the plan says what it found in the code base. */
import { isRecord } from '../../read/read-task.ts';
import { findingAt } from '../finding.ts';
import { at, member } from '../item.ts';
import type { Rule } from '../rule.ts';

const CODE = 'TASKS1308';
const LISTS = ['existing_apis', 'reused_components', 'extension_points'] as const;

export const analysis: Rule = {
  code: CODE,
  check: (view) => {
    const found = at(view.file('tasks.json'), 'meta', 'codebase_analysis');
    const hint = 'Plan with --codebase-path; of an empty code base the lists are empty.';
    if (!isRecord(found.value)) return [findingAt({ code: CODE, message: 'there is no analysis of the code base: meta.codebase_analysis', where: found.where, hint })];
    const missing = [...LISTS.filter((key) => !Array.isArray(member(found, key).value)), ...(isRecord(member(found, 'shared_resources').value) ? [] : ['shared_resources'])];
    return missing.map((key) => findingAt({ code: CODE, message: `the analysis of the code base does not say: ${key}`, where: member(found, key).where, hint }));
  },
};
