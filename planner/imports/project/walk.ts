/** The files of a project that a scan looks at. */
import type { Problem, Result } from '../../../model/problem.ts';
import { ok } from '../../../model/problem.ts';
import { MAX_DIRECTORIES, MAX_SOURCES } from '../limits.ts';
import { ecosystemOf } from '../parse/languages.ts';
import { walkFiles } from './walk-files.ts';

const MANIFESTS = /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.cfg|Pipfile|[^/]*requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in)|tsconfig[^/]*\.json|jsconfig[^/]*\.json)$/;

/** Relative to the root, with slashes, sorted. */
export interface Tree {
  readonly sources: readonly string[];
  /** Manifests, and what else is read to understand the sources. */
  readonly manifests: readonly string[];
  /** Directories that could not be read. */
  readonly problems: readonly Problem[];
}

export const isManifest = (path: string): boolean => MANIFESTS.test(path);

const isSource = (path: string): boolean => !isManifest(path) && ecosystemOf(path) !== undefined;

export const walk = async (root: string): Promise<Result<Tree>> => {
  const found = await walkFiles({ root, keeps: (path) => isManifest(path) || isSource(path), counts: isSource, counted: 'source files', limits: { counted: MAX_SOURCES, directories: MAX_DIRECTORIES } });
  if (!found.ok) return found;
  const { files, problems } = found.value;
  return ok({ sources: files.filter((path) => !isManifest(path)), manifests: files.filter(isManifest), problems });
};
