/**
 * Python distributions that are imported and not declared. All groups and extras of the project's manifests count,
 * and for tests, tools and types also those of the projects around it.
 */
import type { ImportUse, PackageCensus } from '../census.ts';
import { doubtOf, findingsOf } from '../missing.ts';
import type { Doubt, Finding } from '../missing.ts';
import { isInside } from '../project/paths.ts';
import { distributionsOf, isLikelyProvider, isNamespace, normalized } from './distributions.ts';
import type { PythonProject } from './find-projects.ts';

const SETUP_TOOLS = new Set(['setuptools', 'pkg_resources', 'wheel', 'pip']);

export const missingDistributions = (census: PackageCensus, own: PythonProject, projects: readonly PythonProject[]): readonly Finding[] => {
  const around = projects.filter(({ directory }) => directory !== own.directory && isInside(own.directory, directory));
  const siblings = new Set(projects.filter((other) => other !== own).map(({ name }) => normalized(name)));
  const isDeclared = (use: ImportUse, name: string): boolean => {
    const [top = ''] = use.specifier.split('.');
    // Whoever runs it brings them.
    if (SETUP_TOOLS.has(top) && /(?:^|\/)setup\.py$/.test(use.file)) return true;
    const names = new Set([name, ...distributionsOf(use.specifier), ...(use.kind === 'type' ? [`types-${name}`, `${name}-stubs`] : [])].map(normalized));
    const declared = use.dev || use.kind === 'type' ? [own, ...around] : [own];
    return declared.some(({ declared: listed }) => [...names].some((one) => listed.has(one)) || [...listed.keys()].some((one) => isLikelyProvider(top, one)));
  };
  const doubt = (use: ImportUse, name: string): Doubt | undefined => {
    if (siblings.has(normalized(name))) return 'sibling';
    return doubtOf(use) ?? (isNamespace(use.specifier.split('.')[0] ?? '') ? 'guessed' : undefined);
  };
  const undeclared = census.imports.flatMap((use) => {
    const { package: name } = use;
    return name === undefined || isDeclared(use, name) ? [] : [{ use, package: name, doubt: doubt(use, name) }];
  });
  return findingsOf('python', census.directory, undeclared, (name) => rangeOf(name, projects));
};

/** The version part of what another project of the tree requires. */
const rangeOf = (name: string, projects: readonly PythonProject[]): string | undefined => {
  for (const { declared } of projects) {
    const found = declared.get(normalized(name));
    const range = found && /^[A-Za-z0-9._-]+(?:\[[^\]]*\])?\s*((?:[<>=!~][^;@]*)?)/.exec(found.text)?.[1]?.trim();
    if (range) return range;
  }
  return undefined;
};
