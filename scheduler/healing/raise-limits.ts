/** A task that ran out of time or memory gets more for its next attempt, up to a multiple of what its plan says. */
import type { AttemptFailure } from '../../model/attempt.ts';
import type { Ask, Dispatch, GraphTask } from '../../model/graph.ts';
import type { Resource } from '../../model/resource.ts';
import { timeoutOf } from '../dispatch.ts';

/** Of each attempt that failed so. */
const MORE_TIME = 2;
const MORE_MEMORY = 1.5;
/** The quota that plans state as `memory_mb`. */
const MEMORY = 'memory_mb';

/** What the plan says, once it has been raised: the cap is a multiple of it. Plain data. */
export interface RaisedLimits {
  readonly timeoutMs?: number;
  readonly memory?: number;
}

export interface Raised {
  readonly task: GraphTask;
  readonly limits: RaisedLimits;
  readonly timeoutMs?: number;
  readonly asks?: readonly { readonly resource: string; readonly from: number; readonly to: number }[];
}

export interface RaiseRequest {
  readonly task: GraphTask;
  readonly dispatch: Dispatch;
  readonly error: AttemptFailure;
  readonly record: { readonly raised?: RaisedLimits };
  /** 1 raises nothing. */
  readonly upTo: number;
  readonly resources: readonly Resource[];
}

const raiseTime = ({ task, dispatch, record, upTo }: RaiseRequest): Raised | undefined => {
  const now = timeoutOf(task, dispatch);
  const stated = record.raised?.timeoutMs ?? now;
  const timeoutMs = Math.min(now * MORE_TIME, stated * upTo);
  return timeoutMs > now ? { task: { ...task, timeoutMs }, limits: { ...record.raised, timeoutMs: stated }, timeoutMs } : undefined;
};

/** Never more than there is: it would wait for ever. */
const raiseMemory = ({ task, record, upTo, resources }: RaiseRequest): Raised | undefined => {
  const ask = task.asks?.find(({ resource, whole }) => resource === MEMORY && !whole);
  const capacity = resources.find(({ name }) => name === MEMORY)?.capacity;
  if (!ask || capacity === undefined) return undefined;
  const stated = record.raised?.memory ?? ask.units;
  const units = Math.min(Math.ceil(ask.units * MORE_MEMORY), Math.floor(stated * upTo), capacity);
  if (units <= ask.units) return undefined;
  const asks = task.asks?.map((each): Ask => (each === ask ? { ...ask, units } : each)) ?? [];
  return { task: { ...task, asks }, limits: { ...record.raised, memory: stated }, asks: [{ resource: MEMORY, from: ask.units, to: units }] };
};

/** Undefined when there is nothing to raise, or it has reached its cap. */
export const raiseLimits = (request: RaiseRequest): Raised | undefined => (request.error.reason === 'timeout' ? raiseTime(request) : raiseMemory(request));
