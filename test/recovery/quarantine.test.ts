/** A worker that is killed between a quarantine and its entry in the register: another one makes it, once, before the execution ends. */
import { expect, test } from 'vitest';
import type { Breaker } from '../../model/breaker.ts';
import { makePlan } from '../support/plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const PARKS: Breaker = { name: 'parks', on: { type: 'match', pattern: 'missing_dependency', threshold: 1, windowMs: 600_000 }, action: { type: 'quarantine' }, budget: 1, coolDownMs: 0 };

test('a worker killed before it has told that a task is quarantined', { timeout: 120_000 }, async () => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  const plan = makePlan([{ id: 'flaky', spec: { command: 'test -e mended || { echo "Error: Cannot find module \'thing\'" >&2; exit 1; }' } }], { breakers: [PARKS] }, 'parked');
  const dying = await rig.worker({ preload: new URL('fixtures/dies-telling.mjs', import.meta.url) });
  const first = await rig.start(plan);
  expect(await dying.ended).toMatchObject({ signal: 'SIGKILL' });
  const { status } = await rig.temporal.workflow.getHandle(`tasks/${first}`).describe();
  expect(status.name).toBe('RUNNING');
  await rig.worker();
  expect((await rig.tasks.result(first)).outcome).toBe('failed');
  const { entries } = await rig.tasks.quarantine.list();
  expect(entries).toMatchObject([{ plan: 'parked', task: 'flaky', execution: first, attempt: 1, by: 'parks' }]);
  expect((await rig.follow(first)).filter(({ type }) => type === 'task_quarantined')).toHaveLength(1);
  const second = await rig.start(plan);
  expect(await rig.tasks.result(second)).toMatchObject({ outcome: 'failed', state: { counts: { QUARANTINED: 1 } } });
  expect((await rig.tasks.quarantine.list()).entries).toEqual(entries);
});
