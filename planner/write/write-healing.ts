/** Breakers, playbooks and rules for failures as a plan writes them: read again, they are the same. */
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_BREAKERS } from '../../model/breaker.ts';
import type { Breaker } from '../../model/breaker.ts';
import type { FailureRule, Healing, Playbook } from '../../model/healing.ts';
import { present } from '../read/optional.ts';

type Written = Readonly<Record<string, unknown>>;

const ms = (value: number): string => `${value}ms`;

const writeTrigger = ({ on, classes }: Breaker, healing: Healing, name: string): Written => {
  const pattern = healing.patterns?.find((each) => each.name === name)?.pattern;
  const match = present({
    ...(on.type === 'match' && (pattern === undefined ? { pattern: on.pattern } : { message_regex: pattern })),
    class: classes,
  });
  const said = Object.keys(match).length > 0 ? { match } : {};
  switch (on.type) {
    case 'match':
      return { on: on.type, ...said, threshold: on.threshold, window: ms(on.windowMs) };
    case 'similar_errors':
      return { on: on.type, ...said, threshold: on.threshold, window: ms(on.windowMs), similarity: on.similarity };
    case 'time_overrun':
      return { on: on.type, factor: on.factor };
    case 'error_rate':
      return { on: on.type, failure_threshold: on.openAt, reduce_concurrency_at: on.reduceAt, minimum: on.minimum, window: ms(on.windowMs) };
    case 'flapping':
    default:
      return { on: on.type };
  }
};

const writeAction = ({ action, on, name }: Breaker, healing: Healing): Written => {
  const task = healing.tasks?.find((each) => each.breaker === name)?.task;
  switch (action.type) {
    case 'playbook':
      return { action: action.playbook };
    case 'throttle':
      return on.type === 'error_rate' ? { pause: ms(action.forMs) } : { action: action.type, pause: ms(action.forMs), every: ms(action.everyMs) };
    case 'inject_task':
      return { action: action.type, task };
    case 'replan':
      return { action: action.type, command: task?.['cmd'] };
    case 'gate':
    case 'escalate':
    case 'pause':
    case 'quarantine':
    case 'diagnose':
    case 'report':
    default:
      return { action: action.type };
  }
};

const writeBreaker = (breaker: Breaker, healing: Healing): Written =>
  present({
    name: breaker.name,
    ...writeTrigger(breaker, healing, breaker.name),
    scope: breaker.scope,
    ...writeAction(breaker, healing),
    budget: breaker.budget,
    cool_down: ms(breaker.coolDownMs),
  });

const writePlaybook = ({ description, variables, steps }: Playbook): Written =>
  present({
    description,
    variables: Object.keys(variables).length > 0 ? variables : undefined,
    steps: steps.map(({ name, command, directory, timeoutMs, retries, onFailure }) => present({ name, cmd: command, directory, timeout: timeoutMs === undefined ? undefined : ms(timeoutMs), retries, on_failure: onFailure })),
  });

const writeRule = ({ name, reasons, exitCodes, signals, pattern, class: is, kind }: FailureRule): Written =>
  present({ name, match: present({ exit_code: exitCodes, signal: signals, reason: reasons, message_regex: pattern }), class: is, kind });

/** What differs from what there always is, as policies. */
export const writeHealing = (breakers: readonly Breaker[], healing: Healing = {}): Written => {
  const others = breakers.filter((breaker) => !DEFAULT_BREAKERS.some((usual) => isDeepStrictEqual(usual, breaker)));
  const gone = DEFAULT_BREAKERS.filter(({ name }) => !breakers.some((breaker) => breaker.name === name));
  const written = [...gone.map(({ name }) => ({ name, enabled: false })), ...others.map((breaker) => writeBreaker(breaker, healing))];
  return present({
    circuit_breakers: written.length > 0 ? written : undefined,
    playbooks: healing.playbooks && Object.fromEntries(healing.playbooks.map((playbook) => [playbook.name, writePlaybook(playbook)])),
    failure_rules: healing.rules?.map(writeRule),
  });
};
