import { expect, test } from 'vitest';
import { COMMANDS } from '../../../client/cli/command-table.ts';
import { COMMON_OPTIONS, commonOptionsOf } from '../../../client/cli/common-options.ts';
import { environmentName } from '../../../client/cli/command-spec.ts';
import { parse } from '../../../client/cli/parser.ts';

const wordsOf = (line: string): readonly string[] => {
  const own = line.split('|').map((part) => part.trim()).find((part) => /^(npx )?tasks /.test(part) || part.includes('(tasks '));
  const text = /\((tasks [^)]*)\)/.exec(own ?? '')?.[1] ?? own ?? '';
  const words = [...text.replace(/^npx /, '').replace(/ > .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return words.slice(1);
};

test.each(COMMANDS.map((command) => [command.name, command] as const))('`tasks %s` has examples, and the parser takes every one', (_name, command) => {
  expect(command.examples.length).toBeGreaterThan(0);
  for (const example of command.examples) {
    const parsed = parse({ commands: COMMANDS, argv: wordsOf(example.command), width: 80 });
    expect(parsed, example.command).toMatchObject({ ok: true, value: { kind: 'run', command: { name: command.name } } });
  }
});

test('every command that the engine promises is there', () => {
  const promised = 'execute watch status list pause resume abort retry skip approve complete patch ledger logs worker dev demo plans completion'.split(' ');
  expect(COMMANDS.map(({ name }) => name)).toEqual(expect.arrayContaining(promised));
});

test('no option is there twice in a command, under any of its names', () => {
  for (const command of COMMANDS) {
    const names = [...command.options, ...commonOptionsOf(command)].flatMap(({ name, short, aliases = [] }) => [name, ...aliases, ...(short ? [`-${short}`] : [])]);
    expect(new Set(names).size, command.name).toBe(names.length);
  }
});

test('a `tasks` inside a task does not take what the engine sets for the task as its own options', () => {
  const variables = COMMANDS.flatMap((command) => [...command.options, ...COMMON_OPTIONS].map(environmentName));
  for (const set of ['TASKS_EXECUTION_ID', 'TASKS_TASK_ID', 'TASKS_ATTEMPT', 'TASKS_WORKSPACE', 'TASKS_METRICS_FILE', 'TASKS_ATTEMPT_RUN', 'TASKS_PROGRESS_FILE', 'TASKS_CHECKPOINTS_FILE', 'TASKS_CHECKPOINT_DIR', 'TASKS_RESUME_FROM', 'TASKS_RESUME_PERCENT']) {
    expect(variables).not.toContain(set);
  }
  expect(variables).toContain('TASKS_WORKER_MAX');
  expect(variables).toContain('TASKS_CODEBASE_PATH');
});

test('an option without an effect says what it will do', () => {
  for (const option of COMMANDS.flatMap((command) => command.options)) if (option.effective === false) expect(option.note, option.name).toBeTruthy();
});

test('`execute` takes the options of the specification, with their short forms', () => {
  const execute = COMMANDS.find(({ name }) => name === 'execute');
  const known = new Map(execute?.options.map((option) => [option.name, option]));
  const wanted = ['worker-min', 'worker-max', 'cpu-threshold', 'memory-threshold', 'checkpoint-interval', 'force-execution-model', 'metrics-port', 'checkpoint-id'];
  expect([...known.keys()]).toEqual(expect.arrayContaining(wanted));
  expect(known.get('resume-from-checkpoint')).toMatchObject({ short: 'r', aliases: ['resume'] });
  expect(known.get('dry-run')).toMatchObject({ short: 'd' });
  expect(known.get('verbose')).toMatchObject({ short: 'v' });
});
