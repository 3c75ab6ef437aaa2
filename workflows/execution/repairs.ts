/** Has an activity make the tasks that repair what tripped a breaker. */
import { CancellationScope } from '@temporalio/workflow';
import { MAX_EVIDENCE } from '../../model/breaker.ts';
import type { ContentHash, TaskId } from '../../model/ids.ts';
import type { Decision, SchedulerEvent } from '../../scheduler/protocol.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import { withExecutors } from './patch-views.ts';
import type { Carried } from './carry.ts';

const REPAIRING: ControlOptions = { startToCloseTimeout: '1m', retry: { maximumAttempts: 5 } };

export interface RepairContext {
  readonly carried: Pick<Carried, 'execution' | 'plan' | 'executor'>;
  readonly idOf: (index: number) => TaskId;
  /** Where a task's own part lies. */
  readonly sourceOf: (index: number) => ContentHash;
}

/** Never fails: that nothing can be made is an answer. */
export const planRepair = async ({ breaker, trip, action, failures }: Decision & { readonly type: 'repair' }, { carried, idOf, sourceOf }: RepairContext): Promise<SchedulerEvent> => {
  const { execution, plan, executor } = carried;
  const named = failures.slice(-MAX_EVIDENCE).map(({ index, attempt, at, message }) => ({ task: idOf(index), source: sourceOf(index), attempt, at, message }));
  const planning = CancellationScope.nonCancellable(() => control(REPAIRING).planRepair({ execution, plan, breaker, trip, action, failures: named }));
  const { patch, problem } = await planning.catch((error: unknown) => ({ patch: undefined, problem: error instanceof Error ? error.message : String(error) }));
  return { type: 'repaired', breaker, trip, ...(patch && { patch: withExecutors(patch, executor) }), ...(problem !== undefined && { problem }) };
};
