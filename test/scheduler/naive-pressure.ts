/** How much may start, by the words of the policy. */
import type { SchedulerState } from '../../scheduler/protocol.ts';

export const pressureOf = (state: SchedulerState, now: number): { readonly isHeld: boolean; readonly room: number } => {
  const { heldFrom, ramp } = state.pressure ?? {};
  const rate = state.graph.policies.backpressure.resumeRate;
  if (heldFrom !== undefined) return { isHeld: true, room: 0 };
  if (!ramp || rate === undefined) return { isHeld: false, room: Number.POSITIVE_INFINITY };
  return { isHeld: false, room: Math.max(0, 1 + Math.floor(((now - ramp.from) / 1_000) * rate) - ramp.started) };
};
