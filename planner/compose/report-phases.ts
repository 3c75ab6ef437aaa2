/** The facts that each phase is told by (spec/002, "T.A.S.K.S. Analysis"). */
import type { ResourceConflict, Dependency } from '../artifacts/tasks.schema.ts';
import type { Breakdown } from '../breakdown/break-down.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import type { ReplanSummary } from '../replan/summary.ts';
import { summaryDetails, summaryLines } from '../replan/summary-text.ts';
import type { DraftedPlan } from '../drafters/draft-plan.ts';
import { counted } from '../read/words.ts';
import type { Requirements } from '../requirements/unit.ts';
import type { PhaseReport } from './phase-report.ts';

const listed = (names: readonly string[], most: number): string => (names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`);

export const reportCodebase = (codebase: CodebaseAnalysis): PhaseReport => {
  const sources = codebase.languages.reduce((sum, { files }) => sum + files, 0);
  return {
    phase: 1,
    title: 'Codebase Analysis',
    lines: [
      sources === 0 ? 'No sources: everything is new' : `Read ${counted(sources, 'source file')} (${listed(codebase.languages.map(({ language }) => language), 3)})`,
      ...(codebase.extensionPoints.length > 0 ? [`Found ${counted(codebase.extensionPoints.length, 'extension point')}: ${listed(codebase.extensionPoints, 4)}`] : []),
      ...(codebase.components.length > 0 ? [`Found ${counted(codebase.components.length, 'component')} in use in three places or more: ${listed(codebase.components, 4)}`] : []),
      ...codebase.resources.slice(0, 6).map(({ name, resource }) => `Shared: ${name} (${resource.type === 'exclusive' ? 'one at a time' : `${resource.capacity} at once`}), ${resource.location}`),
      ...(codebase.unparsed.length > 0 ? [`${counted(codebase.unparsed.length, 'file')} could not be parsed`] : []),
    ],
    details: [...codebase.unparsed.map(({ file, message }) => `${file}: ${message}`), ...codebase.existingApis.slice(0, 20)],
  };
};

export const reportFeatures = ({ features }: Breakdown, { units, clarifications, excludes }: Requirements): PhaseReport => ({
  phase: 2,
  title: 'Feature Extraction',
  lines: [
    `Read ${counted(units.length, 'requirement')}, ${units.filter(({ strength }) => strength === 'must').length} of them binding`,
    ...features.slice(0, 8).map(({ id, title }) => `${id}: ${title}`),
    ...(features.length > 8 ? [`… and ${features.length - 8} more`] : []),
    ...(excludes.length > 0 ? [`Out of scope: ${counted(excludes.length, 'statement')}`] : []),
    ...(clarifications.length > 0 ? [`To be clarified: ${counted(clarifications.length, 'point')} (coverage.json)`] : []),
  ],
  details: [...features.slice(8).map(({ id, title }) => `${id}: ${title}`), ...units.map(({ id, rule, text }) => `${id} ${rule}: ${text.slice(0, 100)}`)],
});

export const reportBreakdown = ({ tasks, normalizations, reuse }: Breakdown): PhaseReport => {
  const hours = tasks.map(({ duration }) => duration.mostLikely);
  const inRange = hours.filter((each) => each >= 2 && each <= 8).length;
  const split = normalizations.filter(({ kind }) => kind === 'split').length;
  const merged = normalizations.length - split;
  const extended = reuse.filter(({ chosen }) => chosen === 'extend').length;
  return {
    phase: 3,
    title: 'Task Generation',
    lines: [
      `Generated ${counted(tasks.length, 'task')}, ${Math.round((inRange / Math.max(1, tasks.length)) * 100)} % of them of 2 to 8 hours`,
      ...(split > 0 ? [`Split ${counted(split, 'task')} of more than 16 hours`] : []),
      ...(merged > 0 ? [`Merged ${counted(merged, 'task')} of less than half an hour`] : []),
      ...(extended > 0 ? [`${counted(extended, 'feature')} of ${reuse.length} build upon what is there`] : []),
    ],
    details: tasks.map(({ id, title, duration }) => `${id} ${title} (${duration.mostLikely} h)`),
  };
};

/** No phase of spec/001: undefined where nobody drafted. */
export const reportDraft = ({ report, usedDrafter, rounds }: DraftedPlan, contradicted: readonly string[]): PhaseReport => ({
  title: `Draft: ${usedDrafter ?? 'by rules'}`,
  lines: rounds,
  details: [...report, ...contradicted],
});

export const reportDependencies = ({ dependencies, conflicts }: { readonly dependencies: readonly Dependency[]; readonly conflicts: Readonly<Record<string, ResourceConflict>> }): PhaseReport => {
  const types = new Map<string, number>();
  for (const { type } of dependencies) types.set(type, (types.get(type) ?? 0) + 1);
  const names = Object.keys(conflicts);
  return {
    phase: 4,
    title: 'Dependency Discovery',
    lines: [
      ...(types.size === 0 ? ['Found no dependencies: everything can run at once'] : [...types].map(([type, count]) => `Found ${count} ${type.replaceAll('_', ' ')} ${count === 1 ? 'dependency' : 'dependencies'}`)),
      ...(names.length > 0 ? [`Resolved ${counted(names.length, 'resource conflict')}: ${listed(names, 4)}`] : []),
    ],
    details: dependencies.map(({ from, to, type, confidence, reason }) => `${from} → ${to} (${type}, ${confidence}): ${reason}`),
  };
};

export const reportDag = ({ dag: { metrics, cycle_break_suggestions: cycles } }: BuiltDag): PhaseReport => ({
  phase: 5,
  title: 'DAG Construction',
  lines: [
    `Built a graph of ${counted(metrics.nodes, 'task')} and ${counted(metrics.edges, 'edge')}`,
    `Longest chain: ${counted(metrics.longestPath, 'task')}`,
    `Up to ${metrics.widthApprox} side by side`,
    ...(cycles.length > 0 ? [`Broke ${counted(cycles.length, 'cycle')} (dag.json says where)`] : []),
  ],
  details: [],
});

/** Of a plan that goes on. */
export const reportChanges = (summary: ReplanSummary): PhaseReport => ({ title: 'Changes', lines: summaryLines(summary), details: summaryDetails(summary) });
