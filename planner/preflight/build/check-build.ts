/** A dry run of the build in a throw-away worktree: what it misses shows before anything starts. */
import { isSecretName } from '../../../model/secret-names.ts';
import { printable } from '../../read/line-index.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import type { Survey } from '../survey.ts';
import { missingModules } from './missing-modules.ts';
import type { MissingModule } from './missing-modules.ts';
import { runBuild } from './run.ts';
import type { BuildRun } from './run.ts';
import { openSandbox } from './sandbox.ts';

const TAIL_LINES = 12;
const LINE_LENGTH = 300;

export interface BuildOptions {
  readonly command: string;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Ends the build, and takes the worktree away. */
  readonly signal: AbortSignal;
}

const withoutSecrets = (environment: Survey['environment']): Readonly<Record<string, string | undefined>> => Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecretName(name)));

/** The end of its output, as the places that belong to the finding. */
const tailOf = (output: string): NonNullable<Finding['related']> =>
  output
    .trimEnd()
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '')
    .slice(-TAIL_LINES)
    .map((line) => ({ message: printable(line.slice(0, LINE_LENGTH)) }));

const failureOf = ({ how, exitCode, output }: BuildRun, { command, timeoutMs }: BuildOptions): Finding => {
  const ended = exitCode === undefined ? 'was killed' : `ended with exit code ${exitCode}`;
  return {
    code: 'TASKS1509',
    certainty: how === 'timeout' ? 'likely' : 'certain',
    message: `the dry-run build ${quote(command)} ${how === 'timeout' ? `took longer than ${Math.round(timeoutMs / 1000)} s and was ended` : ended}`,
    hint: 'It ran in a copy without what git ignores: a command that needs node_modules installs them first (`npm ci && npm run build`).',
    related: tailOf(output),
  };
};

const moduleFinding = ({ name, ecosystem }: MissingModule, command: string): Finding => ({
  code: 'TASKS1508',
  certainty: 'certain',
  message: `the dry-run build ${quote(command)} did not find the ${ecosystem === 'npm' ? 'package' : 'Python module'} ${quote(name)}`,
  hint: ecosystem === 'npm' ? 'Declare it in the package.json of the package that imports it.' : 'Declare the distribution that brings it.',
  // What a Python module is called is not what brings it is called.
  ...(ecosystem === 'npm' && { package: { ecosystem, name } }),
});

/**
 * A build that ends well has no findings.
 *
 * @throws TasksError TASKS1510 when no worktree can be made; Error when the signal ended it.
 */
export const checkBuild = async (survey: Pick<Survey, 'workspace' | 'environment'>, options: BuildOptions): Promise<readonly Finding[]> => {
  const { command, timeoutMs, signal } = options;
  await using sandbox = await openSandbox(survey.workspace);
  const run = await runBuild({ command, directory: sandbox.directory, environment: withoutSecrets(survey.environment), timeoutMs, signal });
  if (run.how === 'interrupted') throw new Error('the dry-run build was interrupted');
  if (run.how === 'ended' && run.exitCode === 0) return [];
  return [failureOf(run, options), ...missingModules(run.output).map((each) => moduleFinding(each, command))];
};

