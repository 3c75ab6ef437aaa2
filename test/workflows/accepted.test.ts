/** That hard fails of a plan were accepted is part of an execution's record: its events, and its ledger. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readExecutionInput } from '../../model/input-guard.ts';
import { makePlan } from '../support/plan.ts';
import { startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ server: sharedServer() });
});
afterAll(() => rig[Symbol.asyncDispose]());

const ACCEPTED = [{ code: 'TASKS1304', count: 1, by: 'ada' }];

test('the second event and the first line of the ledger say what was accepted', async () => {
  const id = await rig.start(makePlan([{ id: 'a', executor: 'noop' }]), { accepted: ACCEPTED });
  expect((await rig.tasks.result(id)).outcome).toBe('succeeded');
  const events = [];
  for await (const event of rig.tasks.events(id)) events.push(event);
  expect(events.slice(0, 2)).toMatchObject([{ type: 'execution_started', seq: 1 }, { type: 'findings_accepted', seq: 2, findings: ACCEPTED }]);
  expect((await rig.tasks.ledger(id))[0]).toEqual({ execution_id: id, plan: expect.any(String), event: 'FINDINGS_ACCEPTED', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), findings: ACCEPTED });
});

test('an execution in which nothing was accepted says nothing of it', async () => {
  const id = await rig.start(makePlan([{ id: 'a', executor: 'noop' }]));
  await rig.tasks.result(id);
  expect((await rig.tasks.ledger(id)).filter((line) => 'event' in line)).toEqual([]);
});

test('an input is refused whose acceptance is none', () => {
  const plan = 'a'.repeat(64);
  expect(readExecutionInput({ plan, accepted: ACCEPTED }).ok).toBe(true);
  for (const accepted of ['TASKS1304', [{ code: 'TASKS1304' }], [{ code: 'x', count: 1 }], [{ code: 'TASKS1304', count: 0 }]]) expect(readExecutionInput({ plan, accepted }).ok).toBe(false);
});
