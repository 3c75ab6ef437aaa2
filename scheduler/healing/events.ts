/** What breakers tell. */
import { MAX_EVIDENCE } from '../../model/breaker.ts';
import type { Breaker } from '../../model/breaker.ts';
import type { EventBody } from '../../model/event.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { RateChange } from './error-rate.ts';
import type { Outcome } from './holds.ts';
import type { Hold, RateState, SeenFailure } from './state.ts';

const actionText = ({ action }: Breaker): string => (action.type === 'playbook' ? `playbook ${action.playbook}` : action.type);

export const trippedEvent = (breaker: Breaker, { trip, failures, index }: { readonly trip: number; readonly failures: readonly SeenFailure[]; readonly index: GraphIndex }): EventBody => ({
  type: 'circuit_breaker',
  breaker: breaker.name,
  trip,
  pattern: failures.at(-1)?.message ?? breaker.name,
  action: actionText(breaker),
  evidence: failures.slice(-MAX_EVIDENCE).map(({ index: at, attempt, at: when, message }) => ({ task: index.id(at), attempt, at: when, message })),
});

/** It would have tripped once more. */
export const spentEvent = (breaker: Breaker): EventBody => ({
  type: 'circuit_breaker',
  breaker: breaker.name,
  pattern: `it has tripped ${breaker.budget} times, which is all it may`,
  action: 'spent',
});

const RATE_ACTIONS: Readonly<Record<RateState['mode'], string>> = { closed: 'close', reduced: 'reduce_concurrency', open: 'open', probing: 'half_open' };

export const rateEvent = (breaker: string, { mode, failed, ended }: RateChange): EventBody => ({
  type: 'circuit_breaker',
  breaker,
  pattern: `${failed} of ${ended} attempts failed`,
  action: RATE_ACTIONS[mode],
});

export const endedEvent = (hold: Hold, end: { readonly outcome: Outcome; readonly reason?: string; readonly by?: string }, index: GraphIndex): EventBody => ({
  type: 'breaker_ended',
  breaker: hold.breaker,
  trip: hold.trip,
  ...end,
  tasks: hold.members.map((at) => index.id(at)),
});
