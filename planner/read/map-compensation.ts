/** How a written task says that it is undone: `rollback_cmd`, or `compensation`, which may say more. */
import { durationMs } from '../../model/scalar.schema.ts';
import type { Compensation, GraphTask } from '../../model/graph.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { present } from './optional.ts';

const stated = ({ compensation }: WrittenTask): Compensation | undefined => {
  if (compensation === undefined) return undefined;
  if (typeof compensation === 'string') return { command: compensation };
  const { timeout, idempotent } = compensation;
  const command = 'cmd' in compensation ? compensation.cmd : compensation.command;
  return present({ command, timeoutMs: timeout === undefined ? undefined : durationMs(timeout), idempotent });
};

export const compensationOf = (task: WrittenTask): Compensation | undefined =>
  stated(task) ?? (task.rollback_cmd === undefined ? undefined : { command: task.rollback_cmd });

/** What the graph says of it: only a task that must not be done by halves is undone after a failure, before it is tried again. */
export const compensationInPlace = (task: WrittenTask): GraphTask['compensation'] => {
  const compensation = compensationOf(task);
  if (!compensation || (task.idempotent ?? task.idempotency) !== false) return undefined;
  return present({ timeoutMs: compensation.timeoutMs });
};

/** What is wrong when both forms are there and say different things. */
export const compensationProblem = (task: WrittenTask): string | undefined => {
  const command = stated(task)?.command;
  const isOther = command !== undefined && task.rollback_cmd !== undefined && command !== task.rollback_cmd;
  return isOther ? 'rollback_cmd and compensation state different commands: leave one of them out' : undefined;
};
