/** What went wrong, said once: as text, or as one JSON object for whoever asked for JSON. */
import { EXIT, PROBLEMS, TasksError } from '../../model/problem.ts';
import type { ExitCode, Problem } from '../../model/problem.ts';
import type { Output } from './output.ts';
import { problemsText } from './problem-text.ts';

/** Prints the error and answers what the command ends with. */
export const reportError = (out: Output, error: unknown): ExitCode => {
  if (error instanceof TasksError) return reportProblems(out, error.problems);
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof Error && error.stack ? error.stack : message;
  if (isJson(out)) out.errorRecord({ error: { exit: EXIT.invalid, problems: [{ message }] } });
  else {
    out.error(`error: ${message}`);
    out.debug(detail);
    if (!out.shows('debug')) out.hint('This was not expected; --log-level debug says where it comes from.');
  }
  return EXIT.invalid;
};

export const reportProblems = (out: Output, problems: readonly Problem[]): ExitCode => {
  const exit = new TasksError(problems).exit;
  if (isJson(out)) {
    const described = problems.map((problem) => ({ ...problem, reason: PROBLEMS[problem.code].reason }));
    out.errorRecord({ error: { exit, problems: described } });
  } else {
    out.error(problemsText({ problems }));
  }
  return exit;
};

export const reportWarnings = (out: Output, warnings: readonly Problem[]): void => {
  if (warnings.length > 0 && out.shows('warn')) out.error(problemsText({ problems: warnings, kind: 'warning' }));
};

const isJson = (out: Output): boolean => out.format === 'json' || out.format === 'jsonl';

/** The shape of every usage error that a command finds by itself. */
export const usageError = (message: string, hint?: string): TasksError =>
  new TasksError({ code: 'TASKS3010', message, ...(hint !== undefined && { hint }) });
