/** Checks of what reaches a pool, and of what a pool tells executions, without a schema library: anybody may send a signal. */
import { isExecutionId, isPlainName, isWorkerName } from './ids.ts';
import { payloadReader } from './payload-reader.ts';
import { MAX_CAPABILITIES, MAX_WORKERS, PRESSURES } from './pool.ts';
import type { JoinRequest, LeaveRequest, OverLimit, WorkerProfile, WorkerTable } from './pool.ts';
import { isDuration, listOf, oneOf, shaped } from './shape.ts';
import type { Check, Shape } from './shape.ts';

const MAX_SLOTS = 10_000;
const MAX_CPUS = 100_000;
/** One exabyte. */
const MAX_MEMORY_MB = 1_000_000_000_000;
const MAX_HOST = 255;
const MAX_VERSION = 64;

const text =
  (accepts: (value: string) => boolean): Check =>
  (value) =>
    typeof value === 'string' && accepts(value);
/** What people see on a terminal holds no control characters. */
const printable = (longest: number): Check => text((value) => value !== '' && value.length <= longest && !/\p{C}/u.test(value));
const whole =
  (from: number, to: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;

const isName: Check = text(isWorkerName);
const isMoment: Check = whole(0, Number.MAX_SAFE_INTEGER);
const isCapabilities: Check = (value) => listOf(text(() => true))(value) && capabilityProblem(value as string[]) === undefined;

const OVER: Shape<OverLimit> = { metric: oneOf('cpu', 'memory'), percent: isDuration, limit: isDuration };
const PROFILE: Shape<WorkerProfile> = {
  worker: isName,
  host: printable(MAX_HOST),
  capabilities: isCapabilities,
  slots: whole(1, MAX_SLOTS),
  cpus: whole(1, MAX_CPUS),
  memoryMb: whole(1, MAX_MEMORY_MB),
  version: printable(MAX_VERSION),
  pressure: oneOf(...PRESSURES),
  over: shaped(OVER, ['metric', 'percent', 'limit']),
};
const ALL = ['worker', 'host', 'capabilities', 'slots', 'cpus', 'memoryMb', 'version', 'pressure'] as const;

const isWorkers: Check = (value) =>
  Array.isArray(value) &&
  value.length <= MAX_WORKERS &&
  value.every(shaped(PROFILE, ALL)) &&
  new Set((value as WorkerProfile[]).map(({ worker }) => worker)).size === value.length;

/** Why a worker cannot announce these capabilities, in one sentence; undefined when it can. */
export const capabilityProblem = (capabilities: readonly string[]): string | undefined => {
  const wrong = capabilities.find((name) => !isPlainName(name));
  if (wrong !== undefined) return `${JSON.stringify(wrong)} cannot be the name of a capability: it is printable text of at most 128 characters that neither begins nor ends with a space`;
  if (new Set(capabilities).size < capabilities.length) return 'a capability is named twice';
  return capabilities.length > MAX_CAPABILITIES ? `a worker has at most ${MAX_CAPABILITIES} capabilities, not ${capabilities.length}` : undefined;
};

export const readWorkerProfile = payloadReader('the announcement of a worker', PROFILE, ALL);
export const readLeave = payloadReader<LeaveRequest>('the departure of a worker', { worker: isName }, ['worker']);
export const readJoin = payloadReader<JoinRequest>('the request to be told of workers', { execution: text(isExecutionId) }, ['execution']);
export const readWorkerTable = payloadReader<WorkerTable>('the table of workers', { epoch: isMoment, version: isMoment, workers: isWorkers }, ['epoch', 'version', 'workers']);
