/** `tasks missing-deps`: what code imports and no manifest declares, and one install of all of it. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { Census } from '../../../planner/imports/census.ts';
import { MAX_CENSUS_BYTES } from '../../../planner/imports/limits.ts';
import type { InstallReport } from '../../../planner/imports/install/install-report.ts';
import type { Doubt, Finding } from '../../../planner/imports/missing.ts';
import type { Project } from '../../../planner/imports/project/find-project.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { reportWarnings, usageError } from '../errors.ts';
import { oneLine } from '../markup.ts';
import { counted } from '../view/counts-text.ts';
import { scan, WORKSPACES } from './scan-imports.ts';

export const missingDeps: CommandSpec = {
  name: 'missing-deps',
  group: 'Set up',
  summary: 'List packages that code imports and no manifest declares, or install them',
  description: [
    'Text is a line for each: the directory of the package that imports it, its name and, where another manifest states one, a range. What is only likely (caught when it fails, in a file that nothing imports, a sibling in the project) is counted but not listed without --likely.',
    '--install writes what is missing into the manifests (requirements.txt for Python) and runs one install at the top: npm, pnpm, pip or uv. Names come from source text: whoever can write an import decides what is downloaded. Look first, and narrow it with --only or --exclude.',
    'Exit codes: 0 nothing is missing, or all of it was installed; 1 something is missing; 2 the code base or a manifest cannot be read; 6 no parser, no package manager, or the install failed.',
  ],
  arguments: [{ name: 'directory', description: 'Top of the project, a file that `tasks scan-imports -o json` made, or - for one on standard input; the current directory unless stated', optional: true }],
  options: [
    WORKSPACES,
    { name: 'install', env: false, description: 'Declare and install what is missing' },
    { name: 'only', value: 'PACKAGE...', kind: 'list', env: false, description: 'Nothing but these packages' },
    { name: 'exclude', value: 'PACKAGE...', kind: 'list', env: false, description: 'All but these packages' },
    { name: 'likely', env: false, description: 'What is only likely counts, too' },
    { name: 'ignore-scripts', env: false, description: 'With --install: packages of npm run no scripts while they are installed' },
  ],
  examples: [
    { says: 'What is missing', command: 'tasks missing-deps' },
    { says: 'From a scan that was kept', command: 'tasks missing-deps imports.json' },
    { says: 'Install all of it at once', command: 'tasks missing-deps --install --exclude left-pad' },
  ],
  run: async (context) => {
    const { values, out } = context;
    if (values.flag('ignore-scripts') && !values.flag('install')) throw usageError('--ignore-scripts is for --install');
    const { findMissing } = await import('../../../planner/imports/find-missing.ts');
    const missing = await findMissing(await censusOf(context));
    if (!missing.ok) throw new TasksError(missing.error);
    const wanted = missing.value.findings.filter(chosen(context));
    const counts = wanted.filter(({ certainty }) => certainty === 'certain' || values.flag('likely'));
    const report = values.flag('install') && counts.length > 0 ? await install(context, counts, missing.value.project) : undefined;
    const outcomes = wanted.map((finding) => (counts.includes(finding) ? outcome(finding, report) : finding));
    // What could not be installed is named by its problem.
    const listed = counts.map((finding) => outcome(finding, report)).filter(({ installed }) => installed !== false);
    out.answer(outcomes, () => listed.map(findingText).join('\n'));
    explain(context, counts, wanted.length - counts.length, report);
    return exitOf(counts, report);
  },
};

/** A census that was kept is compared with the manifests as they are now. */
const censusOf = async (context: Context): Promise<Census> => {
  const { args, cwd, services, values, out } = context;
  const [given = '.'] = args;
  const path = resolve(cwd, given);
  const isFile = given !== '-' && (await stat(path).then((found) => !found.isDirectory(), () => false));
  if (given !== '-' && !isFile) return scan(context, path);
  if (values.isGiven('workspaces')) throw usageError('--workspaces is for a scan, and this one has been made', 'say it to `tasks scan-imports`');
  const { readCensus } = await import('../../../planner/imports/read-census.ts');
  const census = readCensus(given === '-' ? await services.readStdin() : await readKept(path), given === '-' ? 'standard input' : path);
  if (!census.ok) throw new TasksError(census.error);
  reportWarnings(out, census.value.warnings);
  return census.value;
};

