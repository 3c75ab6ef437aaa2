import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { createPlanRepair } from '../../activities/plan-repair.ts';
import type { PlanRepairRequest } from '../../model/activity.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';
import { makePlan } from '../support/plan.ts';
import { storeOf } from './rig.ts';

const SOURCE = 'a'.repeat(64) as ContentHash;
/** Nobody is asked. */
const NOBODY = {} as Client;

const idsOf = async (own: Readonly<Record<string, unknown>>, trip: number): Promise<readonly string[] | undefined> => {
  const plan: StoredPlan = { ...makePlan([{ id: 'T' }]), healing: { tasks: [{ breaker: 'b', task: { cmd: 'sync', ...own } }] } };
  const request: PlanRepairRequest = { execution: 'e1' as ExecutionId, plan: SOURCE, breaker: 'b', trip, action: { type: 'inject_task' }, failures: [{ task: 'T' as TaskId, source: SOURCE, attempt: 1, at: 0, message: 'no', executor: 'command' }] };
  const { patch } = await createPlanRepair({ store: storeOf(async () => plan), client: NOBODY })(request);
  return patch?.tasks.map(({ id }) => id);
};

test('a task that a breaker brings has an id of its own on each trip, also where the plan has given it one', async () => {
  expect([await idsOf({}, 1), await idsOf({}, 2)]).toEqual([['AUTO.B.1.inject_task'], ['AUTO.B.2.inject_task']]);
  expect([await idsOf({ id: 'sync' }, 1), await idsOf({ id: 'sync' }, 2)]).toEqual([['sync'], ['sync.2']]);
});
