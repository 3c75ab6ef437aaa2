/** How a project is tested, checked and built, as its own manifests say. */
import type { ProjectCommands } from '../analysis.ts';
import type { Configs } from '../configs/configs.ts';
import { directoryOf, joined } from '../../imports/project/paths.ts';
import { goCommands, javaCommands, rubyCommands, rustCommands } from './compiled.ts';
import { makeCommands } from './make.ts';
import { npmCommands } from './npm.ts';
import { pythonCommands } from './python.ts';

/** One place of a code base where a manifest lies. */
export interface Place {
  readonly configs: Configs;
  /** Whether there is a file, from this place. */
  readonly has: (name: string) => boolean;
  /** Names of the files there. */
  readonly names: readonly string[];
  /** A path from the code base. */
  readonly path: (name: string) => string;
}

/** Scripts that people wrote come before what a tool does by itself. */
const WAYS = [npmCommands, makeCommands, pythonCommands, goCommands, rustCommands, javaCommands, rubyCommands];
const MANIFESTS = new Set(['package.json', 'pyproject.toml', 'setup.cfg', 'setup.py', 'go.mod', 'Cargo.toml', 'pom.xml', 'build.gradle', 'build.gradle.kts', 'Gemfile', 'Makefile']);
const PLAIN = /^[\w./-]{1,200}$/;

/** Of the top; where there is no manifest, of the only directory below it that has one. */
export const findCommands = (configs: Configs, files: readonly string[]): ProjectCommands => {
  const top = commandsOf(configs, files, '.');
  if (Object.keys(top).length > 0) return top;
  const homes = new Set(files.filter((path) => MANIFESTS.has(path.slice(path.lastIndexOf('/') + 1))).map(directoryOf));
  const [home, another] = [...homes].filter((directory) => directory.split('/').length === 1 && directory !== '.');
  if (home === undefined || another !== undefined || !PLAIN.test(home)) return {};
  return Object.fromEntries(Object.entries(commandsOf(configs, files, home)).map(([kind, command]) => [kind, `cd ${home} && ${String(command)}`]));
};

const commandsOf = (configs: Configs, files: readonly string[], directory: string): ProjectCommands => {
  const paths = new Set(files);
  const path = (name: string): string => joined(directory, name);
  const names = files.filter((file) => directoryOf(file) === directory).map((file) => file.slice(file.lastIndexOf('/') + 1));
  const place: Place = { configs, path, has: (name) => paths.has(path(name)), names };
  // The first that knows a command has it.
  const found = WAYS.map((way) => way(place)).toReversed().reduce((known, own) => ({ ...known, ...own }), {});
  const { test, lint, typecheck, build, testOnly } = found;
  return { ...(test !== undefined && { test }), ...(lint !== undefined && { lint }), ...(typecheck !== undefined && { typecheck }), ...(build !== undefined && { build }), ...(testOnly !== undefined && { testOnly }) };
};
