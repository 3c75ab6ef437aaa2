/** Shell completions, from the table of commands. */
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { optionsOf } from './resolve-values.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export const completionScript = (shell: Shell, commands: readonly CommandSpec[]): string => {
  const visible = commands.filter((command) => !command.hidden);
  if (shell === 'bash') return bash(visible);
  return shell === 'zsh' ? zsh(visible) : fish(visible);
};

const flagsOf = (option: OptionSpec): readonly string[] => [`--${option.name}`, ...(option.short === undefined ? [] : [`-${option.short}`])];

/** Words and choices are made of letters and dashes; descriptions are quoted. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const takesFile = (command: CommandSpec): boolean => command.arguments.some(({ name }) => name === 'plan' || name === 'file');

const bash = (commands: readonly CommandSpec[]): string => {
  const cases = commands.map((command) => {
    const words = [...optionsOf(command).flatMap(flagsOf), ...command.arguments.flatMap(({ choices }) => choices ?? [])];
    return `    ${command.name}) words=${quoted(words.join(' '))} ;;`;
  });
  const values = [...valueChoices(commands)].map(([flag, choices]) => `    ${flag}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$current")); return ;;`);
  return `# bash completion of tasks; load it with: source <(tasks completion bash)
_tasks() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name).join(' '))} -- "$current"))
    return
  fi
  case "$previous" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tasks tasks
`;
};

/** Choices by flag; where two commands differ, all of them. */
const valueChoices = (commands: readonly CommandSpec[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[]>();
  for (const option of commands.flatMap(optionsOf)) {
    if (!option.choices) continue;
    for (const flag of flagsOf(option)) found.set(flag, [...new Set([...(found.get(flag) ?? []), ...option.choices])]);
  }
  return found;
};

const zsh = (commands: readonly CommandSpec[]): string => {
  const list = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map((command) => {
    const options = optionsOf(command).flatMap((option) => flagsOf(option).map((flag) => `        ${quoted(zshOption(flag, option))} \\`));
    const rest = takesFile(command) ? `'*:file:_files'` : `'*:: :'`;
    return `      ${command.name})\n        _arguments \\\n${options.join('\n')}\n        ${rest} ;;`;
  });
  return `#compdef tasks
# zsh completion of tasks; load it with: source <(tasks completion zsh)
_tasks() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
  else
    case "$words[2]" in
${cases.join('\n')}
    esac
  fi
}
compdef _tasks tasks
`;
};

const zshOption = (flag: string, option: OptionSpec): string => {
  const description = option.description.replaceAll(/[[\]:]/gu, ' ');
  const value = option.value === undefined ? '' : `:${option.value.replaceAll(':', ' ')}:${option.choices ? `(${option.choices.join(' ')})` : ''}`;
  return `${flag}[${description}]${value}`;
};

const fish = (commands: readonly CommandSpec[]): string => {
  const lines = commands.flatMap((command) => [
    `complete -c tasks -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
    ...(takesFile(command) ? [] : [`complete -c tasks -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)} -f`]),
    ...command.arguments.flatMap(({ choices }) => (choices ? [`complete -c tasks -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)} -a ${quoted(choices.join(' '))}`] : [])),
    ...command.options.map((option) => fishOption(option, `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)} `)),
  ]);
  return ['# fish completion of tasks', ...lines, ...COMMON_OPTIONS.map((option) => fishOption(option, '')), ''].join('\n');
};

const fishOption = (option: OptionSpec, when: string): string => {
  const short = option.short === undefined ? '' : ` -s ${option.short}`;
  const value = option.value === undefined ? '' : ` -r${option.choices ? ` -f -a ${quoted(option.choices.join(' '))}` : ''}`;
  return `complete -c tasks ${when}-l ${option.name}${short}${value} -d ${quoted(option.description)}`;
};
