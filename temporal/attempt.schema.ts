/**
 * An attempt's result as it comes out of a history: signals can be sent by anybody, and results may have been
 * written by another version.
 */
import { z } from 'zod';
import { ATTEMPT_FAILURE_REASONS, ERROR_KINDS, FAILURE_CLASSES } from '../model/attempt.ts';
import type { AttemptResult } from '../model/attempt.ts';
import { isCheckpointName, MAX_CHECKPOINTS } from '../model/checkpoint.ts';
import { isContentHash, isExecutionId, isTaskId } from '../model/ids.ts';
import type { ContentHash, ExecutionId, TaskId } from '../model/ids.ts';
import type { AcceptedFindings } from '../model/accepted.ts';

/** The last moment that JavaScript's dates can hold, in milliseconds. */
const END_OF_TIME = 8.64e15;
const time = z.number().min(0).max(END_OF_TIME);
const hash = z.custom<ContentHash>((value) => typeof value === 'string' && isContentHash(value));
const task = z.custom<TaskId>((value) => typeof value === 'string' && isTaskId(value));
const attempt = z.int().positive();

const executionId = z.custom<ExecutionId>((value) => typeof value === 'string' && isExecutionId(value));
const artifacts = z.array(z.object({ path: z.string(), hash: hash.exactOptional(), bytes: z.number().exactOptional() }));
const pointName = z.string().refine(isCheckpointName);
const percent = z.number().min(0).max(100);
const amount = z.int().min(0);

const pointSchema = z.object({
  n: z.int().positive(),
  name: pointName,
  percent: percent.exactOptional(),
  at: time,
  files: amount,
  bytes: amount,
  stored: z.literal(false).exactOptional(),
  rollbackCapable: z.literal(false).exactOptional(),
});

const attemptResultSchema = z.object({
  task,
  attempt,
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'orphaned']),
  startedAt: time,
  finishedAt: time,
  worker: z.string(),
  host: z.string(),
  exitCode: z.int().exactOptional(),
  signal: z.string().exactOptional(),
  failure: z
    .object({
      reason: z.enum(ATTEMPT_FAILURE_REASONS),
      class: z.enum(FAILURE_CLASSES),
      message: z.string(),
      check: z.string().exactOptional(),
      kind: z.enum(ERROR_KINDS).exactOptional(),
      rule: z.string().exactOptional(),
      signature: z.string().exactOptional(),
      matches: z.array(z.string()).exactOptional(),
      retryAfterMs: z.number().min(0).exactOptional(),
    })
    .exactOptional(),
  compensation: z
    .object({ outcome: z.enum(['succeeded', 'failed']), tries: z.int().min(0), message: z.string().exactOptional() })
    .exactOptional(),
  tail: z.string(),
  log: z.string().exactOptional(),
  artifacts: artifacts.exactOptional(),
  use: z
    .object({ cpuSeconds: z.number().exactOptional(), peakMemoryBytes: z.number().exactOptional() })
    .exactOptional(),
  unchanged: artifacts.exactOptional(),
  touched: z.array(z.string()).exactOptional(),
  completedBy: z.string().exactOptional(),
  commit: z.string().exactOptional(),
  checkpoints: z.array(pointSchema).max(MAX_CHECKPOINTS).exactOptional(),
  resumed: z.object({ checkpoint: pointName, percent: percent.exactOptional(), execution: executionId.exactOptional() }).exactOptional(),
  refused: z.array(z.object({ checkpoint: z.string(), reason: z.string() })).exactOptional(),
});

const attemptReferenceSchema = z.object({
  execution: executionId,
  task,
  attempt,
});

const fetchedAttemptSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('running') }),
  z.object({ status: z.literal('lost'), reason: z.string() }),
  z.object({ status: z.literal('ended'), result: attemptResultSchema }),
]);

/** Undefined for anything that is no result. */
export const parseAttemptResult = (value: unknown): AttemptResult | undefined =>
  attemptResultSchema.safeParse(value).data;

/** The attempt that the input of `runAttempt` or `fetchAttempt` speaks of. */
export const parseAttemptReference = (value: unknown): z.infer<typeof attemptReferenceSchema> | undefined =>
  attemptReferenceSchema.safeParse(value).data;

/** The answer of `fetchAttempt`. */
export const parseFetchedAttempt = (value: unknown): z.infer<typeof fetchedAttemptSchema> | undefined =>
  fetchedAttemptSchema.safeParse(value).data;

/** What was accepted when an execution was started; none in an input that says nothing of it. */
export const parseAcceptedOfInput = (value: unknown): readonly AcceptedFindings[] =>
  z.object({ accepted: z.array(z.object({ code: z.string(), count: z.int(), by: z.string().exactOptional() })) }).safeParse(value).data?.accepted ?? [];

/** The plan of an execution's input. */
export const parsePlanOfInput = (value: unknown): ContentHash | undefined =>
  z.object({ plan: hash }).safeParse(value).data?.plan;
