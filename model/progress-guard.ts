/** What the worker of an attempt tells by signal, checked by hand: anybody may send one. */
import { isCheckpointName, MAX_CHECKPOINTS } from './checkpoint.ts';
import type { AttemptProgress, CheckpointPoint, RefusedPoint, ResumedPoint } from './checkpoint.ts';
import { isExecutionId, isTaskId } from './ids.ts';
import { isCount, isDuration, isObject, isText, missingKeys, oneOf, shaped, wrongKeys } from './shape.ts';
import type { Check, Shape } from './shape.ts';

const MAX_REASON = 500;

const isName: Check = (value) => typeof value === 'string' && isCheckpointName(value);
const isPercent: Check = (value) => isDuration(value) && (value as number) <= 100;
const isAmount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const listUpTo =
  (limit: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= limit && value.every(check);

const POINT: Shape<CheckpointPoint> = {
  n: isCount,
  name: isName,
  percent: isPercent,
  at: isDuration,
  files: isAmount,
  bytes: isAmount,
  stored: oneOf(false),
  rollbackCapable: oneOf(false),
};
const RESUMED: Shape<ResumedPoint> = { checkpoint: isName, percent: isPercent, execution: (value) => typeof value === 'string' && isExecutionId(value) };
const REFUSED: Shape<RefusedPoint> = { checkpoint: (value) => isText(value) && (value as string).length <= MAX_REASON, reason: (value) => isText(value) && (value as string).length <= MAX_REASON };

const PROGRESS: Shape<AttemptProgress> = {
  firstRunId: isText,
  task: (value) => typeof value === 'string' && isTaskId(value),
  attempt: isCount,
  percent: isPercent,
  checkpoints: listUpTo(MAX_CHECKPOINTS, shaped(POINT, ['n', 'name', 'at', 'files', 'bytes'])),
  resumed: shaped(RESUMED, ['checkpoint']),
  refused: listUpTo(MAX_CHECKPOINTS, shaped(REFUSED, ['checkpoint', 'reason'])),
};

/** Undefined for anything that is none. */
export const readAttemptProgress = (payload: unknown): AttemptProgress | undefined => {
  if (!isObject(payload)) return undefined;
  const isWhole = wrongKeys(payload, PROGRESS).length === 0 && missingKeys(payload, ['firstRunId', 'task', 'attempt']).length === 0;
  return isWhole ? (payload as unknown as AttemptProgress) : undefined;
};
