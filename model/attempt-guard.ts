/** Results of attempts, checked by hand as far as an execution relies on them: they come by a signal that anybody may send. */
import type { AttemptOutcome, AttemptResult } from './attempt.ts';
import { FAILURE_CLASSES } from './attempt.ts';
import { readParsedPatch } from './patch-guard.ts';
import { isCount, isDuration, isObject, isText, listOf } from './shape.ts';
import type { Check } from './shape.ts';

const OUTCOMES: readonly AttemptOutcome[] = ['succeeded', 'failed', 'cancelled', 'orphaned'];

/** What is left out is left out; what is there has its type, or the scheduler would stumble over it. */
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isString: Check = (value) => typeof value === 'string';

const isFailure: Check = (failure) =>
  isObject(failure) &&
  isText(failure['reason']) &&
  isString(failure['message']) &&
  FAILURE_CLASSES.includes(failure['class'] as never) &&
  optional(isString)(failure['signature']) &&
  optional(listOf(isText))(failure['matches']) &&
  optional(isDuration)(failure['retryAfterMs']);

/** Files that it changed: names, at least. */
const areArtifacts = listOf((value) => isObject(value) && isText(value['path']));
const areCheckpoints = listOf((value) => isObject(value) && isCount(value['n']) && isText(value['name']));
const areRefused = listOf((value) => isObject(value) && isText(value['checkpoint']) && isText(value['reason']));
/** Who has answered with it, beside what every patch is checked for; in nobody's name does it repair. */
const isAnswer: Check = (value) => readParsedPatch(value).ok;

export const isAttemptResult = (payload: unknown): payload is AttemptResult => {
  if (!isObject(payload)) return false;
  const { task, attempt, outcome, startedAt, finishedAt, worker, tail, failure, artifacts, touched, checkpoints, resumed, refused, patch } = payload;
  return (
    isText(task) &&
    isCount(attempt) &&
    OUTCOMES.includes(outcome as AttemptOutcome) &&
    [startedAt, finishedAt].every(isDuration) &&
    isString(worker) &&
    isString(tail) &&
    optional(isFailure)(failure) &&
    optional(areArtifacts)(artifacts) &&
    optional(listOf(isText))(touched) &&
    optional(areCheckpoints)(checkpoints) &&
    optional((value) => isObject(value) && isText(value['checkpoint']))(resumed) &&
    optional(areRefused)(refused) &&
    optional(isAnswer)(patch)
  );
};
