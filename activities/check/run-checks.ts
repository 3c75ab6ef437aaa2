/** Runs a task's acceptance checks in the plan's order, up to the first that does not pass. */
import type { AcceptanceCheck } from '../../model/check.ts';
import { unreachable } from '../../model/unreachable.ts';
import { artifactCheck } from './artifact-check.ts';
import type { CheckContext, CheckResult } from './check.ts';
import { commandCheck } from './command-check.ts';
import { metricCheck } from './metric-check.ts';

const SHORT = 120;
const short = (text: string): string => {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > SHORT || line.length < text.length ? `${line.slice(0, SHORT)}…` : line;
};

/** A check in words, for people. */
export const describeCheck = (check: AcceptanceCheck): string => {
  switch (check.type) {
    case 'command':
      return `command: ${short(check.cmd)}`;
    case 'artifact':
      return `artifact: ${short(check.path)}`;
    case 'metric':
      return `metric: ${short(check.name)}`;
    case 'manual':
      return `manual: ${short(check.text)}`;
    default:
      return unreachable(check);
  }
};

const runCheck = async (check: AcceptanceCheck, context: CheckContext): Promise<CheckResult> => {
  switch (check.type) {
    case 'command':
      return commandCheck(check, context);
    case 'artifact':
      return artifactCheck(check, context);
    case 'metric':
      return metricCheck(check, context);
    case 'manual':
      return { status: 'recorded' };
    default:
      return unreachable(check);
  }
};

/** The first check that failed or was interrupted; undefined when none was. */
export const runChecks = async (
  checks: readonly AcceptanceCheck[],
  context: CheckContext,
): Promise<{ readonly check: string; readonly result: Extract<CheckResult, { status: 'failed' | 'interrupted' }> } | undefined> => {
  for (const check of checks) {
    const result = await runCheck(check, context);
    if (result.status === 'failed' || result.status === 'interrupted') return { check: describeCheck(check), result };
  }
  return undefined;
};
