/** Checks of what signals and updates say of rollbacks, without a schema library. */
import type { TaskId } from './ids.ts';
import { isTaskId } from './ids.ts';
import { fail, ok } from './problem.ts';
import type { Result } from './problem.ts';
import { readPauseRequest } from './request-guard.ts';
import type { RollbackRequest, RollbackTarget } from './rollback.ts';
import { targetOf } from './rollback.ts';
import { isCount, isObject } from './shape.ts';

const MAX_POINT = 2_000;

/** Takes nothing for everything, or `{"to": "TASK, LABEL or depth:N"}`, or `{"failed": true}`. */
export const readRollbackRequest = (payload: unknown): Result<RollbackRequest & { readonly target: RollbackTarget }> => {
  const request = isObject(payload) ? payload : {};
  const who = readPauseRequest(payload);
  if (!who.ok) return who;
  const { to, failed } = request;
  const isAbsent = (value: unknown): boolean => value === undefined || value === null;
  const point = typeof to === 'string' && to.length <= MAX_POINT ? to : undefined;
  const isFit = (isAbsent(to) || point !== undefined) && (isAbsent(failed) || typeof failed === 'boolean');
  const target = isFit ? targetOf({ to: point, failed: failed === true }) : undefined;
  if (!target) return fail([{ code: 'TASKS3011', message: 'expected {"to": "TASK"}, a checkpoint label or depth:N in its place, or {"failed": true}, or nothing for everything' }]);
  return ok({ ...who.value, target });
};

/** What an attempt says of itself when it begins to undo what it did. */
export const readCompensating = (payload: unknown): { readonly task: TaskId; readonly attempt: number } | undefined => {
  if (!isObject(payload)) return undefined;
  const { task, attempt } = payload;
  return typeof task === 'string' && isTaskId(task) && isCount(attempt) ? { task, attempt: attempt as number } : undefined;
};
