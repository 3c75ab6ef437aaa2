/** What a preflight has found, and what it changes, for people. */
import type { Finding } from '../../../planner/preflight/finding.ts';
import type { Operation } from '../../../planner/preflight/patch.ts';
import { oneLine } from '../markup.ts';
import { problemsText } from '../problem-text.ts';
import { counted } from './counts-text.ts';

const EDGES_SHOWN = 20;

export const findingsText = (findings: readonly Finding[]): string => {
  if (findings.length === 0) return 'Nothing was found.';
  const certain = findings.filter(({ certainty }) => certainty === 'certain');
  const likely = findings.filter(({ certainty }) => certainty === 'likely');
  const blocks = ([['certain', certain], ['likely', likely]] as const).filter(([, list]) => list.length > 0);
  return blocks.map(([kind, list]) => problemsText({ problems: list.map(withMend), kind })).join('\n');
};

/** What would mend it stands where people look for a way out. */
const withMend = (finding: Finding): Finding => {
  const edges = (finding.suggestion ?? []).flatMap((one) => (one.op === 'add_edge' ? one.edges : []));
  const tasks = (finding.suggestion ?? []).flatMap((one) => (one.op === 'inject_task' ? [one.task.id] : []));
  const [first] = edges;
  if (!first && tasks.length === 0) return finding;
  const more = edges.length > 1 ? ` and ${edges.length - 1} more` : '';
  const mend = first ? `the patch adds the ${first.type} dependency ${first.from} → ${first.to}${more}` : `the patch adds the task ${tasks.join(', ')}`;
  return { ...finding, hint: finding.hint === undefined ? mend : `${finding.hint} Or: ${mend}` };
};

const countsOf = (patch: readonly Operation[]): { readonly tasks: number; readonly edges: number } => ({
  tasks: patch.filter(({ op }) => op === 'inject_task').length,
  edges: patch.reduce((sum, { edges }) => sum + edges.length, 0),
});

export const patchLine = (patch: readonly Operation[]): string => {
  const { tasks, edges } = countsOf(patch);
  return `The patch has ${counted(tasks, 'task', 'tasks')} and ${counted(edges, 'dependency', 'dependencies')}`;
};

/** What was put into a plan. */
export const changesText = (patch: readonly Operation[]): readonly string[] => {
  const { tasks, edges } = countsOf(patch);
  const lines = patch.flatMap((operation) => [
    ...(operation.op === 'inject_task' ? [`  + ${operation.task.id}: ${oneLine(String(operation.task['cmd']))}`] : []),
    ...operation.edges.map(({ from, to, type, reason }) => `  ${from} → ${to} (${type}): ${oneLine(reason)}`),
  ]);
  const hidden = lines.length - EDGES_SHOWN;
  return [`Preflight puts ${counted(tasks, 'task', 'tasks')} and ${counted(edges, 'dependency', 'dependencies')} into the plan:`, ...lines.slice(0, EDGES_SHOWN), ...(hidden > 0 ? [`  … and ${hidden} more`] : [])];
};
