/** Checks of what reaches a register of quarantined tasks, without a schema library: anybody may send a signal. */
import { ERROR_KINDS, FAILURE_CLASSES } from './attempt.ts';
import { isExecutionId, isTaskId } from './ids.ts';
import { payloadReader } from './payload-reader.ts';
import { fail, ok } from './problem.ts';
import type { Result } from './problem.ts';
import { isPlanKey, isWho, isWords, MAX_NEWS } from './quarantine.ts';
import type { QuarantineNews, QuarantineQuery, ReviveRequest } from './quarantine.ts';
import { isObject, isText, oneOf } from './shape.ts';
import type { Check, Shape } from './shape.ts';

type Quarantined = Extract<QuarantineNews, { readonly type: 'quarantined' }>;
type Revived = Extract<QuarantineNews, { readonly type: 'revived' }>;

const text =
  (accepts: (value: string) => boolean): Check =>
  (value) =>
    typeof value === 'string' && accepts(value);
const isWhole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

const QUARANTINED: Shape<Quarantined> = {
  type: oneOf('quarantined'),
  plan: text(isPlanKey),
  task: text(isTaskId),
  since: isWhole,
  execution: text(isExecutionId),
  attempt: isWhole,
  by: text(isWho),
  reason: text(isWords),
  class: oneOf(...FAILURE_CLASSES),
  kind: oneOf(...ERROR_KINDS),
  message: text(isWords),
};
const REVIVED: Shape<Revived> = { type: oneOf('revived'), plan: text(isPlanKey), task: text(isTaskId), at: isWhole };

const readQuarantined = payloadReader('a quarantined task', QUARANTINED, ['type', 'plan', 'task', 'since', 'execution', 'attempt', 'by']);
const readRevived = payloadReader('a revived task', REVIVED, ['type', 'plan', 'task', 'at']);

/** All of it, or none. */
export const readQuarantineNews = (payload: unknown): Result<readonly QuarantineNews[]> => {
  if (!Array.isArray(payload) || payload.length > MAX_NEWS) return fail([{ code: 'TASKS3011', message: `news of quarantined tasks are a list of at most ${MAX_NEWS}` }]);
  const read = payload.map((item: unknown): Result<QuarantineNews> => (isObject(item) && item['type'] === 'revived' ? readRevived(item) : readQuarantined(item)));
  const problems = read.flatMap((item) => (item.ok ? [] : item.error));
  return problems.length > 0 ? fail(problems) : ok(read.flatMap((item) => (item.ok ? [item.value] : [])));
};

const REVIVE: Shape<ReviveRequest> = { plan: text(() => true), task: isText, by: isText, reason: isText };
/** The names are anybody's: those that nobody has quarantined are refused as unknown. */
export const readRevive = payloadReader('the request', REVIVE, ['plan', 'task']);

/** A query has no way to refuse politely. */
export const readQuarantineQuery = (payload: unknown): Pick<QuarantineQuery, 'plan'> => (isObject(payload) && typeof payload['plan'] === 'string' ? { plan: payload['plan'] } : {});
