/** Error policies by the built command and real processes: executors of the plan do, review and replan. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Review, ReviewItem } from '../../client/reviews.ts';
import { execute, MAIN, of } from './rig.ts';

const TOKEN = 'rt-9d1c7e42f0';

describe.skipIf(!existsSync(MAIN))('a ladder (skipped without a build: npm run build)', () => {
  test('rerun, context repair, a review that brings what is missing; another executor; parts; quarantine', () =>
    execute('ladder', async (run) => {
      const turns = of(run, 'task_self_heal').map(({ task, step, strategy, turn, turns: most }) => `${task}: ${step} ${strategy} ${turn}/${most}`);
      expect(turns.toSorted(), run.said).toEqual([
        'BUILD: ERR-EXEC-02 context_repair 2/3',
        'BUILD: ERR-EXEC-03 agent_review by review 3/3',
        'LARGE: ERR-EXEC-03 split_task 2/3',
        'PARKED: ERR-EXEC-02 context_repair 1/1',
        'SWITCH: ERR-EXEC-01 switch_tool_to writer 1/1',
      ]);
      const ends = new Map(of(run, 'task_succeeded').map(({ task, resolution }) => [task, resolution]));
      expect(Object.fromEntries(ends)).toEqual({ BUILD: 'RESOLVED_AUTO', SWITCH: 'RESOLVED_AUTO', LARGE: 'RESOLVED_AUTO', 'LARGE.1': undefined, 'LARGE.2': undefined, FIX: undefined, END: undefined, [review(run)]: 'RESOLVED_AUTO' });
      expect(of(run, 'task_quarantined')).toMatchObject([{ task: 'PARKED' }]);
      // The review waited for what it had brought: the task did not run in vain.
      const started = run.events.filter(({ type }) => type === 'task_started' || type === 'task_succeeded').map((event) => ('task' in event ? `${event.type} ${event.task}` : ''));
      expect(started.lastIndexOf('task_started BUILD')).toBeGreaterThan(started.indexOf('task_succeeded FIX'));
      expect(await readFile(join(run.directory, 'parts.txt'), 'utf8')).toBe('one\ntwo\n');
      expect(await readFile(join(run.directory, 'hello.txt'), 'utf8')).toBe('hello\n');
      expect(run.said).not.toContain(TOKEN);
      const told = await everything(join(run.directory, '.tasks'));
      expect(told).not.toContain(TOKEN);
      expect(told).toContain('context repair: the workspace is fit');
    }, { env: { REVIEW_TOKEN: TOKEN } }));

  test('a breaker asks a program for another plan, and what that brings mends both', () =>
    execute('replan', async (run) => {
      expect(run.exit, run.said).toBe(0);
      expect(of(run, 'circuit_breaker')).toMatchObject([{ breaker: 'devices', action: 'replan' }]);
      expect(of(run, 'hot_update').map(({ injected, reason }) => [injected, reason])).toEqual([[['AUTO.DEVICES.1.replan'], 'breaker devices, trip 1'], [['MAKE'], '9,9']]);
      expect(of(run, 'breaker_ended')).toMatchObject([{ outcome: 'repaired' }]);
      expect(await readFile(join(run.directory, 'there'), 'utf8')).toBe('2\n');
    }));

  test('what nothing has helped waits for a person, who sees all of it and decides', () =>
    execute(
      'human-review',
      async (run) => {
        expect(run.exit, run.said).toBe(0);
        expect(of(run, 'task_succeeded')).toMatchObject([{ task: 'deploy', resolution: 'RESOLVED_HUMAN' }, { task: 'announce' }]);
      },
      {
        meanwhile: async ({ env, directory, execution }) => {
          const ask = (...args: readonly string[]) => execa(process.execPath, [MAIN, 'review', ...args], { env, cwd: directory, reject: false });
          const waiting = async (): Promise<readonly ReviewItem[]> => JSON.parse((await ask('list', execution, '-o', 'json')).stdout || '[]') as readonly ReviewItem[];
          await expect.poll(waiting, { timeout: 60_000, interval: 500 }).toMatchObject([{ task: 'deploy', attempt: 4, failure: { class: 'transient' } }]);
          const shown = JSON.parse((await ask('show', execution, 'deploy', '-o', 'json')).stdout) as Review;
          expect(shown.attempts.map(({ attempt, exitCode, tail }) => [attempt, exitCode, tail.trim()])).toEqual([1, 2, 3, 4].map((attempt) => [attempt, 2, 'certificate has expired']));
          expect(shown.turns).toMatchObject([{ attempt: 2, step: 'ERR-EXEC-02', strategy: 'context_repair', turn: 2, turns: 2 }]);
          expect(shown.next.flatMap(({ command }) => command ?? [])).toContain(`tasks review resolve ${shown.execution} deploy --retry`);
          expect((await ask('resolve', execution, 'deploy', '--retry')).exitCode).toBe(0);
          await expect.poll(waiting, { timeout: 60_000, interval: 500 }).toMatchObject([{ attempt: 6 }]);
          expect(await ask('resolve', execution, 'deploy')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--retry, --complete, --skip, --quarantine') });
          expect(await ask('resolve', execution, 'announce', '--skip')).toMatchObject({ stderr: expect.stringContaining('TASKS3005') });
          expect((await ask('resolve', execution, 'deploy', '--complete', '--reason', 'by hand')).stdout).toContain('deploy of');
        },
      },
    ));
});

const review = ({ events }: { readonly events: Parameters<typeof of>[0]['events'] }): string => events.flatMap((event) => (event.type === 'task_started' && event.task.endsWith('.review') ? [event.task] : []))[0] ?? '';

/** All that is in the files of a directory. */
const everything = async (directory: string): Promise<string> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((path) => readFile(path, 'utf8')))).join('\n');
};
