/** Which script of which package a call of npm, pnpm or yarn runs. Any option that is not known here: nobody can tell. */
import type { Call } from '../shell/shell-command.ts';

export interface ScriptCall {
  readonly script: string;
  /** `--prefix`: the package's directory, relative to where the call is made. */
  readonly prefix?: string;
  /** `--workspace`: the name or the directory of a package of the workspaces. */
  readonly workspace?: string;
  /** Programs of packages will do as well. */
  readonly takesPrograms: boolean;
}

const SWITCHES: ReadonlySet<string> = new Set(['-s', '--silent', '--quiet', '-q', '--verbose', '-d', '-dd', '--foreground-scripts', '--no-audit', '--no-fund', '--offline', '--prefer-offline', '--ignore-scripts', '--no-color', '--color', '--yes', '-y']);
const WITH_VALUES: ReadonlySet<string> = new Set(['--loglevel', '--script-shell', '--cache']);
const WORKSPACE: ReadonlySet<string> = new Set(['-w', '--workspace']);
const PREFIX: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['npm', new Set(['--prefix', '-C'])],
  ['pnpm', new Set(['-C', '--dir'])],
  ['yarn', new Set(['--cwd'])],
]);
const RUN: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn']);
/** Of npm, which has names of its own for them. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['test', 'test'],
  ['t', 'test'],
  ['tst', 'test'],
]);

/** Undefined when it runs no script, may do without it, or does not say which. */
export const scriptCall = ({ name, args }: Call): ScriptCall | undefined => {
  const prefixes = PREFIX.get(name);
  if (!prefixes) return undefined;
  const words: string[] = [];
  let prefix: string | undefined;
  let workspace: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === '--') break;
    // Of yarn and pnpm what follows the script is the script's.
    if (words.length > 1 && name !== 'npm') break;
    if (arg === undefined) return undefined;
    if (!arg.startsWith('-')) {
      words.push(arg);
      continue;
    }
    const [option = '', inline] = arg.split(/=(.*)/su);
    if (SWITCHES.has(option)) continue;
    const isWorkspace = WORKSPACE.has(option) && name === 'npm';
    if (!isWorkspace && !prefixes.has(option) && !WITH_VALUES.has(option)) return undefined;
    const value = inline ?? args[++at];
    if (value === undefined) return undefined;
    // Several workspaces at once: each would have to be looked at.
    if (isWorkspace && workspace !== undefined) return undefined;
    if (isWorkspace) workspace = value;
    else if (prefixes.has(option)) prefix = value;
  }
  const [command = '', second] = words;
  const script = RUN.has(command) ? second : name === 'npm' ? SHORT.get(command) : undefined;
  if (script === undefined) return undefined;
  return { script, takesPrograms: name !== 'npm', ...(prefix !== undefined && { prefix }), ...(workspace !== undefined && { workspace }) };
};
