/**
 * A command of `tasks` as data. Parser, `--help`, completions, `docs/commands.md` and the README's table are
 * all made from the same table of these, so none of them can say something that the others do not.
 */
import type { ExitCode } from '../../model/problem.ts';
import type { Context } from './context.ts';

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly optional?: true;
  readonly choices?: readonly string[];
}

export interface OptionSpec {
  /** Long name without the dashes. A name that starts with `no-` is a switch like any other. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Other long names for it, not shown in lists. */
  readonly aliases?: readonly string[];
  /** Placeholder of its value in help, such as `N`; a switch when left out. */
  readonly value?: string;
  /** `text` unless stated. A `list` may be repeated and takes commas. */
  readonly kind?: 'text' | 'integer' | 'number' | 'list';
  /** Of a `list`: what stands between two values in one text instead of a comma; `false`: each text is one value, as it is. */
  readonly separator?: string | false;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string | number;
  /** `false`: no environment variable gives its default (see {@link environmentName}). */
  readonly env?: false;
  /** A switch that only sets another option, as `--json` is `--output json`. */
  readonly sets?: { readonly option: string; readonly value: string };
  readonly description: string;
  /** `false`: it is read and checked, and has no effect yet; `note` says what it will do. */
  readonly effective?: false;
  readonly note?: string;
}

export interface ExampleSpec {
  readonly says: string;
  readonly command: string;
}

export const COMMAND_GROUPS = ['Plan', 'Run', 'Look', 'Steer', 'Set up'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface CommandSpec {
  readonly name: string;
  readonly group: CommandGroup;
  /** One line, for lists. */
  readonly summary: string;
  /** Paragraphs for its own help and page. */
  readonly description?: readonly string[];
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly ExampleSpec[];
  /** Left out of every list; for the project's own use. */
  readonly hidden?: true;
  /** Prints its answer and says how it ended; throws `TasksError` when it cannot do what was asked. */
  readonly run: (context: Context) => Promise<ExitCode>;
}

/**
 * The variable that gives an option's default, or undefined. Names that the engine itself sets for the
 * commands it runs (`TASKS_EXECUTION_ID`, `TASKS_TASK_ID`, `TASKS_ATTEMPT`, `TASKS_RESUME_FROM` and the like) must never be among them: a
 * `tasks` started inside a task would take them for its own options.
 */
export const environmentName = (option: OptionSpec): string | undefined =>
  option.env === false || option.sets ? undefined : `TASKS_${option.name.toUpperCase().replaceAll('-', '_')}`;
