/** What may have come about before a task starts: only what surely has not can be missed with certainty. */
import { BitSet } from '../../scheduler/graph/ancestors.ts';
import type { Call } from './shell/shell-command.ts';
import type { Survey, SurveyedTask } from './survey.ts';
import { isCommand } from './survey.ts';

/** They change nothing that a preflight looks at. */
const HARMLESS: ReadonlySet<string> = new Set(['true', 'false', ':', 'echo', 'printf', 'test', '[', 'cd', 'set', 'export', 'exit', 'sleep', 'ls', 'cat', 'grep', 'head', 'tail', 'wc', 'pwd']);
/** Of package managers: they fetch what is declared. */
const FETCHES: ReadonlySet<string> = new Set(['ci', 'install', 'i']);
const MANAGERS: ReadonlySet<string> = new Set(['npm', 'pnpm', 'yarn']);

export const isHarmless = ({ name, args }: Call): boolean => {
  if (HARMLESS.has(name)) return true;
  // Without the names of packages it follows the lock file.
  return MANAGERS.has(name) && FETCHES.has(args[0] ?? '') && args.slice(1).every((arg) => arg?.startsWith('-') === true && arg !== '-g' && !arg.startsWith('--global'));
};

/** A task that does not say what it writes, and may do anything. */
const isOpaque = (task: SurveyedTask): boolean => {
  if (task.node.executor === 'noop') return false;
  if (!isCommand(task)) return true;
  if (task.writes.length > 0) return false;
  return task.commands.some(({ shell }) => shell === undefined || shell.isOpaque || !shell.calls.every(isHarmless));
};

export class Effects {
  readonly #survey: Survey;
  readonly #opaque: BitSet;

  constructor(survey: Survey) {
    this.#survey = survey;
    this.#opaque = BitSet.ofSize(survey.tasks.length, survey.tasks.filter(isOpaque).map(({ index }) => index));
  }

  /** Some task before it says or shows that it has to do with the path. */
  isNamedBefore(task: SurveyedTask, path: string): boolean {
    const before = this.#survey.ancestors.of(task.index);
    return [...this.#survey.touchers.meeting(path)].some((index) => before.has(index));
  }

  /** Some task before it says that it writes the path. */
  isWrittenBefore(task: SurveyedTask, path: string): boolean {
    const before = this.#survey.ancestors.of(task.index);
    return [...this.#survey.writers.meeting(path)].some((index) => before.has(index));
  }

  /** Nobody who comes before it can have made or changed the path. */
  isUntouchedBefore(task: SurveyedTask, path: string): boolean {
    return !this.isNamedBefore(task, path) && !this.#survey.ancestors.of(task.index).meets(this.#opaque);
  }

  /** Tasks that say that they write the path, and are in no order with this one. */
  writersBeside(task: SurveyedTask, path: string): readonly SurveyedTask[] {
    const { ancestors, writers, tasks } = this.#survey;
    const before = ancestors.of(task.index);
    return [...writers.meeting(path)].flatMap((index) => (index === task.index || before.has(index) || ancestors.of(index).has(task.index) ? [] : (tasks[index] ?? [])));
  }
}
