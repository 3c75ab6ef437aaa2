/** Declares missing npm packages where they are missing and installs all of them at once, at the root. */
import { join } from 'node:path';
import { fail, ok, TasksError } from '../../../model/problem.ts';
import type { Problem, Result } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../missing.ts';
import type { NpmPackage } from '../npm/find-workspace.ts';
import { parseNpmManifest } from '../npm/manifest.ts';
import { isPackageName } from '../npm/package-name.ts';
import { readProjectFile } from '../project/read-file.ts';
import { addDependencies } from './edit-manifest.ts';
import type { Addition } from './edit-manifest.ts';
import type { Installed, InstallReport, InstallRequest } from './install-report.ts';
import { npmReleases } from './npm-versions.ts';
import type { Release } from './npm-versions.ts';
import { Originals } from './originals.ts';
import { packageManagerOf } from './package-manager.ts';
import { runTool } from './run-tool.ts';

const INSTALL_MS = 30 * 60_000;

/**
 * Nothing is left behind by an install that fails or is interrupted: manifests and lock file are as they were.
 *
 * @throws TasksError TASKS5007 when the install fails, TASKS5008 when this project is installed otherwise.
 */
export const installNpm = async (request: InstallRequest): Promise<InstallReport> => {
  const { project, findings, ignoreScripts, environment, signal, onProgress } = request;
  const { root, workspace } = project;
  const top = workspace.root;
  if (!top) throw notOneInstall(findings.map(({ workspace: directory }) => directory));
  const strange = findings.map(({ workspace: directory }) => directory).filter((directory) => !workspace.packages.some((one) => one.directory === directory && one.isLinked));
  if (strange.length > 0) throw notOneInstall(strange);
  const manager = packageManagerOf(root, top.manifest);
  if (!manager.ok) throw new TasksError(manager.error);

  const releases = await releasesFor(request);
  const unavailable: InstallReport['unavailable'][number][] = [];
  const installed: Installed[] = [];
  const additions = new Map<string, Addition[]>();
  for (const finding of findings) {
    const release = releaseOf(finding, releases);
    const own = workspace.packages.find(({ directory }) => directory === finding.workspace);
    if (!release.ok) unavailable.push({ finding, problem: release.error });
    else if (own) {
      const list = additions.get(own.manifest.path) ?? [];
      additions.set(own.manifest.path, [...list, { section: finding.dev ? 'devDependencies' : 'dependencies', ...release.value }]);
      installed.push({ finding, ...release.value, manifest: join(own.directory, 'package.json') });
    }
  }
  if (installed.length === 0) return { installed, unavailable };

  const { program, args, locks } = manager.value;
  const originals = new Originals();
  for (const lock of locks) await originals.keep(join(root, lock));
  try {
    for (const [path, added] of additions) await originals.write(path, await edited(path, added));
    onProgress?.(`${program} ${args.join(' ')}: ${installed.length} ${installed.length === 1 ? 'dependency' : 'dependencies'} in ${additions.size} ${additions.size === 1 ? 'manifest' : 'manifests'}`);
    const result = await runTool({ program, args: [...args, ...(ignoreScripts ? ['--ignore-scripts'] : [])], cwd: root, environment, timeoutMs: INSTALL_MS, ...(signal && { signal }) });
    if (!result.ok) throw new TasksError({ code: 'TASKS5007', message: `${program} install failed, and the manifests are as they were:\n${result.lastWords}`, place: { file: root } });
  } catch (error) {
    await originals.putBack();
    throw error;
  }
  return { installed, unavailable };
};

type Releases = Awaited<ReturnType<typeof npmReleases>>;

/** Only what nobody in the project states is asked of the registry, and each name once. */
const releasesFor = async ({ project, findings, environment, signal, onProgress }: InstallRequest): Promise<Releases> => {
  const unstated = findings.filter((finding) => finding.range === undefined && isPackageName(finding.package));
  const names = [...new Set(unstated.map((finding) => finding.package))];
  const typesOnly = new Set(unstated.filter((finding) => finding.typesOnly).map((finding) => finding.package));
  if (names.length > 0) onProgress?.(`Asking the registry for ${names.length} ${names.length === 1 ? 'version' : 'versions'}`);
  const found = await npmReleases({ names, typesOnly, cwd: project.root, environment, ...(signal && { signal }) });
  if (signal?.aborted) throw new TasksError({ code: 'TASKS5007', message: 'interrupted; nothing was changed' });
  return found;
};

const releaseOf = (finding: Finding, releases: Releases): Result<Release, Problem> => {
  const { package: name, range = '*' } = finding;
  if (!isPackageName(name)) return fail({ code: 'TASKS5010', message: `${quote(name)} cannot be the name of a package` });
  return releases.get(name) ?? ok({ name, range });
};

/** @throws TasksError when the manifest is no longer one. */
const edited = async (path: string, additions: readonly Addition[]): Promise<string> => {
  const text = await readProjectFile(path, path);
  if (!text.ok) throw new TasksError(text.error);
  const result = addDependencies(text.value ?? '{}\n', additions);
  const check = parseNpmManifest(path, result);
  if (!check.ok) throw new TasksError(check.error);
  return result;
};

const notOneInstall = (directories: readonly NpmPackage['directory'][]): TasksError => {
  const names = [...new Set(directories)];
  return new TasksError({
    code: 'TASKS5008',
    message: `${names.map(quote).join(', ')} ${names.length === 1 ? 'is no workspace' : 'are no workspaces'} of the package.json at the top, and one install cannot do for all`,
    hint: `Install in it by itself: tasks missing-deps ${names[0] ?? ''} --install`,
  });
};
