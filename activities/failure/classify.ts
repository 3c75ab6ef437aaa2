/** The class of a failure, which decides what follows, and its kind: by the table of rules, the plan's own first. */
import type { AttemptFailureReason, ErrorKind, FailureClass } from '../../model/attempt.ts';
import type { FailureRule } from '../../model/healing.ts';
import { matchesPattern } from '../check/user-pattern.ts';
import { RULES } from './rules.ts';

export interface FailureFacts {
  readonly reason: AttemptFailureReason;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** At most a few kilobytes. */
  readonly tail?: string | undefined;
  readonly oomKilled?: boolean | undefined;
}

export interface Classified {
  readonly class: FailureClass;
  readonly kind: ErrorKind;
  /** The row that decided it. */
  readonly rule: string;
}

type Condition = Pick<FailureRule, 'reasons' | 'exitCodes' | 'signals'>;

const fits = ({ reasons, exitCodes, signals }: Condition, { reason, exitCode, signal }: FailureFacts): boolean =>
  (reasons?.includes(reason) ?? true) && (exitCodes === undefined || (exitCode !== undefined && exitCodes.includes(exitCode))) && (signals === undefined || (signal !== undefined && signals.includes(signal)));

/** A pattern that is none, or takes too long, matches nothing: what stands before a run has been checked. */
export const found = (pattern: string, text: string): boolean => {
  const matched = matchesPattern({ pattern, text, ignoreCase: true });
  return matched.ok && matched.value;
};

export const classify = (facts: FailureFacts, own: readonly FailureRule[] = []): Classified => {
  const { tail = '', oomKilled = false } = facts;
  const stated = own.find((rule) => fits(rule, facts) && (rule.pattern === undefined || found(rule.pattern, tail)));
  const builtIn = RULES.find((rule) => fits(rule, facts) && (rule.oomKilled === undefined || oomKilled) && (rule.pattern?.test(tail) ?? true));
  if (!builtIn) throw new Error('the last row of the table fits everything');
  return stated ? { class: stated.class, kind: stated.kind ?? builtIn.kind, rule: stated.name } : { class: builtIn.class, kind: builtIn.kind, rule: builtIn.name };
};
