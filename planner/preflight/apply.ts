/** A patch applied to a plan before it starts: the same operations, compiled into the plan instead of the live graph. */
import { MAX_DEPENDENCIES, MAX_TASKS } from '../../model/graph.ts';
import type { GraphTask, StoredPlan } from '../../model/graph.ts';
import type { Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import { parsePatch } from '../read/parse-patch.ts';
import { counted, quote } from '../read/words.ts';
import type { Operation } from './patch.ts';

const refused = (message: string): Result<never> => fail([{ code: 'TASKS3007', message }]);

const withEdge = (task: GraphTask, from: number, type: 'hard' | 'soft'): GraphTask => {
  const { deps = [], soft = [], ...rest } = task;
  if (deps.includes(from) || (type === 'soft' && soft.includes(from))) return task;
  const hard = type === 'hard' ? [...deps, from] : deps;
  const softer = type === 'soft' ? [...soft, from] : soft.filter((other) => other !== from);
  return { ...rest, ...(hard.length > 0 && { deps: hard }), ...(softer.length > 0 && { soft: softer }) };
};

/** Where every task says in which wave it comes, so does what is put in, or none of them would count: as early as any, and no earlier than what it waits for. */
const earliestWave = (tasks: readonly GraphTask[]): number | undefined => {
  const waves = tasks.flatMap(({ wave }) => wave ?? []);
  return waves.length > 0 && waves.length === tasks.length ? waves.reduce((one, other) => Math.min(one, other)) : undefined;
};

/** What the whole graph may not be. */
const wrongWith = (tasks: readonly GraphTask[]): string | undefined => {
  const preds = tasks.map(({ deps = [], soft = [] }) => [...deps, ...soft]);
  const edges = preds.reduce((sum, list) => sum + list.length, 0);
  if (tasks.length > MAX_TASKS || edges > MAX_DEPENDENCIES) return `the plan would have ${counted(tasks.length, 'task')} and ${edges.toLocaleString('en')} dependencies, more than one graph may have`;
  return orderOf(preds).acyclic ? undefined : 'the patch would close a cycle';
};

/**
 * The plan with the operations in it, which are recorded in its `fields.preflight`; the plan itself when there are
 * none. It has a hash of its own, as has every plan that differs.
 *
 * @returns TASKS3006 for an operation that is malformed, TASKS3007 for one that the graph does not allow.
 */
export const applyToPlan = (plan: StoredPlan, operations: readonly Operation[]): Result<StoredPlan> => {
  if (operations.length === 0) return ok(plan);
  const parsed = parsePatch(operations, { fallbackId: 'preflight' });
  if (!parsed.ok) return parsed;
  const { patch, specs } = parsed.value;
  const at = new Map<string, number>(plan.graph.tasks.map(({ id }, index) => [id, index]));
  const tasks: GraphTask[] = [...plan.graph.tasks];
  const wave = earliestWave(plan.graph.tasks);
  for (const task of patch.tasks) {
    if (at.has(task.id)) return refused(`the plan has a task ${quote(task.id)} already`);
    at.set(task.id, tasks.push({ ...(wave !== undefined && { wave }), ...task }) - 1);
  }
  for (const { from, to, type } of patch.edges) {
    const [before, after] = [at.get(from), at.get(to)];
    const task = tasks[after ?? -1];
    if (before === undefined || after === undefined || !task) return refused(`the plan has no task ${quote(before === undefined ? from : to)}`);
    tasks[after] = withEdge(task, before, type);
  }
  const wrong = wrongWith(tasks);
  if (wrong !== undefined) return refused(wrong);
  return ok({ ...plan, graph: { ...plan.graph, tasks }, tasks: [...plan.tasks, ...specs], fields: { ...plan.fields, preflight: operations } });
};
