/** A written breaker to the one that an execution carries. */
import {
  DEFAULT_BREAKERS,
  DEFAULT_BUDGET,
  DEFAULT_COOL_DOWN_MS,
  DEFAULT_SIMILARITY,
  DEFAULT_THRESHOLD,
  DEFAULT_WINDOW_MS,
} from '../../model/breaker.ts';
import type { Breaker, BreakerAction, Trigger } from '../../model/breaker.ts';
import { unreachable } from '../../model/unreachable.ts';
import { durationMs } from '../../model/scalar.schema.ts';
import type { WrittenDuration } from '../../model/scalar.schema.ts';
import { present } from '../read/optional.ts';
import { PLAIN_ACTIONS } from './breakers.schema.ts';
import type { WrittenBreaker } from './breakers.schema.ts';

/** As spec/000 calls them. */
const BY_NAME: ReadonlyMap<string, Trigger['type']> = new Map([
  ['repeatedsimilarerrors', 'similar_errors'],
  ['similarerrors', 'similar_errors'],
  ['timeoverrun', 'time_overrun'],
  ['flapping', 'flapping'],
  ['flappingtask', 'flapping'],
  ['errorrate', 'error_rate'],
]);

const ms = (written: WrittenDuration | undefined): number | undefined => (written === undefined ? undefined : durationMs(written));

export const triggerType = (name: string, written: WrittenBreaker): Trigger['type'] => {
  if (written.on) return written.on;
  if (written.match?.message_regex !== undefined || written.match?.pattern !== undefined) return 'match';
  const known = DEFAULT_BREAKERS.find((breaker) => breaker.name === name)?.on.type;
  return known ?? BY_NAME.get(name.replaceAll(/[._-]/gu, '').toLowerCase()) ?? (written.failure_threshold === undefined ? 'similar_errors' : 'error_rate');
};

/** Of spec/001 and spec/002: nothing more starts above 0.3, half as much runs above 0.1. */
const OPEN_AT = 0.3;
const REDUCE_AT = 0.1;
const MINIMUM = 10;

const triggerOf = (name: string, written: WrittenBreaker, base: Trigger | undefined): Trigger => {
  const type = triggerType(name, written);
  const same = base?.type === type ? base : undefined;
  const windowMs = ms(written.window) ?? (same && 'windowMs' in same ? same.windowMs : DEFAULT_WINDOW_MS);
  const threshold = written.threshold ?? (same && 'threshold' in same ? same.threshold : DEFAULT_THRESHOLD);
  switch (type) {
    case 'match': {
      const pattern = written.match?.message_regex === undefined ? (written.match?.pattern ?? (same?.type === 'match' ? same.pattern : name)) : name;
      return { type, pattern, threshold, windowMs };
    }
    case 'similar_errors':
      return { type, threshold, windowMs, similarity: written.similarity ?? DEFAULT_SIMILARITY };
    case 'time_overrun':
      return { type, factor: written.factor ?? 2 };
    case 'flapping':
      return { type };
    case 'error_rate': {
      const openAt = written.failure_threshold ?? OPEN_AT;
      return { type, openAt, reduceAt: Math.min(written.reduce_concurrency_at ?? REDUCE_AT, openAt), minimum: written.minimum ?? MINIMUM, windowMs };
    }
    default:
      return unreachable(type);
  }
};

/** What each trigger does unless something is stated. */
const USUAL: Readonly<Record<Trigger['type'], BreakerAction>> = {
  match: { type: 'report' },
  similar_errors: { type: 'report' },
  time_overrun: { type: 'diagnose' },
  flapping: { type: 'quarantine' },
  error_rate: { type: 'throttle', forMs: 30_000, everyMs: 0 },
};

const isPlain = (action: string): action is (typeof PLAIN_ACTIONS)[number] => (PLAIN_ACTIONS as readonly string[]).includes(action);

/** A playbook of the plan comes before an action that is called the same. */
const actionOf = (written: WrittenBreaker, options: { readonly usual: BreakerAction; readonly playbooks: ReadonlySet<string> }): BreakerAction => {
  const { usual, playbooks } = options;
  const throttle = usual.type === 'throttle' ? usual : undefined;
  const forMs = ms(written.pause) ?? throttle?.forMs ?? 30_000;
  const everyMs = ms(written.every) ?? throttle?.everyMs ?? 1_000;
  const { action } = written;
  if (action === undefined) return throttle ? { ...throttle, forMs, everyMs } : usual;
  if (playbooks.has(action) || !isPlain(action)) return { type: 'playbook', playbook: action };
  return action === 'throttle' ? { type: 'throttle', forMs, everyMs } : { type: action };
};

/** `playbooks` are the names of all there are. */
export const mapBreaker = (name: string, written: WrittenBreaker, playbooks: ReadonlySet<string>): Breaker => {
  const base = DEFAULT_BREAKERS.find((breaker) => breaker.name === name);
  const on = triggerOf(name, written, base?.on);
  const classes = written.match?.class;
  const scope = written.scope;
  return {
    name,
    on,
    action: actionOf(written, { usual: base?.action ?? USUAL[on.type], playbooks }),
    budget: written.budget ?? base?.budget ?? DEFAULT_BUDGET,
    coolDownMs: ms(written.cool_down) ?? base?.coolDownMs ?? DEFAULT_COOL_DOWN_MS,
    ...present({
      classes: classes === undefined ? base?.classes : [classes].flat(),
      scope: scope === undefined ? base?.scope : [scope].flat(),
    }),
  };
};
