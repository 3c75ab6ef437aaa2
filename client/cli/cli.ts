/** One invocation of `tasks`: words in, exit code out. Everything it touches is passed in. */
import { EXIT } from '../../model/problem.ts';
import type { ExitCode } from '../../model/problem.ts';
import type { CommandSpec } from './command-spec.ts';
import { readConfigFiles } from './config-file.ts';
import type { ConfigFile } from './config-file.ts';
import { COLOR_CHOICES, LOG_LEVELS, OUTPUT_FORMATS, TIME_FORMATS } from './common-options.ts';
import { reportError, reportProblems } from './errors.ts';
import type { Interrupt } from './interrupt.ts';
import { optionText } from './help.ts';
import { Output } from './output.ts';
import type { Sink } from './output.ts';
import { parse } from './parser.ts';
import { optionsOf, resolveValues } from './resolve-values.ts';
import type { Services } from './services.ts';
import { Values } from './values.ts';

export interface CliOptions {
  readonly commands: readonly CommandSpec[];
  /** Without the program and its script. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly services: Services;
  readonly interrupt: Interrupt;
  readonly version: string;
  readonly now?: () => number;
  /** Read from their places unless given. */
  readonly files?: readonly ConfigFile[];
}

const HELP_WIDTH = { least: 40, usual: 80, most: 100 } as const;

export const runCli = async (options: CliOptions): Promise<ExitCode> => {
  const { argv, commands, environment, cwd, stdout, services, interrupt, version } = options;
  // Until the options are known, errors follow what was visibly asked for.
  const early = makeOutput(options, new Values(new Map([['output', { value: wantsJson(argv) || /^jsonl?$/u.test(environment['TASKS_OUTPUT'] ?? '') ? 'json' : 'text', source: 'flag' }]])));
  const width = stdout.width === 0 ? HELP_WIDTH.usual : Math.max(HELP_WIDTH.least, Math.min(HELP_WIDTH.most, stdout.width));
  const parsed = parse({ commands, argv, width });
  if (!parsed.ok) return reportProblems(early, parsed.error);
  const invocation = parsed.value;
  if (invocation.kind === 'version') {
    early.line(version);
    return EXIT.ok;
  }
  if (invocation.kind === 'help') {
    if (invocation.asked) early.line(invocation.text.trimEnd());
    else early.error(invocation.text.trimEnd());
    return invocation.asked ? EXIT.ok : EXIT.invalid;
  }
  const files = options.files ? { ok: true as const, value: options.files } : readConfigFiles(cwd);
  if (!files.ok) return reportProblems(early, [files.error]);
  const { command, args, flags } = invocation;
  const values = resolveValues({ command, flags, environment, files: files.value });
  if (!values.ok) return reportProblems(early, values.error);
  const out = makeOutput(options, values.value);
  warnIneffective(out, command, values.value);
  try {
    return await command.run({ args, values: values.value, out, services, interrupt, environment, cwd, version, commands, now: options.now ?? Date.now });
  } catch (error) {
    if (interrupt.happened) {
      out.progress('Interrupted');
      return EXIT.aborted;
    }
    return reportError(out, error);
  } finally {
    out.status(undefined);
  }
};

const wantsJson = (argv: readonly string[]): boolean => argv.includes('--json') || /(?:-o|--output|--format)[= ]?jsonl?(?: |$)/u.test(argv.join(' '));

const makeOutput = ({ stdout, stderr, environment }: CliOptions, values: Values): Output =>
  new Output({
    stdout,
    stderr,
    format: one(OUTPUT_FORMATS, values.text('output')),
    timeFormat: one(TIME_FORMATS, values.text('time-format')),
    level: LOG_LEVELS.find((level) => level === values.text('log-level')) ?? 'info',
    color: one(COLOR_CHOICES, values.text('color')),
    plain: Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb' || Boolean(environment['CI']),
  });

/** The choice that the text names, else the first. */
const one = <T extends string>(choices: readonly [T, ...T[]], text: string | undefined): T => choices.find((choice) => choice === text) ?? choices[0];

const warnIneffective = (out: Output, command: CommandSpec, values: Values): void => {
  const idle = optionsOf(command).filter((option) => option.effective === false && values.isGiven(option.name));
  for (const option of idle) out.warn(`--${option.name} has no effect yet: ${option.note ?? optionText(option)}`);
};
