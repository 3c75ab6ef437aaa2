/** Breakers on real projects that need mending, by the built command and real processes: no run needs a person. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, inject, test } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';

const MAIN = fileURLToPath(new URL('../../dist/client/cli/main.js', import.meta.url));

interface Run {
  readonly directory: string;
  readonly exit: number | undefined;
  readonly said: string;
  readonly events: readonly ExecutionEvent[];
}

/** Executes a copy of a fixture with a worker of its own, and hands what came of it to the test. */
const execute = async (fixture: string, check: (run: Run) => Promise<void>): Promise<void> => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'tasks-heals-')));
  try {
    await cp(fileURLToPath(new URL(`../fixtures/healing/${fixture}`, import.meta.url)), directory, { recursive: true });
    const { address, namespace } = inject('temporal');
    const env = { TASKS_ADDRESS: address, TASKS_NAMESPACE: namespace, TASKS_QUEUE: `heals-${fixture}-${process.pid}`, TASKS_PLAN_STORE: `file:${join(directory, '.plans')}`, TASKS_GRACE: '1' };
    const ran = await execa(process.execPath, [MAIN, 'execute', '.', '--with-worker', '-o', 'jsonl'], { reject: false, env, cwd: directory });
    const lines = ran.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as ExecutionEvent);
    await check({ directory, exit: ran.exitCode, said: `${ran.stderr}\n${ran.stdout}`, events: lines });
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
};

const of = <T extends ExecutionEvent['type']>({ events }: Run, type: T): readonly Extract<ExecutionEvent, { readonly type: T }>[] =>
  events.filter((event): event is Extract<ExecutionEvent, { readonly type: T }> => event.type === type);

describe.skipIf(!existsSync(MAIN))('a run that heals itself (skipped without a build: npm run build)', () => {
  test('an npm workspace that misses three packages: tripped after the second failure, one install, all green', () =>
    execute('npm-workspace', async (run) => {
      expect(run.exit, run.said).toBe(0);
      const [trip, ...more] = of(run, 'circuit_breaker');
      expect(trip).toMatchObject({ breaker: 'missing-dependencies', trip: 1, action: 'playbook batch_install_by_import_scan' });
      expect(trip?.evidence).toHaveLength(2);
      expect(more).toEqual([]);
      expect(of(run, 'hot_update').map(({ injected }) => injected)).toEqual([['AUTO.MISSING-DEPENDENCIES.1.install']]);
      expect(of(run, 'breaker_ended')).toMatchObject([{ outcome: 'repaired' }]);
      expect(of(run, 'task_failed').every(({ error }) => error.rule === 'missing-dependency'), run.said).toBe(true);
      expect(of(run, 'task_succeeded').map(({ task }) => task).toSorted()).toEqual(['AUTO.MISSING-DEPENDENCIES.1.install', 'admin', 'other', 'release', 'web']);
      const manifest = async (name: string): Promise<unknown> => (JSON.parse(await readFile(join(run.directory, name, 'package.json'), 'utf8')) as { dependencies?: unknown }).dependencies;
      expect(await manifest('apps/web')).toEqual({ 'parse-ms': expect.stringMatching(/^\^\d/u) });
      expect(await manifest('apps/admin')).toEqual({ picocolors: expect.stringMatching(/^\^\d/u) });
      expect(await manifest('packages/shared')).toEqual({ 'shebang-regex': expect.stringMatching(/^\^\d/u) });
    }));

  test('a service that answers 429: left alone for as long as it asks, and no attempt too many', () =>
    execute('rate-limit', async (run) => {
      expect(run.exit, run.said).toBe(0);
      expect(await readFile(join(run.directory, 'asked.txt'), 'utf8')).toBe('3');
      const failures = of(run, 'task_failed');
      expect(failures.map(({ error }) => [error.class, error.retryAfterMs])).toEqual([['external', 1_000], ['external', 1_000]]);
      const starts = of(run, 'task_started');
      for (const [at, failed] of failures.entries()) expect((starts[at + 1]?.at ?? 0) - failed.at).toBeGreaterThanOrEqual(1_000);
      expect(of(run, 'circuit_breaker')[0]).toMatchObject({ breaker: 'rate-limit', action: 'throttle' });
    }));

  test('a database whose migrations have not been applied: one migration, and both queries pass', () =>
    execute('schema-drift', async (run) => {
      expect(run.exit, run.said).toBe(0);
      expect((await readFile(join(run.directory, 'migrated.txt'), 'utf8')).trim().split('\n')).toHaveLength(1);
      expect(of(run, 'breaker_ended')).toMatchObject([{ breaker: 'schema', outcome: 'repaired' }]);
    }));

  test('too little time and too little memory: each next attempt has more', () =>
    execute('memory', async (run) => {
      expect(run.exit, run.said).toBe(0);
      expect(of(run, 'task_limits_raised').map(({ task, timeoutMs, asks }) => ({ task, timeoutMs, asks }))).toEqual(
        expect.arrayContaining([
          { task: 'slow', timeoutMs: 2_000, asks: undefined },
          { task: 'slow', timeoutMs: 4_000, asks: undefined },
          { task: 'big', timeoutMs: undefined, asks: [{ resource: 'memory_mb', from: 100, to: 150 }] },
        ]),
      );
    }));
});
