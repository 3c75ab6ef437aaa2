/**
 * Tasks and dependencies to the graph that runs (spec/001, phase 6): what is hard and certain enough gates, cycles are broken,
 * what follows from other edges is left out, and the rest is kept apart as what only orders.
 *
 * `topo_order` is Kahn's, layer by layer, in the order of the document within a layer. It follows soft dependencies as well,
 * because an execution waits for them, too. All numbers are of the reduced edges.
 *
 * @example
 * const built = buildDag({ tasks, dependencies, minConfidence: 0.7, resources, isVerbFirst });
 * if (!built.ok) throw new TasksError(built.error);
 */
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { ancestorsOf } from '../../scheduler/graph/ancestors.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import type { Dag, DagMetrics } from '../artifacts/dag.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Dependency, SharedResource } from '../artifacts/tasks.schema.ts';
import { reduced } from '../graph/reduced.ts';
import { breakCycles } from './break-cycles.ts';
import type { BuiltDag } from './built-dag.ts';
import { cycleProblems, pathOf, suggestionOf } from './cycle-problems.ts';
import { countByType, densityOf, rounded, shapeOf } from './metrics.ts';
import { orderEdges } from './order-edges.ts';
import type { Ordered } from './order-edges.ts';
import { overlapSuspects } from './overlap.ts';
import { byTasks, pairsOf, predsOf } from './pairs.ts';
import type { Pair, Placed } from './pairs.ts';
import { placeDependencies } from './place-dependencies.ts';
import type { PlacedDependencies } from './place-dependencies.ts';
import { excessProblems, sharedUse, utilizationOf } from './shared-use.ts';
import type { SharedUse } from './shared-use.ts';

const SAMPLE = 20;
const MAX_PROBLEMS = 100;

export interface BuildDagOptions {
  readonly tasks: readonly PlannedTask[];
  readonly dependencies: readonly Dependency[];
  readonly minConfidence: number;
  /** `meta.codebase_analysis.shared_resources`. */
  readonly resources: Readonly<Record<string, SharedResource>>;
  readonly isVerbFirst: (title: string) => boolean;
}

