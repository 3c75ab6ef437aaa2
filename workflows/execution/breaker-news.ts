/** How the breakers stand, for whoever rebuilds that from the history: their events tell what they did, not what they hold. */
import type { EventBody } from '../../model/event.ts';
import type { BreakerView } from '../../model/message.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';

/** Undefined where an event cannot have changed it. While something is held, any may have. */
export const breakerNews = (scheduler: Scheduler, { type }: EventBody, now: number): readonly BreakerView[] | undefined => {
  const isTold = type === 'circuit_breaker' || type === 'breaker_ended' || type === 'execution_completed';
  const isHeld = (scheduler.state.healing?.holds.length ?? 0) > 0;
  return isTold || isHeld ? scheduler.breakers(now) : undefined;
};
