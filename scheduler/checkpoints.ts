/** What an attempt is ordered to do about checkpoints, from what its task and the policies say. */
import { DEFAULT_CHECKPOINTS } from '../model/checkpoint.ts';
import type { CheckpointOrders, CheckpointPolicy } from '../model/checkpoint.ts';
import { DEFAULT_ESTIMATE_MS, DEFAULT_ROLLBACK_COST, ROLLBACK_COST } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';

const isRisky = ({ risk }: GraphTask): boolean => risk === 'high' || risk === 'critical';

const isExpensive = ({ estimateMs = DEFAULT_ESTIMATE_MS, rollbackCost = DEFAULT_ROLLBACK_COST }: GraphTask, { expensiveMs }: CheckpointPolicy): boolean =>
  estimateMs > expensiveMs || rollbackCost >= ROLLBACK_COST.high;

/** Only what is not the default: it is part of every attempt's input. */
const changed = (policy: CheckpointPolicy): Partial<CheckpointPolicy> => {
  const entries = Object.entries(policy).filter(([key, value]) => DEFAULT_CHECKPOINTS[key as keyof CheckpointPolicy] !== value);
  return Object.fromEntries(entries);
};

export const checkpointOrders = (task: GraphTask, policy: CheckpointPolicy): CheckpointOrders => {
  const stated = changed(policy);
  return {
    ...(Object.keys(stated).length > 0 && { policy: stated }),
    ...(isRisky(task) && { before: true }),
    ...(isExpensive(task, policy) && { after: true }),
  };
};
