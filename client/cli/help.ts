/** `--help`, from the table of commands. */
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { COMMAND_GROUPS, environmentName } from './command-spec.ts';
import { COMMON_OPTIONS, commonOptionsOf } from './common-options.ts';
import { wrap } from './markup.ts';

interface Entry {
  readonly term: string;
  readonly text: string;
}

export const programHelp = (options: { readonly commands: readonly CommandSpec[]; readonly width: number }): string => {
  const { commands, width } = options;
  const visible = commands.filter((command) => !command.hidden);
  const groups = COMMAND_GROUPS.map((group) => ({
    title: group,
    entries: visible.filter((command) => command.group === group).map((command) => ({ term: command.name, text: command.summary })),
  }));
  return sections([
    'Usage: tasks <command> [options]',
    'Runs plans of tasks as durable executions on Temporal.',
    ...groups.filter(({ entries }) => entries.length > 0).map(({ title, entries }) => list(`${title}:`, entries, width)),
    list('Options of every command:', COMMON_OPTIONS.map(optionEntry), width),
    wrap('Every option has a TASKS_* variable for its default; a flag wins over it, and it over tasks.config.json.', width).join('\n'),
    'tasks <command> --help shows one command with examples.',
  ]);
};

export const commandHelp = (options: { readonly command: CommandSpec; readonly width: number }): string => {
  const { command, width } = options;
  return sections([
    `Usage: ${usage(command)}`,
    ...[command.summary, ...(command.description ?? [])].map((text) => wrap(text, width).join('\n')),
    list('Arguments:', command.arguments.map(({ name, description }) => ({ term: name, text: description })), width),
    list('Options:', command.options.map(optionEntry), width),
    list('Options of every command:', commonOptionsOf(command).map(optionEntry), width),
    `Examples:\n${command.examples.map(({ says, command: line }) => `  # ${says}\n  $ ${line}`).join('\n')}`,
  ]);
};

export const usage = (command: CommandSpec): string => {
  const args = command.arguments.map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`));
  return ['tasks', command.name, ...args, '[options]'].join(' ');
};

export const optionTerm = (option: OptionSpec): string => {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
};

/** What an option is for, with its choices, its default and its variable. */
export const optionText = (option: OptionSpec): string => {
  const facts = [
    option.choices ? option.choices.join('|') : '',
    option.default === undefined ? '' : `default ${option.default}`,
    environmentName(option) ?? '',
  ].filter((fact) => fact !== '');
  const alias = option.aliases ? ` (also ${option.aliases.map((name) => `--${name}`).join(', ')})` : '';
  const note = option.effective === false ? ` No effect yet: ${option.note ?? 'its part comes later'}.` : '';
  return `${option.description}${alias}.${note}${facts.length > 0 ? ` [${facts.join('; ')}]` : ''}`;
};

const optionEntry = (option: OptionSpec): Entry => ({ term: optionTerm(option), text: optionText(option) });

const sections = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

const list = (title: string, entries: readonly Entry[], width: number): string => {
  if (entries.length === 0) return '';
  const column = Math.min(30, Math.max(...entries.map(({ term }) => term.length)) + 4);
  const lines = entries.flatMap(({ term, text }) => {
    const [first = '', ...rest] = wrap(text, Math.max(24, width - column));
    const head = `  ${term}`;
    const start = head.length < column ? [head.padEnd(column) + first] : [head, ' '.repeat(column) + first];
    return [...start, ...rest.map((line) => ' '.repeat(column) + line)];
  });
  return [title, ...lines].join('\n');
};
