/** Shapes of parts of the graph that reach a workflow in more than one kind of message. */
import { FAILURE_CLASSES } from './attempt.ts';
import type { Breaker } from './breaker.ts';
import type { Ask, ClassDelays, RetryPolicy } from './graph.ts';
import { ESCALATIONS, MAX_TURNS } from './self-heal.ts';
import type { ErrorPolicy, Strategy } from './self-heal.ts';
import { isCount, isDuration, isFlag, isObject, isShare, isText, listOf, oneOf, partial, shaped } from './shape.ts';
import type { Check, Shape } from './shape.ts';

const MAX_TEXT = 2_000;

export const isShortText: Check = (value) => isText(value) && (value as string).length <= MAX_TEXT;

const ASK: Shape<Ask> = { resource: isShortText, units: isCount, access: oneOf('read', 'write'), whole: isFlag };
export const isAsk: Check = shaped(ASK, ['resource', 'units', 'access']);

const isDelays: Check = partial<ClassDelays>({ initialDelayMs: isDuration, maxDelayMs: isDuration });

export const RETRY_SHAPE: Shape<RetryPolicy> = {
  maxAttempts: isCount,
  backoff: oneOf('exponential', 'linear'),
  initialDelayMs: isDuration,
  maxDelayMs: isDuration,
  jitter: isFlag,
  retryOn: listOf(oneOf(...FAILURE_CLASSES)),
  byClass: partial({ transient: isDelays, systemic: isDelays, resource: isDelays, logic: isDelays, external: isDelays }),
  raiseUpTo: (value) => isDuration(value) && (value as number) >= 1,
};

const triggerShapes: Readonly<Record<Breaker['on']['type'], Check>> = {
  match: shaped({ type: isText, pattern: isShortText, threshold: isCount, windowMs: isDuration }, ['type', 'pattern', 'threshold', 'windowMs']),
  similar_errors: shaped({ type: isText, threshold: isCount, windowMs: isDuration, similarity: isShare }, ['type', 'threshold', 'windowMs', 'similarity']),
  time_overrun: shaped({ type: isText, factor: isDuration }, ['type', 'factor']),
  flapping: shaped({ type: isText }, ['type']),
  error_rate: shaped({ type: isText, openAt: isShare, reduceAt: isShare, minimum: isCount, windowMs: isDuration }, ['type', 'openAt', 'reduceAt', 'minimum', 'windowMs']),
};
const isTrigger: Check = (value) => isObject(value) && new Map(Object.entries(triggerShapes)).get(String(value['type']))?.(value) === true;

const PLAIN_ACTIONS = oneOf('inject_task', 'replan', 'gate', 'escalate', 'pause', 'quarantine', 'diagnose', 'report');
const isAction: Check = (value) =>
  shaped({ type: PLAIN_ACTIONS }, ['type'])(value) ||
  shaped({ type: oneOf('playbook'), playbook: isShortText }, ['type', 'playbook'])(value) ||
  shaped({ type: oneOf('throttle'), forMs: isDuration, everyMs: isDuration }, ['type', 'forMs', 'everyMs'])(value);

const BREAKER: Shape<Breaker> = {
  name: isShortText,
  on: isTrigger,
  classes: listOf(oneOf(...FAILURE_CLASSES)),
  scope: listOf(isShortText),
  action: isAction,
  budget: isCount,
  coolDownMs: isDuration,
};
const STRATEGY_TYPES: Readonly<Record<Strategy['type'], Check>> = {
  rerun: shaped({ type: isText }, ['type']),
  switch: shaped({ type: isText, executor: isShortText }, ['type', 'executor']),
  repair_context: shaped({ type: isText }, ['type']),
  review: shaped({ type: isText, executor: isShortText }, ['type', 'executor']),
  split: shaped({ type: isText }, ['type']),
};
const isStrategy: Check = (value) => isObject(value) && new Map(Object.entries(STRATEGY_TYPES)).get(String(value['type']))?.(value) === true;

const ERROR_POLICY_SHAPE: Shape<ErrorPolicy> = {
  strategies: listOf(isStrategy),
  maxTurns: (value) => isCount(value) && (value as number) <= MAX_TURNS,
  escalation: oneOf(...ESCALATIONS),
};
export const isErrorPolicy: Check = shaped(ERROR_POLICY_SHAPE, ['strategies', 'maxTurns', 'escalation']);

export const isBreaker: Check = shaped(BREAKER, ['name', 'on', 'action', 'budget', 'coolDownMs']);
