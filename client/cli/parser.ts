/** Makes the parser from the table of commands. It tells words apart; values are checked elsewhere. */
import { Argument, Command, CommanderError, Option } from 'commander';
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { COMMON_OPTIONS, commonOptionsOf } from './common-options.ts';
import { commandHelp, programHelp } from './help.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import type { Flags } from './resolve-values.ts';

export type Invocation =
  | { readonly kind: 'run'; readonly command: CommandSpec; readonly args: readonly string[]; readonly flags: Flags }
  /** `asked`: somebody wanted to read it; otherwise it stands in for a command that is missing. */
  | { readonly kind: 'help'; readonly text: string; readonly asked: boolean }
  | { readonly kind: 'version' };

export interface ParseOptions {
  readonly commands: readonly CommandSpec[];
  /** Without the program and its script. */
  readonly argv: readonly string[];
  /** Columns for help. */
  readonly width: number;
}

export const parse = (options: ParseOptions): Result<Invocation> => {
  let invocation: Invocation | undefined;
  const { commands, argv, width } = options;
  if (argv.length === 0) return ok({ kind: 'help', text: programHelp({ commands, width }), asked: false });
  const program = new Command('tasks')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (invocation = { kind: 'help', text, asked: true }), writeErr: () => {}, outputError: () => {} })
    .configureHelp({ formatHelp: () => programHelp({ commands, width }) })
    .version('version', '-V, --version')
    .showSuggestionAfterError()
    // After a command's name a letter is the command's.
    .enablePositionalOptions();
  addOptions(program, COMMON_OPTIONS);
  for (const spec of commands) {
    const command = program
      .command(spec.name, { hidden: spec.hidden === true })
      .summary(spec.summary)
      .configureHelp({ formatHelp: () => commandHelp({ command: spec, width }) });
    const options = [...spec.options, ...commonOptionsOf(spec)];
    addOptions(command, options);
    for (const { name, description, optional, choices } of spec.arguments) {
      const argument = new Argument(optional ? `[${name}]` : `<${name}>`, description);
      command.addArgument(choices ? argument.choices(choices) : argument);
    }
    command.action(() => {
      const flags = new Map([...readFlags(program, COMMON_OPTIONS), ...readFlags(command, options)]);
      invocation = { kind: 'run', command: spec, args: command.args, flags };
    });
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.version') return ok({ kind: 'version' });
    if (!invocation) return fail([usageProblem(error.message, argv)]);
  }
  return invocation ? ok(invocation) : fail([usageProblem('no command', argv)]);
};

const addOptions = (command: Command, specs: readonly OptionSpec[]): void => {
  for (const spec of specs) {
    const value = spec.value === undefined ? '' : ` <${spec.value}>`;
    const short = spec.short === undefined ? '' : `-${spec.short}, `;
    command.addOption(collecting(new Option(`${short}--${spec.name}${value}`, spec.description), spec));
    for (const alias of spec.aliases ?? []) command.addOption(collecting(new Option(`--${alias}${value}`).hideHelp(), spec));
  }
};

const collecting = (option: Option, spec: OptionSpec): Option =>
  spec.value === undefined ? option : option.argParser((text: string, previous: unknown) => [...(isList(previous) ? previous : []), text]);

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);

function* readFlags(command: Command, specs: readonly OptionSpec[]): Generator<[string, readonly string[]]> {
  for (const spec of specs) {
    for (const name of [spec.name, ...(spec.aliases ?? [])]) {
      const attribute = new Option(`--${name}`).attributeName();
      if (command.getOptionValueSource(attribute) !== 'cli') continue;
      const value: unknown = command.getOptionValue(attribute);
      yield [spec.name, isList(value) ? value : ['true']];
    }
  }
}

/** `error: unknown option '--slot'\n(Did you mean --slots?)` as a problem with its hint. */
const usageProblem = (message: string, argv: readonly string[]) => {
  const [first = '', ...rest] = message.replace(/^error: /u, '').split('\n');
  const suggestion = /\((.*)\)/u.exec(rest.join(' '))?.[1];
  const command = argv.find((word) => !word.startsWith('-'));
  const help = command === undefined ? 'tasks --help' : `tasks ${/^[a-z-]+$/u.test(command) && !first.startsWith('unknown command') ? `${command} ` : ''}--help`;
  const hint = suggestion === undefined ? `see \`${help}\`` : suggestion.replace(/^D/u, 'd');
  return { code: 'TASKS3010', message: first, hint } as const;
};
