/** `docs/commands.md` and the README's table, from the table of commands. */
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { COMMAND_GROUPS } from './command-spec.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { optionText, usage } from './help.ts';

export const commandsTable = (commands: readonly CommandSpec[]): string => {
  const rows = inOrder(commands).map(({ name, summary }) => `| \`tasks ${name}\` | ${cell(summary)} |`);
  return ['| command | what it does |', '|---|---|', ...rows, ''].join('\n');
};

export const commandsPage = (commands: readonly CommandSpec[]): string =>
  [
    '# Commands',
    '<!-- Made from client/cli by `tasks docs-commands`; do not edit. -->',
    'Standard output holds the answer; progress, warnings, hints and errors go to standard error. A flag wins over its environment variable, that over `tasks.config.json` in the working directory, that over `config.json` in the user configuration directory, that over the default. An execution is named by its id, by a prefix that only it has, or by `@latest`.',
    commandsTable(commands).trimEnd(),
    '## Options of every command',
    optionsTable(COMMON_OPTIONS),
    ...inOrder(commands).map(commandSection),
    '## Exit codes',
    exitCodes,
    '',
  ].join('\n\n').trimEnd() + '\n';

const inOrder = (commands: readonly CommandSpec[]): readonly CommandSpec[] =>
  COMMAND_GROUPS.flatMap((group) => commands.filter((command) => command.group === group && !command.hidden));

const commandSection = (command: CommandSpec): string =>
  [
    `## tasks ${command.name}`,
    `\`${usage(command)}\``,
    `${command.summary}.`,
    ...(command.description ?? []),
    command.arguments.length > 0 ? argumentsTable(command) : '',
    command.options.length > 0 ? optionsTable(command.options) : '',
    `\`\`\`sh\n${command.examples.map(({ says, command: line }) => `# ${says}\n${line}`).join('\n')}\n\`\`\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');

const argumentsTable = (command: CommandSpec): string =>
  ['| argument | |', '|---|---|', ...command.arguments.map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`)].join('\n');

const optionsTable = (options: readonly OptionSpec[]): string =>
  ['| option | |', '|---|---|', ...options.map((option) => `| ${optionName(option)} | ${cell(optionText(option))} |`)].join('\n');

const optionName = ({ name, short, value }: OptionSpec): string =>
  `${short === undefined ? '' : `\`-${short}\`, `}\`--${name}${value === undefined ? '' : ` ${value}`}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const exitCodes = [
  '| code | meaning |',
  '|---|---|',
  '| 0 | it succeeded, or was left running |',
  '| 1 | arguments or a request were refused |',
  '| 5 | the plan is invalid, or its dependencies form a cycle |',
  '| 6 | no server, worker or store could be had |',
  '| 7 | the execution failed and can be resumed: something succeeded |',
  '| 8 | the execution failed and nothing succeeded |',
  '| 9 | the execution was aborted |',
].join('\n');
