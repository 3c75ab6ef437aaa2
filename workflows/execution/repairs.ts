/** Has an activity make the hot update that repairs what tripped a breaker, or what an error policy wants mended. */
import { CancellationScope } from '@temporalio/workflow';
import type { PlanRepairRequest, RepairFailure } from '../../model/activity.ts';
import { MAX_EVIDENCE } from '../../model/breaker.ts';
import type { GraphTask } from '../../model/graph.ts';
import type { ContentHash } from '../../model/ids.ts';
import { executorOf } from '../../scheduler/dispatch.ts';
import type { SeenFailure } from '../../scheduler/healing/state.ts';
import type { Decision, SchedulerEvent } from '../../scheduler/protocol.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import { withExecutors } from './patch-views.ts';
import type { Carried } from './carry.ts';

const REPAIRING: ControlOptions = { startToCloseTimeout: '1m', retry: { maximumAttempts: 5 } };

export interface RepairContext {
  readonly carried: Pick<Carried, 'execution' | 'plan' | 'executor' | 'attempts'>;
  readonly taskOf: (index: number) => GraphTask;
  /** Where a task's own part lies. */
  readonly sourceOf: (index: number) => ContentHash;
}

/** Whoever is asked what to do is told all there is to know; a playbook needs no output. */
const asksSomebody = (action: PlanRepairRequest['action']): boolean => action.type === 'review' || action.type === 'replan';

const failureOf = ({ index, attempt, at, message }: SeenFailure, { carried, taskOf, sourceOf }: RepairContext, isFull: boolean): RepairFailure => {
  const task = taskOf(index);
  const { failure: error, exitCode, tail, log, worker } = (isFull && carried.attempts[index]) || {};
  return {
    task: task.id,
    source: sourceOf(index),
    attempt,
    at,
    message,
    executor: executorOf(task),
    ...(error && { error }),
    ...(exitCode !== undefined && { exitCode }),
    ...(tail !== undefined && { tail }),
    ...(log !== undefined && { log }),
    ...(worker !== undefined && { worker }),
  };
};

/** Never fails: that nothing can be made is an answer. */
export const planRepair = async ({ breaker, trip, action, failures }: Decision & { readonly type: 'repair' }, context: RepairContext): Promise<SchedulerEvent> => {
  const { execution, plan, executor } = context.carried;
  const named = failures.slice(-MAX_EVIDENCE).map((failure) => failureOf(failure, context, asksSomebody(action)));
  const planning = CancellationScope.nonCancellable(() => control(REPAIRING).planRepair({ execution, plan, breaker, trip, action, failures: named }));
  const { patch, problem } = await planning.catch((error: unknown) => ({ patch: undefined, problem: error instanceof Error ? error.message : String(error) }));
  return { type: 'repaired', breaker, trip, ...(patch && { patch: withExecutors(patch, executor) }), ...(problem !== undefined && { problem }) };
};
