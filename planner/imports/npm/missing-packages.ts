/**
 * npm packages that are imported and not declared. What counts as declared for an import:
 * any section of its own package.json; for tests, tools and types also the root's dependencies and devDependencies,
 * where such things are shared; for types also `@types/…`; and hosts that `engines` names.
 */
import type { ImportUse, PackageCensus } from '../census.ts';
import { doubtOf, findingsOf } from '../missing.ts';
import type { Doubt, Finding, UndeclaredUse } from '../missing.ts';
import { isDeclaration } from '../parse/languages.ts';
import type { NpmPackage, NpmWorkspace } from './find-workspace.ts';
import { typesPackageOf } from './package-name.ts';

export const missingNpmPackages = (census: PackageCensus, own: NpmPackage, workspace: NpmWorkspace): readonly Finding[] => {
  const { declared, engines } = own.manifest;
  const shared = workspace.root?.manifest.declared;
  const siblings = new Set(workspace.linksSiblings ? workspace.packages.filter(({ isLinked }) => isLinked).map(({ manifest }) => manifest.name) : []);
  const ranges = rangesOf(workspace);

  const hasTypes = (name: string): boolean => declared.has(typesPackageOf(name)) || (shared?.has(typesPackageOf(name)) ?? false);
  const isDeclared = ({ kind, dev }: ImportUse, name: string): boolean => {
    if (declared.has(name) || engines.has(name)) return true;
    if ((dev || kind === 'type') && shared?.has(name)) return true;
    return kind === 'type' && hasTypes(name);
  };
  const doubt = (use: ImportUse, name: string): Doubt | undefined => {
    if (siblings.has(name)) return 'sibling';
    // Without `type`, TypeScript drops an import of types alone as well.
    return doubtOf(use) ?? (/\.[cm]?tsx?$/.test(use.file) && use.kind === 'import' && hasTypes(name) ? 'types' : undefined);
  };
  const undeclared = census.imports.flatMap((use): readonly UndeclaredUse[] => {
    const { package: name } = use;
    return name === undefined || isDeclared(use, name) ? [] : [{ use, package: name, doubt: doubt(use, name) }];
  });
  return findingsOf('npm', census.directory, typed(undeclared, ranges), (name) => ranges.get(name) ?? siblingRange(workspace, name));
};

/** Where only types are wanted, and others of the project have them from `@types/…`, so does this package. */
const typed = (undeclared: readonly UndeclaredUse[], ranges: ReadonlyMap<string, string>): readonly UndeclaredUse[] => {
  const run = new Set(undeclared.filter(({ use }) => use.kind !== 'type' && !isDeclaration(use.file)).map((one) => one.package));
  return undeclared.map((one) => (!run.has(one.package) && !ranges.has(one.package) && ranges.has(typesPackageOf(one.package)) ? { ...one, package: typesPackageOf(one.package) } : one));
};

/** What the project declares for each package: the root's range, else the one that most have. */
const rangesOf = ({ packages, root }: NpmWorkspace): ReadonlyMap<string, string> => {
  const counts = new Map<string, Map<string, number>>();
  for (const { manifest } of packages) {
    for (const [name, { range }] of manifest.declared) {
      // A path is relative to the manifest it stands in.
      if (/^(?:file|link|portal):/.test(range)) continue;
      const ranges = counts.get(name) ?? new Map<string, number>();
      counts.set(name, ranges.set(range, (ranges.get(range) ?? 0) + 1));
    }
  }
  const most = new Map([...counts].map(([name, ranges]) => [name, [...ranges].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? '*']));
  for (const [name, { range }] of root?.manifest.declared ?? []) if (counts.get(name)?.has(range)) most.set(name, range);
  return most;
};

/** Of a package of the project that nobody declares yet: one that never leads to a stranger of that name. */
const siblingRange = ({ packages, linksSiblings }: NpmWorkspace, name: string): string | undefined => {
  const sibling = packages.find(({ manifest, isLinked }) => isLinked && manifest.name === name);
  if (!sibling) return undefined;
  if (!linksSiblings) return 'workspace:^';
  const { version } = sibling.manifest;
  return version === undefined ? '*' : `^${version}`;
};
