/** The import census: packages that code imports and no manifest declares. The joint to `planner/imports`. */
import { PROBLEMS } from '../../../model/problem.ts';
import type { Problem } from '../../../model/problem.ts';
import { findMissing } from '../../imports/find-missing.ts';
import type { Finding as Missing } from '../../imports/missing.ts';
import { scanImports } from '../../imports/scan-imports.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';

export interface PackageCheck {
  readonly findings: readonly Finding[];
  /** Why it could not look, or not everywhere. */
  readonly warnings: readonly Problem[];
}

const WHY: Readonly<Record<NonNullable<Missing['doubt']>, string>> = {
  optional: 'it goes on without it',
  unreached: 'in a file that nothing imports',
  types: 'perhaps only its types',
  sibling: 'another package of the project',
  guessed: 'its name is a guess',
};

const findingOf = ({ ecosystem, workspace, package: name, certainty, doubt, places, uses }: Missing): Finding => {
  const [place] = places;
  const doubtText = doubt === undefined ? '' : ` (${WHY[doubt]})`;
  return {
    code: 'TASKS1508',
    certainty,
    message: `${workspace === '.' ? 'the package at the top' : `the package ${quote(workspace)}`} imports ${quote(name)} and does not declare it${doubtText}`,
    ...(place && { place: { file: place.file, line: place.line, column: place.column } }),
    ...(uses > places.length && { related: [{ message: `${uses} imports in all` }] }),
    hint: 'Declare it, or have `tasks missing-deps --install` do so.',
    package: { ecosystem, name },
  };
};

/** A directory without packages has none that are missing. A broken manifest is a warning here: what needs it says so itself. */
export const checkPackages = async (root: string): Promise<PackageCheck> => {
  const census = await scanImports({ root });
  if (!census.ok) return { findings: [], warnings: census.error.filter(({ code }) => PROBLEMS[code].reason !== 'packages-unknown') };
  const missing = await findMissing(census.value);
  if (!missing.ok) return { findings: [], warnings: [...census.value.warnings, ...missing.error] };
  return { findings: missing.value.findings.map(findingOf), warnings: census.value.warnings };
};
