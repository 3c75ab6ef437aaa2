/** Who does a task: an executor of ours, or a program that the plan names, such as a coding agent. */

/** `command` runs the task's own command, `human` waits for a person, `noop` does nothing. */
export const BUILT_IN_EXECUTORS = ['command', 'human', 'noop'] as const;
export const EXECUTOR_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u;
export const isBuiltInExecutor = (name: string): boolean => (BUILT_IN_EXECUTORS as readonly string[]).includes(name);

/** Executors that one plan may have of its own. */
export const MAX_EXECUTORS = 50;

/**
 * A program that does tasks which name it. It runs where the task's command would, as that would (limits, log, redaction,
 * checks), and is told what to do by files: `TASKS_TASK_FILE` (JSON) and `TASKS_PROMPT_FILE` (text).
 */
export interface PlanExecutor {
  readonly name: string;
  /** For `/bin/sh -c`. What the task says never is shell text. */
  readonly command: string;
  /** Beside the task's own, which win. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Names of variables whose values are handed on, and never reach a log, a result or a page. */
  readonly secrets?: readonly string[];
}
