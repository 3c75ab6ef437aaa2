import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandDrafter } from '../../../client/drafters/command.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import { conformance, request, SECRET } from '../../planner/drafters/conformance.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drafter-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const environment = { PATH: process.env['PATH'], MY_API_KEY: SECRET, TASKS_DRAFTER: 'command', HARMLESS: 'yes' };
const make = (command: string, options: Partial<Parameters<typeof commandDrafter>[0]> = {}): Drafter => commandDrafter({ command, cwd: directory, environment, timeoutMs: 20_000, ...options });
const signal = new AbortController().signal;
const draft = (command: string, options?: Partial<Parameters<typeof commandDrafter>[0]>) => make(command, options).draft(request, { signal });
const failure = async (command: string, options?: Partial<Parameters<typeof commandDrafter>[0]>): Promise<string> => {
  const result = await draft(command, options);
  if (result.ok) throw new Error('it has answered');
  return result.error[0]?.message ?? '';
};
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const pidIn = async (name: string): Promise<number> => expect.poll(async () => Number(await readFile(join(directory, name), 'utf8').catch(() => ''))).toBeGreaterThan(0).then(async () => Number(await readFile(join(directory, name), 'utf8')));

describe('the drafter command', () => {
  conformance({
    answering: async (answer) => {
      await writeFile(join(directory, 'answer.json'), JSON.stringify(answer));
      return make('cat >/dev/null; cat answer.json');
    },
    babbling: () => make(`echo "I would begin with the login. ${SECRET}"`),
    failing: () => make(`echo "the key ${SECRET} is refused" >&2; exit 3`),
    hanging: (timeoutMs) => make('sleep 600', { timeoutMs }),
  });

  it('gives the whole request on standard input', async () => {
    expect(await draft('cat')).toEqual({ ok: true, value: JSON.parse(JSON.stringify(request)) });
  });

  it('runs a program itself, and anything else by the shell', async () => {
    await writeFile(join(directory, 'program'), '#!/bin/sh\necho "{\\"by\\":\\"$0\\"}"\n', { mode: 0o755 });
    expect(await draft('./program')).toEqual({ ok: true, value: { by: './program' } });
    expect(await draft(`printf '{"%s":1}' "$HARMLESS"`)).toEqual({ ok: true, value: { yes: 1 } });
  });

  it('hands on no secret unless it is named, nor its own options', async () => {
    const show = 'printf \'{"key":"%s","own":"%s"}\' "$MY_API_KEY" "$TASKS_DRAFTER"';
    expect(await draft(show)).toEqual({ ok: true, value: { key: '', own: '' } });
    expect(await draft(show, { secrets: ['MY_API_KEY'] })).toEqual({ ok: true, value: { key: SECRET, own: '' } });
  });

  it('says how it ended, and the end of what it said', async () => {
    expect(await failure('echo one >&2; echo two >&2; exit 7')).toBe('the drafter command ended with 7; at the end it said: one two');
    expect(await failure('kill -KILL $$')).toBe('the drafter command was ended by SIGKILL');
    expect(await failure('./nothing-there')).toBe('the drafter command cannot be started (ENOENT)');
    expect(await failure('true')).toBe('the drafter command ended well, but it answered nothing');
    expect(await failure('head -c 5000 /dev/zero', { maxBytes: 4_000 })).toMatch(/^the drafter command wrote more than 3\.9 KB/);
  });

  it('needs not read its input', async () => expect(await draft('exec <&-; echo "{}"')).toEqual({ ok: true, value: {} }));

  it('ends with all that it has started, when there is no time left', async () => {
    expect(await failure('trap "" TERM; sleep 600 & echo $! > slow.pid; wait; sleep 600', { timeoutMs: 500 })).toMatch(/did not answer within 0\.5 s/);
    const pid = await pidIn('slow.pid');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('leaves nothing running behind, even what holds its output open', async () => {
    expect(await draft('sleep 600 & echo $! > left.pid; echo "{}"')).toEqual({ ok: true, value: {} });
    const pid = await pidIn('left.pid');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
