/**
 * Preflight (spec/000 section 3): what can be known of a plan before it starts, and a patch for what can be mended.
 * Nothing of the plan is run, and nothing is written; only a build that was asked for runs, in a copy.
 *
 * @example
 * const report = await preflight({ plan, workspace, environment: process.env, here: true });
 * console.log(report.findings.map(({ code, message }) => `${code} ${message}`).join('\n'));
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../model/problem.ts';
import { checkBuild } from './build/check-build.ts';
import type { BuildOptions } from './build/check-build.ts';
import { checkDirectories } from './checks/directories.ts';
import { checkInputs } from './checks/inputs.ts';
import { withInstall } from './checks/install-task.ts';
import { checkScripts } from './checks/npm-scripts.ts';
import { checkOrder } from './checks/order.ts';
import { checkPackages } from './checks/packages.ts';
import { checkPrograms } from './checks/programs.ts';
import { reachedCalls } from './checks/reached.ts';
import { checkVariables } from './checks/variables.ts';
import { Effects } from './effects.ts';
import type { Finding } from './finding.ts';
import { patchOf } from './patch.ts';
import type { Operation } from './patch.ts';
import { settled } from './settle.ts';
import type { PreflightSubject, Survey } from './survey.ts';
import { surveyOf } from './survey.ts';

export interface PreflightRequest extends PreflightSubject {
  /** Directory that the plan was read from: places of the plan are within it. */
  readonly home?: string;
  readonly build?: BuildOptions;
}

export interface PreflightReport {
  /** Certain ones first, then in the order of the checks and of the plan. */
  readonly findings: readonly Finding[];
  /** All that is suggested, as one hot update. */
  readonly patch: readonly Operation[];
  /** What was taken for granted. */
  readonly assumptions: readonly string[];
  /** What could not be looked at. */
  readonly warnings: readonly Problem[];
}

const assumptionsOf = ({ here, workspace }: Survey): readonly string[] => [
  here
    ? `commands run on this machine (${hostname()}) and in this environment, and so find the programs and variables that are here`
    : `commands may run on another machine than this one (${hostname()}): what depends on programs and variables is only likely`,
  `they run in ${workspace} as it is now`,
  'tasks write what they say in "artifacts", "outputs" and "files_scope"; one that says nothing may write anything',
];

/** Places of the plan as files that can be opened. */
const located = (finding: Finding, home: string | undefined, workspace: string): Finding => {
  const { place } = finding;
  if (!place) return finding;
  const base = finding.task === undefined ? workspace : home;
  return base === undefined ? finding : { ...finding, place: { ...place, file: join(base, place.file) } };
};

/** @throws TasksError TASKS1510 when a build was asked for and no worktree can be made; Error when it was interrupted. */
export const preflight = async (request: PreflightRequest): Promise<PreflightReport> => {
  const { home, build, ...subject } = request;
  const survey = surveyOf(subject);
  const effects = new Effects(survey);
  const calls = await reachedCalls(survey);
  const packages = await checkPackages(subject.workspace);
  const found = [
    ...(await checkOrder(survey)),
    ...(await checkDirectories(survey, effects)),
    ...(await checkInputs(survey, effects)),
    ...(await checkPrograms(survey, calls, effects)),
    ...checkScripts(calls, effects),
    ...checkVariables(survey),
    ...packages.findings,
    ...(build ? await checkBuild(survey, build) : []),
  ];
  const findings = settled(withInstall(found, survey), survey).map((finding) => located(finding, home, subject.workspace));
  return { findings, patch: patchOf(findings), assumptions: assumptionsOf(survey), warnings: packages.warnings };
};
