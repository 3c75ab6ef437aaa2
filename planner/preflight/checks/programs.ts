/** Executables that commands need: on the path, where their name says, or, in scripts of packages, among their programs. */
import { join } from 'node:path';
import { BitSet } from '../../../scheduler/graph/ancestors.ts';
import { staysInside } from '../../read/inside.ts';
import { quote } from '../../read/words.ts';
import { isHarmless } from '../effects.ts';
import type { Effects } from '../effects.ts';
import { isDirectory, Programs } from '../files.ts';
import type { Finding } from '../finding.ts';
import { plainPath } from '../path-index.ts';
import { about, seenHere } from '../survey.ts';
import type { Survey, SurveyedTask } from '../survey.ts';
import { scriptCall } from './npm-call.ts';
import type { Reached } from './reached.ts';
import { BUILT_IN, INSTALLERS } from './shell-words.ts';

type Brings = (reached: Reached) => boolean;

/** Packages, or anything else. What scripts run is looked at by itself. */
const mayInstallPackages: Brings = ({ call, isBlind }) => isBlind === true || (INSTALLERS.has(call.name) && scriptCall(call) === undefined);
/** It may bring programs, or put them on the path: `npm ci` does not. */
const mayInstall: Brings = (reached) => mayInstallPackages(reached) && !isHarmless(reached.call);

/** A person, or a command that installs something or is not understood. */
const mayBring = (task: SurveyedTask, calls: readonly Reached[] | undefined, brings: Brings): boolean => {
  if (task.node.executor === 'noop') return false;
  return !calls || task.commands.some(({ shell }) => !shell || shell.isOpaque || shell.changesPath) || calls.some(brings);
};

/** `node_modules/.bin` of a directory and of those above it, within the workspace. */
const binariesOf = (workspace: string, directory: string): readonly string[] => {
  const steps = directory === '.' ? [] : directory.split('/');
  return [...steps.keys(), steps.length].map((count) => join(workspace, ...steps.slice(0, count), 'node_modules', '.bin'));
};

type Calls = ReadonlyMap<SurveyedTask, readonly Reached[]>;

class Look {
  readonly #survey: Survey;
  readonly #effects: Effects;
  readonly #programs: Programs;
  readonly #bringers: BitSet;
  readonly #packagers: BitSet;

  constructor(survey: Survey, calls: Calls, effects: Effects) {
    const bringers = (brings: Brings): readonly SurveyedTask[] => survey.tasks.filter((task) => mayBring(task, calls.get(task), brings));
    const setOf = (brings: Brings): BitSet => BitSet.ofSize(survey.tasks.length, bringers(brings).map(({ index }) => index));
    this.#survey = survey;
    this.#effects = effects;
    this.#programs = new Programs(survey.environment['PATH']);
    this.#bringers = setOf(mayInstall);
    this.#packagers = setOf(mayInstallPackages);
  }

  /** Whether nothing can have brought it in time; undefined when it is there, or is to be expected. */
  isUnmade(task: SurveyedTask, reached: Reached): Promise<boolean | undefined> {
    if (BUILT_IN.has(reached.call.name)) return Promise.resolve(undefined);
    if (reached.call.name.includes('/')) return this.#byPath(task, reached);
    return reached.within ? this.#ofPackages(task, reached, reached.within.manifest.directory) : this.#onPath(task, reached);
  }

  async #byPath(task: SurveyedTask, { call, directory, before }: Reached): Promise<boolean | undefined> {
    const { name } = call;
    const isAbsolute = name.startsWith('/');
    if (!isAbsolute && directory === undefined) return undefined;
    if (await this.#programs.has(name, join(this.#survey.workspace, directory ?? '.'))) return undefined;
    if (isAbsolute) return before.every(({ call: earlier }) => isHarmless(earlier)) && !this.#isBefore(task, this.#bringers);
    const path = plainPath(join(directory ?? '.', name));
    if (path === undefined || !staysInside(path)) return false;
    if (this.#effects.isNamedBefore(task, path)) return undefined;
    return before.every(({ call: earlier }) => isHarmless(earlier)) && this.#effects.isUntouchedBefore(task, path);
  }

  async #onPath(task: SurveyedTask, { call, before }: Reached): Promise<boolean | undefined> {
    if (await this.#programs.has(call.name, '/')) return undefined;
    return !before.some(mayInstall) && !this.#isBefore(task, this.#bringers);
  }

  async #ofPackages(task: SurveyedTask, { call, before }: Reached, directory: string): Promise<boolean | undefined> {
    if (await this.#programs.has(call.name, '/')) return undefined;
    const places = binariesOf(this.#survey.workspace, directory);
    for (const place of places) if (await this.#programs.has(join(place, call.name), '/')) return undefined;
    // The call of the script itself is among those before it only when something follows it.
    const isInstalledBefore = before.some(mayInstallPackages) || this.#isBefore(task, this.#packagers);
    if (!isInstalledBefore) return true;
    // Where nothing is installed yet nobody can tell what will be.
    const isInstalled = (await Promise.all(places.map((place) => isDirectory(place)))).some(Boolean);
    return isInstalled ? false : undefined;
  }

  #isBefore({ index }: SurveyedTask, some: BitSet): boolean {
    return this.#survey.ancestors.of(index).meets(some);
  }
}

const hintFor = ({ call, within }: Reached): string => {
  if (call.name.includes('/')) return 'Have a task before it make it, and name it in "artifacts", or mend the path.';
  if (within) return `Have a task before it install the packages (\`npm ci\`), or declare the package that brings ${quote(call.name)}.`;
  return `Install it where commands run, or call what a package brings by ${quote(`npx ${call.name}`)}.`;
};

const textOf = ({ call, what, within }: Reached): string => {
  if (within) return `the script ${quote(within.script)} of ${quote(join(within.manifest.directory, 'package.json'))} needs the program ${quote(call.name)}, which is neither on the PATH nor in node_modules`;
  return `${what} needs the program ${quote(call.name)}, which ${call.name.includes('/') ? 'is not there' : 'is not on the PATH'}`;
};

export const checkPrograms = async (survey: Survey, calls: Calls, effects: Effects): Promise<readonly Finding[]> => {
  const look = new Look(survey, calls, effects);
  const findings: Finding[] = [];
  for (const [task, all] of calls) {
    const told = new Set<string>();
    for (const reached of all) {
      const text = textOf(reached);
      const isUnmade = told.has(text) ? undefined : await look.isUnmade(task, reached);
      if (isUnmade === undefined) continue;
      told.add(text);
      findings.push(about(task, { code: 'TASKS1502', certainty: seenHere(survey, task, isUnmade && reached.decides && reached.what === 'cmd'), message: `task ${quote(task.node.id)}: ${text}`, hint: hintFor(reached) }));
    }
  }
  return findings;
};
