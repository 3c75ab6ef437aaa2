/**
 * Compares a census with the manifests as they are now.
 *
 * @example
 * const missing = await findMissing(census);
 * if (missing.ok) for (const { workspace, package: name } of missing.value.findings) console.log(workspace, name);
 */
import type { Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { quote } from '../read/words.ts';
import type { Census } from './census.ts';
import type { Finding } from './missing.ts';
import { missingNpmPackages } from './npm/missing-packages.ts';
import { findProject } from './project/find-project.ts';
import type { Project } from './project/find-project.ts';
import { missingDistributions } from './python/missing-distributions.ts';

export interface Missing {
  /** By package of the project, then by name. */
  readonly findings: readonly Finding[];
  /** What was compared with, for an install. */
  readonly project: Project;
}

export const findMissing = async ({ root, packages }: Census): Promise<Result<Missing>> => {
  const found = await findProject({ root, directories: packages.map(({ directory }) => directory) });
  if (!found.ok) return found;
  const project = found.value;
  const findings: Finding[] = [];
  for (const census of packages) {
    const { ecosystem, directory } = census;
    const own = ecosystem === 'npm' ? project.workspace.packages.find((one) => one.directory === directory) : undefined;
    const python = ecosystem === 'python' ? project.projects.find((one) => one.directory === directory) : undefined;
    if (own) findings.push(...missingNpmPackages(census, own, project.workspace));
    else if (python) findings.push(...missingDistributions(census, python, project.projects));
    else return fail([{ code: 'TASKS5005', message: `there is no ${ecosystem} package ${quote(directory)} in ${quote(root)} any more`, hint: 'Scan again: tasks scan-imports -o json' }]);
  }
  return ok({ findings, project });
};
