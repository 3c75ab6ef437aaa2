/** What a plan is like in numbers: those that spec/001 has thresholds for, and those that it asks to report. */
import { ancestorsOf } from '../../scheduler/graph/ancestors.ts';
import { reduced } from '../graph/reduced.ts';
import { isVerbFirst } from '../artifacts/verb-first.ts';
import { COVERAGE_NAME } from '../artifacts/bundle.ts';
import type { Item } from './item.ts';
import { at, elements, member, numberOf, textOf } from './item.ts';
import { isCovered, isNormative } from './rules/coverage-references.ts';
import { isEstimated } from './rules/estimates.ts';
import { isCited, isReasoned } from './rules/evidence.ts';
import type { V3View } from './view.ts';

export const DENSITY = { least: 0.05, most: 0.5 } as const;
export const MIN_VERB_FIRST = 0.8;
export const MIN_EVIDENCE = 0.95;
export const TASK_HOURS = { least: 0.5, most: 16, from: 2, to: 8 } as const;

/** Shares are from 0 to 1. */
export interface PlanMetrics {
  readonly features: number;
  readonly tasks: number;
  readonly dependencies: number;
  /** Edges that gate, over those there could be: each counts once, mutual exclusions among them. */
  readonly edgeDensityBeforeReduction: number;
  /** Without those that follow from others. */
  readonly edgeDensity: number;
  readonly verbFirst: number;
  /** Tasks and dependencies with evidence. */
  readonly evidence: number;
  readonly estimated: number;
  /** Of those with an estimate: most likely 2 to 8 hours. */
  readonly wellSized: number;
  /** Tasks that extend or import what is there already. */
  readonly reuse: number;
  /** Requirements with a task, or a reason why none; undefined without `coverage.json`. */
  readonly normativeCovered?: number;
}

const HOURS: ReadonlyMap<string, number> = new Map([
  ['minutes', 1 / 60],
  ['hours', 1],
  ['days', 8],
]);

/** Most likely; undefined where nothing is said. A number alone is that. */
export const hoursOf = (task: Item): number | undefined => {
  const duration = member(task, 'duration');
  const amount = numberOf(duration) ?? numberOf(member(duration, 'mostLikely'));
  const unit = HOURS.get(textOf(member(task, 'durationUnits')) ?? 'hours');
  return amount === undefined || unit === undefined ? undefined : amount * unit;
};

const shareOf = <T>(items: readonly T[], has: (item: T) => boolean): number => (items.length === 0 ? 1 : items.filter(has).length / items.length);

const edgeCounts = ({ graph }: V3View): { readonly before: number; readonly after: number } => {
  const count = (preds: readonly (readonly number[])[]): number => preds.reduce((sum, list) => sum + list.length, 0);
  const kept = reduced(graph.hard, ancestorsOf(graph.hard));
  // Mutual exclusions are never reduced away.
  const exclusions = new Set(graph.edges.flatMap(({ gates, isResource, from, to }) => (gates && isResource && !kept[to]?.includes(from) ? [`${from} ${to}`] : [])));
  return { before: count(graph.directed), after: count(kept) + exclusions.size };
};

const reuses = (task: Item): boolean => ['extends', 'imports'].some((key) => elements(at(task, 'reuses_existing', key)).length > 0);

export const metricsOf = (view: V3View): PlanMetrics => {
  const { tasks, dependencies, features } = view;
  const { before, after } = edgeCounts(view);
  const pairs = tasks.length * (tasks.length - 1);
  const density = (edges: number): number => (pairs === 0 ? 0 : edges / pairs);
  const hours = tasks.flatMap((task) => hoursOf(task) ?? []);
  const evident = tasks.filter(isCited).length + dependencies.filter(isReasoned).length;
  const normative = elements(member(view.file(COVERAGE_NAME), 'requirements')).filter(isNormative);
  return {
    features: features.length,
    tasks: tasks.length,
    dependencies: dependencies.length,
    edgeDensityBeforeReduction: density(before),
    edgeDensity: density(after),
    verbFirst: shareOf(tasks, (task) => isVerbFirst(textOf(member(task, 'title')) ?? '')),
    evidence: tasks.length + dependencies.length === 0 ? 1 : evident / (tasks.length + dependencies.length),
    estimated: shareOf(tasks, isEstimated),
    wellSized: shareOf(hours, (each) => each >= TASK_HOURS.from && each <= TASK_HOURS.to),
    reuse: tasks.length === 0 ? 0 : tasks.filter(reuses).length / tasks.length,
    ...(view.documents.has(COVERAGE_NAME) && { normativeCovered: shareOf(normative, isCovered) }),
  };
};
