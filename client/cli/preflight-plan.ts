/** Preflight for commands: looking, and putting what is certain into a plan before it starts. */
import { TasksError } from '../../model/problem.ts';
import type { Finding } from '../../planner/preflight/finding.ts';
import type { Operation } from '../../planner/preflight/patch.ts';
import type { PreflightReport } from '../../planner/preflight/preflight.ts';
import type { Context } from './context.ts';
import { reportWarnings } from './errors.ts';
import { acceptedCodes } from './hard-fails.ts';
import type { PlanRequest } from './run-request.ts';
import type { BuildChoice } from './services.ts';
import { changesText, findingsText } from './view/preflight-text.ts';

export interface Looked extends PreflightReport {
  /** Of what is certain. */
  readonly certainPatch: readonly Operation[];
}

export const certainOf = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ certainty }) => certainty === 'certain');

export const look = async ({ services, cwd, environment }: Context, { reference, plan, workspace }: PlanRequest, options: { readonly here: boolean; readonly build?: BuildChoice }): Promise<Looked> => {
  const report = await services.preflight({ reference, cwd, plan, workspace, environment, ...options });
  return { ...report, certainPatch: await services.preflightPatch(certainOf(report.findings)) };
};

/**
 * The request with what is certain and can be mended in its plan. What is likely is a warning; codes that were
 * accepted count as little, and nothing is done about them.
 *
 * @throws TasksError with what is certain and cannot be mended: nothing starts.
 */
export const withPreflight = async <T extends PlanRequest>(context: Context, request: T, here: boolean): Promise<T> => {
  const { out, services } = context;
  const accepted = acceptedCodes(context);
  const { findings, warnings } = await look(context, request, { here });
  reportWarnings(out, warnings);
  const certain = certainOf(findings).filter(({ code }) => !accepted.has(code));
  const hopeless = certain.filter(({ suggestion }) => suggestion === undefined);
  if (hopeless.length > 0) throw new TasksError(hopeless);
  const others = findings.filter((finding) => !certain.includes(finding));
  if (others.length > 0 && out.shows('warn')) out.error(findingsText(others));
  const operations = await services.preflightPatch(certain);
  const plan = await services.applyPreflight(request.plan, operations);
  if (!plan.ok) throw new TasksError(plan.error);
  if (operations.length > 0) for (const line of changesText(operations)) out.progress(line);
  return { ...request, plan: plan.value };
};
