/** Activities that are no commands: on a queue of their own, so that they need not wait for a command's slot. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../model/activity.ts';
import { controlQueueOf } from '../model/ids.ts';

export type ControlOptions = Omit<ActivityOptions, 'taskQueue'>;

/** For what only looks or is idempotent: tried again soon, for as long as it takes. */
export const LOOKING: ControlOptions = { startToCloseTimeout: '30s', retry: { maximumInterval: '10s' } };

export const control = (options: ControlOptions): Omit<Activities, 'runAttempt'> =>
  proxyActivities<Activities>({ ...options, taskQueue: controlQueueOf(workflowInfo().taskQueue) });
