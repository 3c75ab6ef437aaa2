/** Shapes of parts of the graph that reach a workflow in more than one kind of message. */
import { FAILURE_CLASSES } from './attempt.ts';
import type { Ask, RetryPolicy } from './graph.ts';
import { isCount, isDuration, isFlag, isText, listOf, oneOf, shaped } from './shape.ts';
import type { Check, Shape } from './shape.ts';

const MAX_TEXT = 2_000;

export const isShortText: Check = (value) => isText(value) && (value as string).length <= MAX_TEXT;

const ASK: Shape<Ask> = { resource: isShortText, units: isCount, access: oneOf('read', 'write'), whole: isFlag };
export const isAsk: Check = shaped(ASK, ['resource', 'units', 'access']);

export const RETRY_SHAPE: Shape<RetryPolicy> = {
  maxAttempts: isCount,
  backoff: oneOf('exponential', 'linear'),
  initialDelayMs: isDuration,
  maxDelayMs: isDuration,
  jitter: isFlag,
  retryOn: listOf(oneOf(...FAILURE_CLASSES)),
};
