/** The packages of a project, those of them that were asked for, and which of them each source file belongs to. */
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import type { Ecosystem } from '../census.ts';
import { findNpmWorkspace, readNpmManifest } from '../npm/find-workspace.ts';
import type { NpmPackage, NpmWorkspace } from '../npm/find-workspace.ts';
import { isPackage } from '../npm/manifest.ts';
import { ecosystemOf } from '../parse/languages.ts';
import { findPythonProjects } from '../python/find-projects.ts';
import type { PythonProject } from '../python/find-projects.ts';
import { directoryOf, joined, staysInside, upwards } from './paths.ts';
import { whyUnreadable } from './unreadable.ts';
import { walk } from './walk.ts';
import type { Tree } from './walk.ts';

export interface ProjectRequest {
  /** Absolute. */
  readonly root: string;
  /** Globs of directories below it; all packages there are when none is given. */
  readonly workspaces?: readonly string[];
  /** These very directories, instead of globs. */
  readonly directories?: readonly string[];
}

export interface Project {
  readonly root: string;
  readonly tree: Tree;
  readonly workspace: NpmWorkspace;
  readonly projects: readonly PythonProject[];
  /** Those that were asked for. */
  readonly selected: { readonly npm: readonly NpmPackage[]; readonly python: readonly PythonProject[] };
  /** Directories of npm packages that are no workspace. */
  readonly skipped: readonly string[];
  readonly warnings: readonly Problem[];
}

/** @throws never; every manifest that is broken is told at once. */
export const findProject = async ({ root, workspaces = [], directories }: ProjectRequest): Promise<Result<Project>> => {
  const unreadable = await whyUnreadable(root);
  if (unreadable) return fail([unreadable]);
  const named = directories ? ok(directories) : await matching(root, workspaces);
  const isAll = !directories && workspaces.length === 0;
  if (!named.ok) return named;
  const tree = await walk(root);
  if (!tree.ok) return tree;
  const [workspace, { projects, broken }] = await Promise.all([findNpmWorkspace(root, named.value), findPythonProjects(root, tree.value)]);
  const asked = (directory: string): boolean => isAll || named.value.includes(directory);
  // Where nobody said which directories are projects, a broken manifest may be a fixture: only the root's own counts.
  const counts = (directory: string): boolean => (isAll ? directory === '.' : asked(directory));
  const problems = [...(workspace.ok ? [] : workspace.error), ...[...broken].flatMap(([directory, found]) => (counts(directory) ? found : []))];
  if (!workspace.ok || problems.length > 0) return fail(problems);
  const selected = { npm: workspace.value.packages.filter(({ directory }) => asked(directory)), python: projects.filter(({ directory }) => asked(directory)) };
  if (selected.npm.length + selected.python.length === 0) return fail([noPackages(root, workspaces)]);
  return ok({
    root,
    tree: tree.value,
    workspace: workspace.value,
    projects,
    selected,
    skipped: await strangers(root, tree.value, workspace.value),
    warnings: [...tree.value.problems, ...[...broken].flatMap(([directory, found]) => (counts(directory) ? [] : found))],
  });
};

/** The directory of the package that a source file belongs to: the nearest one with a manifest of its kind. */
export const ownerOf = (project: Project): ((file: string) => { readonly ecosystem: Ecosystem; readonly directory: string } | undefined) => {
  const npm = new Set([...project.workspace.packages.map(({ directory }) => directory), ...project.skipped]);
  const python = new Set(project.projects.map(({ directory }) => directory));
  return (file) => {
    const ecosystem = ecosystemOf(file);
    if (ecosystem === undefined) return undefined;
    const homes = ecosystem === 'npm' ? npm : python;
    const directory = [...upwards(directoryOf(file))].find((above) => homes.has(above));
    return directory === undefined ? undefined : { ecosystem, directory };
  };
};

/** A shell may have turned a glob into names already, of files too. */
const matching = async (root: string, workspaces: readonly string[]): Promise<Result<readonly string[]>> => {
  const outside = workspaces.find((pattern) => !staysInside(pattern));
  if (outside !== undefined) {
    return fail([{ code: 'TASKS5002', message: `${quote(outside)} leads out of the directory that is looked at`, hint: 'Globs of --workspaces are relative to it and hold no `..`.' }]);
  }
  if (workspaces.length === 0) return ok([]);
  const found = await glob([...workspaces], { cwd: root, onlyDirectories: true, expandDirectories: false, followSymbolicLinks: false, dot: true, ignore: ['**/node_modules/**'] });
  const itself = workspaces.some((pattern) => /^\.\/?$/.test(pattern)) ? ['.'] : [];
  return ok([...new Set([...itself, ...found.map((path) => joined('.', path))])].sort());
};

const noPackages = (root: string, workspaces: readonly string[]): Problem => ({
  code: 'TASKS5002',
  message: workspaces.length > 0 ? `no package matches ${workspaces.map(quote).join(', ')}` : `${quote(root)} holds no package`,
  place: { file: root },
  hint: 'A package has a package.json (at the top, or as one of its workspaces), or a pyproject.toml, setup.cfg, setup.py, Pipfile or requirements.txt.',
});

/** npm packages that the root does not know. A package.json that only says how Node reads its files makes none. */
const strangers = async (root: string, tree: Tree, { packages }: NpmWorkspace): Promise<readonly string[]> => {
  const known = new Set(packages.map(({ directory }) => directory));
  const directories = tree.manifests.filter((path) => /(?:^|\/)package\.json$/.test(path)).map(directoryOf);
  const found: string[] = [];
  for (const directory of directories) {
    if (known.has(directory)) continue;
    const manifest = await readNpmManifest(join(root, directory, 'package.json'));
    if (manifest && (!manifest.ok || isPackage(manifest.value))) found.push(directory);
  }
  return found;
};
