/**
 * Plans the rollback of an execution: what must be undone, and the graph that undoes it, which is that of the execution
 * with its edges turned round. Pure: the same standing gives the same plan.
 */
import type { StoredPlan, TaskSpec } from '../../model/graph.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { targetText } from '../../model/rollback.ts';
import type { LeftTask, RollbackOutline, RollbackStep, RollbackTarget, Standing, TaskStanding } from '../../model/rollback.ts';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import { counted } from '../read/words.ts';
import { contract } from './contract.ts';
import { irrevocablePointOf } from './irrevocable.ts';
import { reversedGraph, undoingSpec } from './reversed-graph.ts';
import { scopeOf } from './scope.ts';
import { verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface RollbackRequest {
  readonly standing: Standing;
  /** By task index. */
  readonly specs: readonly TaskSpec[];
  readonly target: RollbackTarget;
  /** Which rollback of the execution it is, counted from 1. */
  readonly number: number;
}

export interface PlannedRollback {
  readonly plan: StoredPlan;
  readonly outline: RollbackOutline;
}

/**
 * @returns TASKS3101 when there is nothing to undo, TASKS3102 when a task among those to be undone has passed a point that
 * must not be taken back, TASKS3104 for a target that is not there.
 */
export const planRollback = (request: RollbackRequest): Result<PlannedRollback> => {
  const { standing, specs, target } = request;
  const tasks = standing.tasks.map(({ task }) => task);
  const index = new GraphIndex({ schema: 1, name: standing.name, tasks, sources: standing.sources, policies: standing.policies });
  const verdicts = standing.tasks.map((each, at) => verdictOf(each, specs[at] as TaskSpec));
  const scope = scopeOf({ target, index, tasks: standing.tasks, specs, verdicts });
  if (!scope.ok) return scope;
  const inScope = [...verdicts.keys()].filter((at) => scope.value.has(at));
  const left = inScope.flatMap((at): LeftTask[] => {
    const verdict = verdicts[at] as Verdict;
    return verdict.how === 'left' ? [{ task: index.id(at), why: verdict.why }] : [];
  });
  const undone = inScope.filter((at) => verdicts[at]?.how === 'command' || verdicts[at]?.how === 'hand');
  if (undone.length === 0) return fail([nothing(target, left)]);
  const refused = undone.flatMap((at) => irrevocable(request, at));
  if (refused.length > 0) return fail(refused);
  const { graph, order, gates } = reversedGraph({ standing, specs, verdicts, contracted: contract(tasks, new Set(undone)) });
  const depths = new GraphIndex(graph).depth;
  const steps = order.flatMap((at, position): RollbackStep[] => (gates.has(at) ? [] : [stepOf({ request, at, verdict: verdicts[at] as Verdict, depth: depths[position] as number })]));
  const outline: RollbackOutline = { of: standing.execution, target, steps: steps.toSorted((a, b) => a.depth - b.depth), left };
  const plan: StoredPlan = {
    schema: 1,
    format: 'rollback',
    graph,
    tasks: order.map((at) => undoingSpec({ standing, spec: specs[at] as TaskSpec, at, isGate: gates.has(at) })),
    fields: { rollback: { of: standing.execution, number: request.number, target, left } },
  };
  return ok({ plan, outline });
};

const stepOf = ({ request, at, verdict, depth }: { readonly request: RollbackRequest; readonly at: number; readonly verdict: Verdict; readonly depth: number }): RollbackStep => {
  const { id, title } = (request.standing.tasks[at] as TaskStanding).task;
  const named = { task: id, ...(title !== undefined && { title }), depth };
  if (verdict.how === 'hand') return { ...named, how: 'hand', reason: verdict.reason };
  return { ...named, how: 'command', command: request.specs[at]?.compensation?.command ?? '' };
};

const nothing = (target: RollbackTarget, left: readonly LeftTask[]): Problem => {
  const message = `there is nothing to undo of ${targetText(target)}`;
  if (left.length === 0) return { code: 'TASKS3101', message };
  return { code: 'TASKS3101', message, hint: `${counted(left.length, 'task')} that ran there said nothing that must be undone: a "compensation" (or "rollback_cmd") says how, "idempotent": false that it must be.` };
};

const irrevocable = ({ standing, specs }: RollbackRequest, at: number): readonly Problem[] => {
  const { task, passed, noReturn } = standing.tasks[at] as TaskStanding;
  const point = noReturn ?? (passed ? irrevocablePointOf(specs[at] as TaskSpec) : undefined);
  if (point === undefined) return [];
  return [
    {
      code: 'TASKS3102',
      message: `task ${task.id} has passed the point ${JSON.stringify(point)}, which must not be rolled back (rollback_capable: false)`,
      hint: `What came after it can be: tasks rollback ${standing.execution} --to ${task.id}`,
    },
  ];
};
