/** Breakers on real projects that need mending, by the built command and real processes: no run needs a person. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { execute, MAIN, of } from './rig.ts';

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
