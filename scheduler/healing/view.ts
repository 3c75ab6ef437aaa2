/** The breakers of an execution, for people. */
import type { Breaker } from '../../model/breaker.ts';
import type { BreakerView } from '../../model/message.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { BreakerState, HealingState, Hold } from './state.ts';

const triggerText = ({ on, classes }: Breaker): string => {
  const of = classes ? ` of class ${classes.join(' or ')}` : '';
  const within = (windowMs: number): string => ` within ${windowMs / 1_000} s`;
  const several = (threshold: number, what: string): string => (threshold === 1 ? `a failure${of} that ${what.replace(/^match$/u, 'matches')}` : `${threshold} failures${of} that ${what}`);
  switch (on.type) {
    case 'match':
      return `${several(on.threshold, 'match')} ${on.pattern}${within(on.windowMs)}`;
    case 'similar_errors':
      return `${several(on.threshold, 'are alike')}${within(on.windowMs)}`;
    case 'time_overrun':
      return `a task runs ${on.factor} times its estimate`;
    case 'flapping':
      return 'a task fails, passes and fails';
    case 'error_rate':
    default:
      return `more than ${on.openAt * 100} % of the attempts${within(on.windowMs)} fail`;
  }
};

const DOING: Readonly<Record<Hold['kind'], BreakerView['state']>> = { repair: 'repairing', throttle: 'throttling', gate: 'gated' };
const RATE = { closed: 'closed', reduced: 'reduced', open: 'open', probing: 'half_open' } as const;

const stateOf = (breaker: Breaker, known: BreakerState | undefined, { hold, rate, now }: { readonly hold: Hold | undefined; readonly rate: HealingState['rate']; readonly now: number }): BreakerView['state'] => {
  if (breaker.on.type === 'error_rate') return RATE[rate?.mode ?? 'closed'];
  if (hold) return DOING[hold.kind];
  if (!known) return 'closed';
  if (known.trips >= breaker.budget) return 'spent';
  return now < known.restsUntil ? 'resting' : 'closed';
};

export const breakerViews = (breakers: readonly Breaker[], state: HealingState, { index, now }: { readonly index: GraphIndex; readonly now: number }): readonly BreakerView[] =>
  breakers.map((breaker) => {
    const known = state.breakers.find(({ name }) => name === breaker.name);
    const hold = state.holds.find((each) => each.breaker === breaker.name);
    const { name, action, scope, budget } = breaker;
    return {
      breaker: name,
      state: stateOf(breaker, known, { hold, rate: state.rate, now }),
      trips: known?.trips ?? 0,
      budget,
      trigger: triggerText(breaker),
      action: action.type === 'playbook' ? action.playbook : action.type,
      ...(scope && { scope }),
      ...(hold && { holds: hold.members.map((at) => index.id(at)) }),
      ...(hold?.tasks && hold.tasks.length > 0 && { tasks: hold.tasks.map((at) => index.id(at)) }),
      ...(hold?.nextAt !== undefined && { nextAt: hold.nextAt }),
    };
  });
