/** Installs missing distributions, those of all projects that share a Python at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fail, TasksError } from '../../../model/problem.ts';
import type { Problem } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../missing.ts';
import { readProjectFile } from '../project/read-file.ts';
import type { PythonProject } from '../python/find-projects.ts';
import { isDistributionName } from '../python/requirement.ts';
import { bounded } from './bounded.ts';
import { addRequirements, requirementText } from './edit-requirements.ts';
import type { NewRequirement } from './edit-requirements.ts';
import type { Installed, InstallReport, InstallRequest } from './install-report.ts';
import { Originals } from './originals.ts';
import { findPython } from './python-environment.ts';
import { pip, uv } from './python-installer.ts';
import type { PythonInstaller } from './python-installer.ts';
import { runTool } from './run-tool.ts';

const AT_ONCE = 4;
const INSTALL_MS = 30 * 60_000;

/**
 * What was installed is added to the project's requirements.txt, where there is one; other manifests are left to
 * their owners. The file is as it was when the install fails.
 *
 * @throws TasksError TASKS5007 when the install fails, TASKS5008 without a Python, TASKS5009 when the system owns it.
 */
export const installPython = async (request: InstallRequest): Promise<InstallReport> => {
  const { project, environment } = request;
  const { root } = project;
  // A stranger may have taken the name of a project's own package in the index.
  const own = request.findings.filter(({ doubt }) => doubt === 'sibling');
  const findings = request.findings.filter((finding) => !own.includes(finding));
  const byPython = new Map<string, Finding[]>();
  for (const directory of new Set(findings.map(({ workspace }) => workspace))) {
    const python = await findPython({ directory: join(root, directory), root, environment });
    byPython.set(python, [...(byPython.get(python) ?? []), ...findings.filter(({ workspace }) => workspace === directory)]);
  }
  const reports: InstallReport[] = [{ installed: [], unavailable: own.map((finding) => ({ finding, problem: sibling(finding) })) }];
  for (const [python, its] of byPython) {
    const hasUv = [...new Set(its.map(({ workspace }) => workspace)), '.'].some((directory) => existsSync(join(root, directory, 'uv.lock')));
    reports.push(await installWith(hasUv ? uv(python) : pip(python), { ...request, findings: its }));
  }
  return { installed: reports.flatMap(({ installed }) => installed), unavailable: reports.flatMap((report) => report.unavailable) };
};

const installWith = async (installer: PythonInstaller, { project, findings, environment, signal, onProgress }: InstallRequest): Promise<InstallReport> => {
  const { root, projects } = project;
  const where = { cwd: root, environment, ...(signal && { signal }) };
  const names = [...new Set(findings.map((finding) => finding.package))];
  onProgress?.(`Asking the index for ${names.length} ${names.length === 1 ? 'version' : 'versions'}`);
  const answers = await bounded(names, AT_ONCE, async (name) => [name, await (isDistributionName(name) ? installer.versionOf(name, where) : hostile(name))] as const);
  const versions = new Map(answers);
  const known: { readonly finding: Finding; readonly added: NewRequirement }[] = [];
  const unavailable: InstallReport['unavailable'][number][] = [];
  for (const finding of findings) {
    const version = versions.get(finding.package);
    if (version?.ok) known.push({ finding, added: { name: finding.package, range: finding.range, version: version.value } });
    else if (version) unavailable.push({ finding, problem: version.error });
  }
  if (known.length === 0) return { installed: [], unavailable };

  const originals = new Originals();
  const installed: Installed[] = [];
  try {
    for (const own of projects) {
      const mine = known.filter(({ finding }) => finding.workspace === own.directory);
      if (mine.length > 0) installed.push(...(await declare(root, own, mine, originals)));
    }
    const wanted = [...new Set(known.map(({ added: { name, range } }) => `${name}${range ?? ''}`))];
    const args = installer.installArgs(wanted);
    onProgress?.([installer.program, ...args].join(' '));
    const result = await runTool({ program: installer.program, args, timeoutMs: INSTALL_MS, ...where });
    if (!result.ok) throw new TasksError({ code: 'TASKS5007', message: `the install failed, and requirements.txt is as it was:\n${result.lastWords}`, place: { file: root } });
  } catch (error) {
    await originals.putBack();
    throw error;
  }
  return { installed, unavailable };
};

const sibling = ({ package: name }: Finding): Problem => ({
  code: 'TASKS5010',
  message: `${quote(name)} is a project of this code base, and not taken from an index`,
  hint: 'Install it from its directory: python -m pip install -e DIRECTORY',
});

const hostile = async (name: string) => fail({ code: 'TASKS5010', message: `${quote(name)} cannot be the name of a distribution` } as const);

const declare = async (root: string, own: PythonProject, known: readonly { readonly finding: Finding; readonly added: NewRequirement }[], originals: Originals): Promise<readonly Installed[]> => {
  const file = own.requirementsFile;
  if (file === undefined) return known.map(({ finding, added }) => ({ finding, name: added.name, range: added.range ?? `==${added.version}` }));
  const path = join(root, file);
  const read = await readProjectFile(path, file);
  if (!read.ok) throw new TasksError(read.error);
  const text = read.value ?? '';
  await originals.write(path, addRequirements(text, known.map(({ added }) => added)));
  return known.map(({ finding, added }) => ({ finding, name: added.name, range: requirementText(added, text).slice(added.name.length), manifest: file }));
};
