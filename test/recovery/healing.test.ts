/** A worker that is killed while a playbook mends what failed: the repair goes on elsewhere, and nothing is repaired twice at once. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Breaker } from '../../model/breaker.ts';
import { faultsOf, step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { livingOf } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const BREAKER: Breaker = {
  name: 'missing',
  on: { type: 'match', pattern: 'missing_dependency', threshold: 2, windowMs: 600_000 },
  action: { type: 'playbook', playbook: 'mend' },
  budget: 1,
  coolDownMs: 30_000,
};

test('a worker killed during a playbook', { timeout: 90_000 }, async () => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  // The second step mends: it must not have been done before the first has.
  await writeFile(join(rig.workspace, 'needs.sh'), 'test -e mended || { echo "Error: Cannot find module \'thing\'" >&2; exit 1; }\n');
  const needy = { retry: { maxAttempts: 2 }, spec: { command: 'sh needs.sh' } };
  const plan = makePlan([{ id: 'one', ...needy }, { id: 'two', ...needy }, { id: 'after', deps: ['one', 'two'], spec: { command: step(0) } }], { breakers: [BREAKER] });
  const steps = [{ name: 'first', command: step('gate') }, { name: 'second', command: `${step(0)} && touch mended` }];
  const first = await rig.worker();
  const execution = await rig.start({ ...plan, healing: { playbooks: [{ name: 'mend', variables: {}, steps }] } });
  const started = await rig.journal.until('start', 'AUTO.MISSING.1.first');
  await first.end('SIGKILL');
  await rig.worker();
  await rig.journal.until('start', 'AUTO.MISSING.1.first', 2);
  expect(await livingOf(started.group)).toEqual([]);
  await rig.journal.release('AUTO.MISSING.1.first');
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  const events = await rig.follow(execution);
  expect(events.filter(({ type }) => type === 'circuit_breaker')).toHaveLength(1);
  // Whichever of the two failed first.
  expect(events.find(({ type }) => type === 'breaker_ended')).toMatchObject({ outcome: 'repaired', tasks: expect.toSatisfy((tasks: readonly string[]) => tasks.toSorted().join() === 'one,two') });
  expect(events.filter((event) => event.type === 'task_started' && (event.task === 'one' || event.task === 'two'))).toHaveLength(4);
  expect(faultsOf(await rig.journal.read(), ['AUTO.MISSING.1.first', 'AUTO.MISSING.1.second', 'after'])).toEqual([]);
});
