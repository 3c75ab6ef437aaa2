import { readFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../client/cli/command-table.ts';
import { completionScript } from '../../../client/cli/completion.ts';
import { commandsPage, commandsTable } from '../../../client/cli/render-docs.ts';
import { run } from './support/run.ts';

test('help of the program', async () => {
  const { exit, stdout, stderr } = await run(['--help']);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('./golden/help.txt');
});

test.each(['execute', 'worker', 'patch'])('help of `tasks %s`', async (name) => {
  const { exit, stdout } = await run([name, '--help']);
  expect(exit).toBe(0);
  await expect(stdout).toMatchFileSnapshot(`./golden/help-${name}.txt`);
});

test.each([40, 80, 200])('no line of help is wider than a terminal of %i columns allows', async (width) => {
  const { stdout } = await run(['complete', '--help'], { terminal: { width }, environment: { NO_COLOR: '1' } });
  const prose = stdout.split('Examples:')[0]?.split('\n').filter((line) => line.startsWith('    ')) ?? [];
  for (const line of prose) expect(line.length).toBeLessThanOrEqual(Math.max(width, 54));
});

test('without a command, help goes to standard error and it is a failure', async () => {
  const { exit, stdout, stderr } = await run([]);
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toContain('Usage: tasks <command>');
});

test('docs/commands.md says what the table says (tasks docs-commands > docs/commands.md)', async () => {
  expect(await readFile(new URL('../../../docs/commands.md', import.meta.url), 'utf8')).toBe(commandsPage(COMMANDS));
});

test('the table of commands in the README, if it has one, is this one (tasks docs-commands --table)', async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8').catch(() => '');
  if (readme.includes('| command | what it does |')) expect(readme).toContain(commandsTable(COMMANDS));
});

test('bash takes the completion script, and it completes commands, options and choices', () => {
  const complete = (...words: readonly string[]): readonly string[] => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const program = `${completionScript('bash', COMMANDS)}\nCOMP_WORDS=(${line})\nCOMP_CWORD=${words.length - 1}\n_tasks\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n');
  };
  expect(complete('tasks', 'exec')).toEqual(['execute']);
  expect(complete('tasks', 'execute', '--dry')).toEqual(['--dry-run']);
  expect(complete('tasks', 'execute', '--dispatch', '')).toEqual(['child', 'auto']);
  expect(complete('tasks', 'plans', 'g')).toEqual(['gc']);
});

test.each(['zsh', 'fish'] as const)('the %s script knows every command and no hidden one', (shell) => {
  const script = completionScript(shell, COMMANDS);
  for (const command of COMMANDS) expect(script.includes(command.name), command.name).toBe(!command.hidden);
});
