/** Options that every command takes, before or after its name. */
import type { CommandSpec, OptionSpec } from './command-spec.ts';

export const OUTPUT_FORMATS = ['text', 'json', 'jsonl', 'none'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const TIME_FORMATS = ['relative', 'iso', 'raw'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'output',
    short: 'o',
    aliases: ['format'],
    value: 'FORMAT',
    choices: OUTPUT_FORMATS,
    default: 'text',
    description: 'Form of the answer on standard output',
  },
  { name: 'json', sets: { option: 'output', value: 'json' }, description: 'Same as --output json' },
  { name: 'address', value: 'HOST:PORT', description: 'Temporal server; else TEMPORAL_ADDRESS, the connection profile, the server of `tasks dev`, localhost:7233' },
  { name: 'namespace', value: 'NAME', description: 'Temporal namespace; else TEMPORAL_NAMESPACE, the connection profile, default' },
  { name: 'env', value: 'NAME', description: 'Connection profile of Temporal, from temporal.toml' },
  {
    name: 'color',
    value: 'WHEN',
    choices: COLOR_CHOICES,
    default: 'auto',
    description: 'Colour; auto means on a terminal, unless NO_COLOR is set',
  },
  {
    name: 'time-format',
    value: 'FORM',
    choices: TIME_FORMATS,
    default: 'relative',
    description: 'How times are shown in text; raw is milliseconds since the epoch',
  },
  {
    name: 'log-level',
    value: 'LEVEL',
    choices: LOG_LEVELS,
    default: 'info',
    description: 'Least important message shown on standard error',
  },
  { name: 'yes', description: 'Answer yes to every question' },
  { name: 'no-input', description: 'Never ask; what would need an answer is refused' },
];

/** Those of a command: what it takes a letter for itself, it is without here (`tasks plan -o` is its own). */
export const commonOptionsOf = ({ options }: Pick<CommandSpec, 'options'>): readonly OptionSpec[] => {
  const taken = new Set(options.map(({ short }) => short));
  return COMMON_OPTIONS.map((option) => {
    if (option.short === undefined || !taken.has(option.short)) return option;
    const { short: _, ...rest } = option;
    return rest;
  });
};
