/** The files of all tasks of a plan, within what a graph can carry. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import { MAX_TASK_FILES } from '../../model/late-edge.ts';
import type { TaskFiles } from '../../model/late-edge.ts';
import { markedAs } from '../../model/sentinel.ts';
import type { Draft, Findings } from '../read/draft.ts';
import { problemAt } from '../read/source.ts';
import { counted, quote } from '../read/words.ts';
import { filesOf, hasMoreFiles } from './task-files.ts';

/** Of JSON: about as much as 10,000 tasks come to without them. */
const MAX_CHARACTERS = 800_000;

/** By index of the draft's tasks; none where the policy is `off`. What is left out is said. */
export const graphFiles = (draft: Draft, findings: Findings): readonly (TaskFiles | undefined)[] => {
  const { tasks, policies, where } = draft;
  if ((policies.lateBoundEdges ?? DEFAULT_POLICIES.lateBoundEdges) === 'off') return [];
  const warn = (message: string): void => {
    findings.warnings.push(problemAt({ code: 'TASKS1207', message: `${message}: late edges are not found by it`, where, hint: 'Name directories instead of single files.' }));
  };
  let left = MAX_CHARACTERS;
  let dropped = 0;
  const long = tasks.filter(({ spec }) => hasMoreFiles(spec.fields));
  if (long.length > 0) warn(`${counted(long.length, 'task')} (the first is ${quote(long[0]?.id ?? '')}) ${long.length === 1 ? 'names' : 'name'} more than ${MAX_TASK_FILES} paths of one kind, and the rest is not looked at`);
  const files = tasks.map(({ node, spec }) => {
    // Sentinels and canaries have a place of their own in the graph.
    const own = markedAs(node).mark ? undefined : filesOf(spec.fields);
    left -= own ? JSON.stringify(own).length : 0;
    if (own && left < 0) dropped += 1;
    return left < 0 ? undefined : own;
  });
  if (dropped > 0) warn(`the paths that the tasks name come to more than ${MAX_CHARACTERS.toLocaleString('en')} characters, and those of the last ${counted(dropped, 'task')} are not looked at`);
  return files;
};
