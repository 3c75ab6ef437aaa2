/** What a plan says of failures and their repair, beside its breakers: read by workers, never carried by a workflow. */
import type { AttemptFailureReason, ErrorKind, FailureClass } from './attempt.ts';

/** A row of the table that classifies failures. All that is stated must hold. */
export interface FailureRule {
  readonly name: string;
  readonly reasons?: readonly AttemptFailureReason[];
  readonly exitCodes?: readonly number[];
  readonly signals?: readonly string[];
  /** A regular expression (flags `miu`), tried on the end of the output. */
  readonly pattern?: string;
  readonly class: FailureClass;
  readonly kind?: ErrorKind;
}

/** One step of a playbook: a task of the graph once it is used. */
export interface PlaybookStep {
  readonly name: string;
  /** For `/bin/sh -c`. Variables reach it as environment variables, `${workspace}` as well as `$workspace`: their values are never shell text. */
  readonly command: string;
  /** Relative to the execution's workspace. */
  readonly directory?: string;
  /** Milliseconds. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** What becomes of the steps after it when it fails; `stop` unless stated. */
  readonly onFailure?: 'stop' | 'continue';
  /** Runs once for each workspace that the failures name. */
  readonly eachWorkspace?: boolean;
}

/** Named steps that repair something, one after the other. */
export interface Playbook {
  readonly name: string;
  readonly description?: string;
  /** Declared, with the values that hold unless others are given. */
  readonly variables: Readonly<Record<string, string>>;
  readonly steps: readonly PlaybookStep[];
}

export interface Healing {
  /** Before those there always are. */
  readonly rules?: readonly FailureRule[];
  /** Patterns that breakers bring, by the breaker's name. */
  readonly patterns?: readonly { readonly name: string; readonly pattern: string }[];
  readonly playbooks?: readonly Playbook[];
  /** What breakers with the actions `inject_task` and `replan` bring, by the breaker's name: a task as plans write it. */
  readonly tasks?: readonly { readonly breaker: string; readonly task: Readonly<Record<string, unknown>> }[];
}