/** A plan's graph, in the parts that its artifact is written from. */
interface Parts extends BuildDagOptions {
  readonly placed: PlacedDependencies;
  readonly broken: ReturnType<typeof breakCycles>['broken'];
  readonly ordered: Ordered;
  /** After the transitive reduction. */
  readonly hard: readonly Pair[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
  readonly uses: readonly SharedUse[];
  /** All that do not act any more. */
  readonly lost: ReadonlySet<Dependency>;
}

const isUncertain = ({ isHard }: Dependency): boolean => isHard;

const metricsOf = (parts: Parts): DagMetrics => {
  const { tasks, minConfidence, isVerbFirst, placed, ordered, edges, uses, lost } = parts;
  const kept = [...placed.gates.filter(({ dependency }) => !lost.has(dependency)), ...ordered.exclusions];
  const dropped = [...placed.gates.filter(({ dependency }) => lost.has(dependency)), ...placed.soft].map(({ dependency }) => dependency);
  const { width, longestPath, isolated } = shapeOf(predsOf(tasks.length, edges));
  return {
    minConfidenceApplied: minConfidence,
    keptByType: countByType(kept.map(({ dependency }) => dependency)),
    droppedByType: countByType([...dropped, ...placed.onItself]),
    nodes: tasks.length,
    edges: edges.length,
    edgeDensity: rounded(densityOf(edges.length, tasks.length)),
    edgeDensityBeforeReduction: rounded(densityOf(pairsOf(kept, tasks.length).length, tasks.length)),
    widthApprox: width,
    widthMethod: 'kahn_layer_max',
    longestPath,
    isolatedTasks: isolated,
    lowConfidenceEdgesExcluded: placed.soft.filter(({ dependency }) => isUncertain(dependency)).length,
    verbFirstPct: tasks.length === 0 ? 1 : rounded(tasks.filter(({ title }) => isVerbFirst(title)).length / tasks.length),
    meceOverlapSuspects: overlapSuspects(tasks).length,
    mutualExclusionEdges: ordered.exclusions.filter(({ dependency }) => dependency.type === 'mutual_exclusion').length,
    resourceConstrainedTasks: new Set(uses.flatMap(({ units }) => [...units.keys()])).size,
    resourceUtilization: utilizationOf(uses),
  };
};

const warningsOf = ({ tasks, placed, broken, ordered }: Parts): string[] => {
  const idOf = (index: number): string => tasks[index]?.id ?? '';
  const pair = ({ from, to }: { readonly from: number; readonly to: number }): string => `${idOf(from)} → ${idOf(to)}`;
  return [
    ...placed.onItself.map(({ from }) => `${from} was said to depend on itself: left out`),
    ...broken.map(({ cycle, removed }) => `${pair(removed)} was left out: the least certain dependency of the cycle ${pathOf(cycle, idOf)}`),
    ...ordered.turned.map((each) => `${pair(each)} (${each.dependency.type}) was turned round: other dependencies say the opposite`),
    ...ordered.givenUp.map((each) => `${pair(each)} (soft) was left out: it would have closed a cycle`),
  ];
};

const leftOut = ({ dependency: { from, to, type, reason, confidence, isHard } }: Placed): Dag['softDeps'][number] => ({ from, to, type, reason, confidence, isHard });

const dagOf = (parts: Parts): BuiltDag['dag'] => {
  const { tasks, ordered, edges, broken } = parts;
  const idOf = (index: number): string => tasks[index]?.id ?? '';
  const { order } = orderOf(predsOf(tasks.length, [...edges, ...ordered.soft]));
  const pairs = edges.map(({ from, to }): [string, string] => [idOf(from), idOf(to)]);
  const soft = ordered.soft.toSorted(byTasks);
  return {
    ok: true,
    errors: [],
    warnings: warningsOf(parts),
    metrics: metricsOf(parts),
    topo_order: order.map(idOf),
    reduced_edges: pairs,
    reduced_edges_sample: pairs.slice(0, SAMPLE),
    resource_bottlenecks: [],
    softDeps: soft.filter(({ dependency }) => !isUncertain(dependency)).map(leftOut),
    lowConfidenceDeps: soft.filter(({ dependency }) => isUncertain(dependency)).map(leftOut),
    cycle_break_suggestions: broken.map((each) => suggestionOf(each, idOf)),
  };
};

const mostCertain = ({ dependencies }: Pair): Dependency => dependencies.reduce((best, each) => (each.confidence > best.confidence ? each : best));

const reducedPairs = (count: number, pairs: readonly Pair[]): readonly Pair[] => {
  const preds = predsOf(count, pairs);
  const left = reduced(preds, ancestorsOf(preds)).map((list) => new Set(list));
  return pairs.filter(({ from, to }) => left[to]?.has(from));
};

/** @returns TASKS1605 for cycles that are left, TASKS1606 for a task that needs more of something than there is, TASKS1202 and TASKS1311 for ids. */
export const buildDag = (options: BuildDagOptions): Result<BuiltDag> => {
  const { tasks, dependencies, minConfidence, resources } = options;
  const count = tasks.length;
  const placed = placeDependencies(tasks, dependencies, minConfidence);
  const uses = sharedUse(tasks, placed.exclusions, resources);
  const problems: readonly Problem[] = [...placed.problems, ...excessProblems(uses, tasks)];
  if (problems.length > 0) return fail(problems.slice(0, MAX_PROBLEMS));
  const { kept, broken } = breakCycles(count, pairsOf(placed.gates, count));
  const cycles = cycleProblems(count, kept, (index) => tasks[index]?.id ?? '');
  if (cycles.length > 0) return fail(cycles);
  const ordered = orderEdges(predsOf(count, kept), placed.exclusions, placed.soft);
  const hard = reducedPairs(count, kept);
  const edges = pairsOf([...hard.map((pair) => ({ ...pair, dependency: mostCertain(pair) })), ...ordered.exclusions], count);
  const lost = new Set([...broken.flatMap(({ removed }) => removed.dependencies), ...ordered.givenUp.map(({ dependency }) => dependency), ...placed.onItself]);
  const turned = new Map(placed.exclusions.map(({ dependency }, at) => [dependency, ordered.exclusions[at]?.dependency ?? dependency]));
  return ok({
    dag: dagOf({ ...options, placed, broken, ordered, hard, edges, uses, lost }),
    hard: hard.map(mostCertain),
    exclusions: ordered.exclusions.toSorted(byTasks).map(({ dependency }) => dependency),
    soft: ordered.soft.toSorted(byTasks).map(({ dependency }) => dependency),
    dependencies: dependencies.filter((each) => !lost.has(each)).map((each) => turned.get(each) ?? each),
  });
};
