/** The error event of spec/003 (section 3.1): a failed attempt, for whoever looks into it. */
import type { RepairFailure } from '../../model/activity.ts';
import type { ExecutionId } from '../../model/ids.ts';

export interface ErrorEvent {
  readonly id: string;
  readonly type: string;
  readonly task_id: string;
  /** Who did the task. */
  readonly tool: string;
  readonly description: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Everything in it is redacted already. `last_output` is the end of stdout and stderr as they came. */
export const errorEvent = (execution: ExecutionId, failure: RepairFailure): ErrorEvent => {
  const { task, attempt, at, message, executor, error, exitCode, tail, log, worker } = failure;
  return {
    id: `${execution}/${task}/${attempt}`,
    type: error?.kind ?? 'E_UNKNOWN',
    task_id: task,
    tool: executor,
    description: message,
    context: {
      attempt,
      ...(error && { class: error.class, reason: error.reason, ...(error.rule !== undefined && { rule: error.rule }), ...(error.check !== undefined && { check: error.check }) }),
      ...(exitCode !== undefined && { exit_code: exitCode }),
      ...(tail !== undefined && { last_output: tail }),
      ...(log !== undefined && { log }),
      ...(worker !== undefined && { worker }),
    },
    timestamp: new Date(at).toISOString(),
  };
};
