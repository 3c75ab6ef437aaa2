import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../client/cli/command-table.ts';
import type { ConfigFile } from '../../../client/cli/config-file.ts';
import { parse } from '../../../client/cli/parser.ts';
import { resolveValues } from '../../../client/cli/resolve-values.ts';

const resolved = (argv: readonly string[], rest: { environment?: Record<string, string>; files?: readonly ConfigFile[] } = {}) => {
  const parsed = parse({ commands: COMMANDS, argv, width: 80 });
  if (!parsed.ok || parsed.value.kind !== 'run') throw new Error(`not a run: ${JSON.stringify(parsed)}`);
  const { command, flags } = parsed.value;
  return resolveValues({ command, flags, environment: rest.environment ?? {}, files: rest.files ?? [] });
};

const valuesOf = (...args: Parameters<typeof resolved>) => {
  const values = resolved(...args);
  if (!values.ok) throw new Error(JSON.stringify(values.error));
  return values.value;
};

const file = (source: ConfigFile['source'], values: Record<string, unknown>): ConfigFile => ({ path: `/${source}`, source, values: new Map(Object.entries(values)) });

describe('a flag wins over the environment, that over the project file, that over the user file, that over the default', () => {
  const environment = { TASKS_SLOTS: '2' };
  const files = [file('project file', { worker: { slots: 3 } }), file('user file', { slots: 4 })];

  test.each([
    [['worker', '--slots', '1'], { environment, files }, 1, 'flag'],
    [['worker'], { environment, files }, 2, 'environment'],
    [['worker'], { files }, 3, 'project file'],
    [['worker'], { files: files.slice(1) }, 4, 'user file'],
    [['worker'], {}, 50, 'default'],
  ] as const)('%j %j', (argv, rest, value, source) => {
    const values = valuesOf([...argv], rest);
    expect(values.number('slots')).toBe(value);
    expect(values.source('slots')).toBe(source);
  });
});

test('switches come from the environment too, and can be off there', () => {
  expect(valuesOf(['execute', 'p'], { environment: { TASKS_DRY_RUN: '1', TASKS_GIT: 'false' } }).flag('dry-run')).toBe(true);
  expect(valuesOf(['execute', 'p'], { environment: { TASKS_GIT: 'false' } }).flag('git')).toBe(false);
  expect(valuesOf(['list', '--no-input']).flag('no-input')).toBe(true);
  expect(valuesOf(['list']).flag('no-input')).toBe(false);
});

test.each([
  [['list', '-o', 'json'], 'json'],
  [['-o', 'json', 'list'], 'json'],
  [['list', '--format', 'jsonl'], 'jsonl'],
  [['list', '--json'], 'json'],
  [['list'], 'text'],
] as const)('the output format of %j is %s', (argv, format) => {
  expect(valuesOf([...argv]).text('output')).toBe(format);
});

test('`--resume` is `--resume-from-checkpoint`, as in the specification', () => {
  expect(valuesOf(['execute', 'p', '--resume']).flag('resume-from-checkpoint')).toBe(true);
  expect(valuesOf(['execute', 'p', '-r']).flag('resume-from-checkpoint')).toBe(true);
});

test('a list may be repeated and takes commas', () => {
  expect(valuesOf(['execute', 'p', '--accept-findings', 'A,B', '--accept-findings', 'C']).list('accept-findings')).toEqual(['A', 'B', 'C']);
});

test('every bad value is said at once, with the place it came from', () => {
  const values = resolved(['execute', 'p', '--slots', '0', '--dispatch', 'postal'], { environment: { TASKS_WORKER_MAX: 'many' } });
  expect(values).toMatchObject({ ok: false });
  const messages = values.ok ? [] : values.error.map(({ message }) => message);
  expect(messages).toEqual([
    '--slots must be a whole number, at least 1 and at most 10000, not "0"',
    'TASKS_WORKER_MAX must be a whole number, at least 1 and at most 1000, not "many"',
    '--dispatch must be one of child, auto, not "postal"',
  ]);
});

test('an unknown key of a configuration file is an error with the nearest name', () => {
  const values = resolved(['worker'], { files: [file('project file', { worker: { slot: 3 } })] });
  expect(values).toMatchObject({ ok: false, error: [{ code: 'TASKS3010', hint: 'did you mean slots?' }] });
});

test.each([
  [['exceute'], "unknown command 'exceute'", 'did you mean execute?'],
  [['worker', '--slot', '3'], "unknown option '--slot'", 'did you mean --slots?'],
  [['execute', 'a', 'b'], 'too many arguments for', 'see `tasks execute --help`'],
  [['pause'], "missing required argument 'execution'", 'see `tasks pause --help`'],
  [['completion', 'csh'], 'is invalid', 'see `tasks completion --help`'],
] as const)('%j is refused with the way out', (argv, message, hint) => {
  const parsed = parse({ commands: COMMANDS, argv: [...argv], width: 80 });
  expect(parsed).toMatchObject({ ok: false, error: [{ code: 'TASKS3010', hint, message: expect.stringContaining(message) }] });
});