const readKept = async (path: string): Promise<string> => {
  const problem = (why: string): TasksError => new TasksError({ code: 'TASKS5005', message: `${JSON.stringify(path)} cannot be read: ${why}`, place: { file: path } });
  try {
    if ((await stat(path)).size > MAX_CENSUS_BYTES) throw problem(`it is larger than ${MAX_CENSUS_BYTES / (1024 * 1024)} MiB`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw error instanceof TasksError ? error : problem(error instanceof Error ? error.message : String(error));
  }
};

const chosen = ({ values }: Context): ((finding: Finding) => boolean) => {
  const only = new Set(values.list('only'));
  const exclude = new Set(values.list('exclude'));
  return (finding) => (only.size === 0 || only.has(finding.package)) && !exclude.has(finding.package);
};

const install = async ({ values, interrupt, environment, out }: Context, findings: readonly Finding[], project: Project): Promise<InstallReport> => {
  const { installMissing } = await import('../../../planner/imports/install/install-missing.ts');
  return installMissing({
    project,
    findings,
    ignoreScripts: values.flag('ignore-scripts'),
    environment,
    signal: interrupt.signal,
    onProgress: (line) => out.progress(line),
  });
};

type Outcome = Finding & { readonly installed?: boolean };

const outcome = (finding: Finding, report: InstallReport | undefined): Outcome => {
  if (!report) return finding;
  const done = report.installed.find((one) => one.finding === finding);
  return done ? { ...finding, package: done.name, range: done.range, installed: true } : { ...finding, installed: false };
};

const findingText = ({ workspace, package: name, range }: Finding): string => oneLine([workspace, name, ...(range === undefined ? [] : [range])].join(' '));

const DOUBTS: Readonly<Record<Doubt, string>> = {
  optional: 'the code goes on without it',
  unreached: 'in files that nothing imports',
  types: 'its types are declared, perhaps it is of them alone',
  sibling: 'a package of this project',
  guessed: 'the name of the distribution is a guess',
};

const explain = ({ out, values }: Context, counts: readonly Finding[], unlisted: number, report: InstallReport | undefined): void => {
  reportWarnings(out, report?.unavailable.map(({ problem }) => problem) ?? []);
  for (const { workspace, package: name, places, uses, doubt } of report ? [] : counts) {
    const [first] = places;
    const at = first ? `${first.file}:${first.line}:${first.column}` : '';
    out.hint(oneLine(`  ${name} in ${workspace}: ${at}${uses > 1 ? ` and ${uses - 1} more` : ''}${doubt === undefined ? '' : ` (likely: ${DOUBTS[doubt]})`}`));
  }
  const undeclared = report?.installed.filter(({ manifest }) => manifest === undefined) ?? [];
  if (undeclared.length > 0) out.warn(`installed, but declared nowhere: ${undeclared.map(({ finding }) => `${oneLine(finding.package)} (${oneLine(finding.workspace)})`).join(', ')}; add them to the project's manifest`);
  if (report && report.installed.length > 0) out.hint(`Installed ${counted(report.installed.length, 'dependency', 'dependencies')}`);
  if (counts.length === 0) out.hint('Nothing is missing');
  else if (!report) out.hint(`${counted(counts.length, 'dependency is', 'dependencies are')} missing; \`tasks missing-deps --install\` declares and installs them`);
  if (unlisted > 0 && !values.flag('likely')) out.hint(`${unlisted} more ${unlisted === 1 ? 'is' : 'are'} only likely: --likely lists ${unlisted === 1 ? 'it' : 'them'}`);
};

const exitOf = (counts: readonly Finding[], report: InstallReport | undefined): ExitCode => {
  if (report) return report.unavailable.length > 0 ? EXIT.invalid : EXIT.ok;
  return counts.length > 0 ? EXIT.invalid : EXIT.ok;
};
