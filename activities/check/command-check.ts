/** `command`: a command whose exit code, output or report must be as expected. */
import type { CommandCheck } from '../../model/check.ts';
import { failed, passed, type CheckContext, type CheckResult } from './check.ts';
import { readReport } from './report/read-report.ts';
import { matchesPattern } from './user-pattern.ts';

/** `contains` and `matches` see this much of the end of the output. */
const OUTPUT_LIMIT = 1024 * 1024;

const percent = (ratio: number): string => `${Math.round(ratio * 10_000) / 100} %`;

interface Threshold {
  readonly what: 'pass rate' | 'coverage';
  readonly found: number | undefined;
  readonly least: number | undefined;
}

const thresholdProblem = ({ what, found, least }: Threshold): string | undefined => {
  if (least === undefined) return undefined;
  if (found === undefined) return `its report states no ${what}`;
  return found >= least ? undefined : `the ${what} is ${percent(found)}, at least ${percent(least)} is required`;
};

const reportProblem = async (check: CommandCheck, context: CheckContext): Promise<string | undefined> => {
  const { passRateGte, coverageGte } = check.expect ?? {};
  if (passRateGte === undefined && coverageGte === undefined) return undefined;
  if (!check.report) return 'it expects a pass rate or a coverage and names no report to read them from';
  const { workspace, startedAt } = context;
  const report = await readReport({ workspace, startedAt, path: check.report.path, format: check.report.format });
  if (!report.ok) return report.error;
  return (
    thresholdProblem({ what: 'pass rate', found: report.value.passRate, least: passRateGte }) ??
    thresholdProblem({ what: 'coverage', found: report.value.coverage, least: coverageGte })
  );
};

const outputProblem = ({ expect }: CommandCheck, output: string): string | undefined => {
  if (expect?.contains !== undefined && !output.includes(expect.contains)) return `its output does not contain ${JSON.stringify(expect.contains)}`;
  if (expect?.matches === undefined) return undefined;
  const match = matchesPattern({ pattern: expect.matches, text: output });
  if (!match.ok) return match.error;
  return match.value ? undefined : `its output does not match /${expect.matches}/`;
};

/** Test runners end with a code other than 0 when one test fails, which a required rate below 1 allows. */
const exitProblem = ({ expect }: CommandCheck, { exitCode, signal }: { exitCode?: number; signal?: string }): string | undefined => {
  if (signal !== undefined) return `it was ended by ${signal}`;
  const allowsFailures = expect?.passRateGte !== undefined && expect.passRateGte < 1;
  const wanted = expect?.exitCode ?? (allowsFailures ? undefined : 0);
  return wanted === undefined || exitCode === wanted ? undefined : `it ended with exit code ${exitCode}, expected is ${wanted}`;
};

export const commandCheck = async (check: CommandCheck, context: CheckContext): Promise<CheckResult> => {
  const needsOutput = check.expect?.contains !== undefined || check.expect?.matches !== undefined;
  const end = await context.run({ command: check.cmd, timeoutMs: check.timeoutMs, keepOutput: needsOutput ? OUTPUT_LIMIT : 0 });
  if (end.kind === 'interrupted') return { status: 'interrupted', end: end.end };
  if (end.kind === 'spawn') return failed(`it could not be started: ${end.message}`);
  const { report } = end;
  const facts = { tail: report.tail, ...(report.exitCode === undefined ? {} : { exitCode: report.exitCode }) };
  if (end.kind === 'timeout') return { status: 'failed', message: `it ran longer than its limit of ${check.timeoutMs} ms`, ...facts };
  const problem = exitProblem(check, report) ?? outputProblem(check, report.output ?? '') ?? (await reportProblem(check, context));
  return problem === undefined ? passed : { status: 'failed', message: problem, ...facts };
};
