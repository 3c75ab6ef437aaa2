/**
 * What the code of a project imports, by parsing it; nothing of it is run, and nothing is written.
 *
 * @example
 * const census = await scanImports({ root: '/src/shop' });
 * if (!census.ok) throw new TasksError(census.error);
 * console.log(census.value.packages.map(({ name, imports }) => `${name}: ${imports.length}`));
 */
import { join } from 'node:path';
import type { Problem, Result } from '../../model/problem.ts';
import { ok } from '../../model/problem.ts';
import { quote } from '../read/words.ts';
import { CENSUS_SCHEMA } from './census.ts';
import type { Census, Ecosystem } from './census.ts';
import { findAliases } from './npm/find-aliases.ts';
import { resolveNpmImports } from './npm/resolve-imports.ts';
import { parseAll } from './parse/parse-all.ts';
import type { ParsedSource } from './parse/parsed-source.ts';
import { findProject, ownerOf } from './project/find-project.ts';
import type { Project, ProjectRequest } from './project/find-project.ts';
import { resolvePythonImports } from './python/resolve-imports.ts';

export type ScanRequest = ProjectRequest;

/**
 * A broken manifest or a directory that cannot be read fails the scan; a source that does not parse is a warning.
 * Links are not followed, and what `.gitignore` leaves out is.
 *
 * @throws TasksError TASKS5006 when there is no parser.
 */
export const scanImports = async (request: ScanRequest): Promise<Result<Census>> => {
  const found = await findProject(request);
  if (!found.ok) return found;
  const project = found.value;
  const { root, tree, workspace, projects, selected, skipped } = project;
  const sources = sourcesByPackage(project);
  const wanted = [...selected.npm.map(({ directory }) => sourceKey('npm', directory)), ...selected.python.map(({ directory }) => sourceKey('python', directory))];
  const files = wanted.flatMap((key) => sources.get(key) ?? []);
  const parsed = await parseAll({ files: files.map((file) => join(root, file)) });
  const filesOf = (ecosystem: Ecosystem, directory: string): ReadonlyMap<string, ParsedSource> =>
    new Map((sources.get(sourceKey(ecosystem, directory)) ?? []).map((file) => [file, parsed.get(join(root, file)) ?? NOTHING]));
  const { aliasesOf, warnings } = await findAliases(root, tree);
  const npm = selected.npm.map((own) => ({ package: own, files: filesOf('npm', own.directory) }));
  const python = selected.python.map((own) => ({ project: own, files: filesOf('python', own.directory) }));
  return ok({
    schema: CENSUS_SCHEMA,
    root,
    packages: [...resolveNpmImports(npm, { packages: workspace.packages, aliasesOf, sources: tree.sources }), ...resolvePythonImports(python, { projects, sources: tree.sources })],
    skipped,
    warnings: [...project.warnings, ...warnings, ...files.flatMap((file) => faultOf(root, file, parsed.get(join(root, file))))],
  });
};

/** {@link parseAll} leaves none out. */
const NOTHING: ParsedSource = { imports: [], isProgram: false };

const sourceKey = (ecosystem: Ecosystem, directory: string): string => `${ecosystem}:${directory}`;

const sourcesByPackage = (project: Project): ReadonlyMap<string, readonly string[]> => {
  const owner = ownerOf(project);
  const sources = new Map<string, string[]>();
  for (const file of project.tree.sources) {
    const own = owner(file);
    if (!own) continue;
    const key = sourceKey(own.ecosystem, own.directory);
    const list = sources.get(key);
    if (list) list.push(file);
    else sources.set(key, [file]);
  }
  return sources;
};

const faultOf = (root: string, file: string, parsed: ParsedSource | undefined): readonly Problem[] => {
  if (!parsed?.fault) return [];
  const { message, line, column } = parsed.fault;
  return [{ code: 'TASKS5004', message: `${quote(file)} was not read as a whole: ${message}`, place: { file: join(root, file), ...(line !== undefined && { line }), ...(column !== undefined && { column }) } }];
};
