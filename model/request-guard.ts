/**
 * Checks of the small payloads that signals and updates carry, without a schema library: they run inside the
 * workflow, where anybody may send anything.
 */
import type { ApproveRequest, CompleteTaskRequest, PageRequest, PauseRequest, ResetBreakerRequest, TaskRequest } from './message.ts';
import { fail, ok } from './problem.ts';
import type { Problem, Result } from './problem.ts';

const MAX_TEXT = 2_000;
const MAX_PAGE = 1_000;

export const readPauseRequest = (payload: unknown): Result<PauseRequest> => {
  if (payload === undefined || payload === null) return ok({});
  if (!isObject(payload)) return fail([invalid('expected an object such as {"by": "name"}')]);
  return combine(readText(payload, 'by'), readText(payload, 'reason'));
};

/** Takes `{"task": "ID"}` or the bare id. */
export const readTaskRequest = (payload: unknown): Result<TaskRequest> => {
  const request = typeof payload === 'string' ? { task: payload } : payload;
  if (!isObject(request) || typeof request['task'] !== 'string') return fail([invalid('expected an object such as {"task": "ID"}')]);
  const { task } = request;
  const rest = readPauseRequest(request);
  return rest.ok ? ok({ task, ...rest.value }) : rest;
};

export const readCompleteRequest = (payload: unknown): Result<CompleteTaskRequest> => {
  const request = readTaskRequest(payload);
  if (!request.ok) return request;
  const outcome = isObject(payload) ? payload['outcome'] : undefined;
  if (outcome === undefined) return request;
  if (outcome !== 'succeeded' && outcome !== 'failed') return fail([invalid('"outcome" must be "succeeded" or "failed"')]);
  return ok({ ...request.value, outcome });
};

export const readApproveRequest = (payload: unknown): Result<ApproveRequest> => {
  const request = readTaskRequest(payload);
  if (!request.ok) return request;
  const approved = isObject(payload) ? payload['approved'] : undefined;
  if (approved === undefined) return request;
  if (typeof approved !== 'boolean') return fail([invalid('"approved" must be true or false')]);
  return ok({ ...request.value, approved });
};

/** Takes `{"breaker": "NAME"}` or the bare name. */
export const readResetBreakerRequest = (payload: unknown): Result<ResetBreakerRequest> => {
  const request = typeof payload === 'string' ? { breaker: payload } : payload;
  if (!isObject(request) || typeof request['breaker'] !== 'string') return fail([invalid('expected an object such as {"breaker": "NAME"}')]);
  const { breaker } = request;
  const rest = readPauseRequest(request);
  return rest.ok ? ok({ breaker, ...rest.value }) : rest;
};

/** Ids of tasks, those that are text: a query has no way to refuse politely. */
export const readTasks = (payload: unknown): readonly string[] => {
  const tasks: unknown = isObject(payload) ? payload['tasks'] : undefined;
  return Array.isArray(tasks) ? tasks.filter((task) => typeof task === 'string') : [];
};

/** A page's bounds, forced into range: a query has no way to refuse politely. */
export const readPage = (payload: unknown, defaultLimit = 200): Required<PageRequest> => {
  const read = (key: string, fallback: number): number => {
    const value = isObject(payload) ? payload[key] : undefined;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : fallback;
  };
  return { from: read('from', 0), limit: Math.min(Math.max(read('limit', defaultLimit), 1), MAX_PAGE) };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (message: string): Problem => ({ code: 'TASKS3011', message });

const readText = (payload: Record<string, unknown>, key: 'by' | 'reason'): Result<PauseRequest> => {
  const value = payload[key];
  if (value === undefined || value === null) return ok({});
  if (typeof value !== 'string' || value.length > MAX_TEXT) return fail([invalid(`"${key}" must be a text of at most ${MAX_TEXT} characters`)]);
  return ok({ [key]: value });
};

const combine = (...parts: readonly Result<PauseRequest>[]): Result<PauseRequest> => {
  const problems = parts.flatMap((part) => (part.ok ? [] : part.error));
  if (problems.length > 0) return fail(problems);
  return ok(Object.assign({}, ...parts.map((part) => (part.ok ? part.value : {}))) as PauseRequest);
};
