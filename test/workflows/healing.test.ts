/** Circuit breakers end to end on a real server: trip, repair by injected tasks, go on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_BREAKERS } from '../../model/breaker.ts';
import type { Breaker, BreakerAction } from '../../model/breaker.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { Healing } from '../../model/healing.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import { SIGNAL } from '../../model/message.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { startRig } from '../support/rig.ts';
import type { FakeCommand, Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';

const breaker = (action: BreakerAction, fields: Partial<Breaker> = {}): Breaker => ({
  name: 'b',
  on: { type: 'match', pattern: 'p', threshold: 2, windowMs: 600_000 },
  action,
  budget: 2,
  coolDownMs: 30_000,
  ...fields,
});
const MEND: Healing = {
  playbooks: [
    {
      name: 'mend',
      variables: { tool: 'hammer' },
      steps: [
        { name: 'look', command: 'look', onFailure: 'continue' },
        { name: 'strike', command: 'strike ${workspace}', eachWorkspace: true },
      ],
    },
  ],
};
const planOf = (tasks: readonly PlanTask[], breakers: readonly Breaker[], healing: Healing = MEND): StoredPlan => ({ ...makePlan(tasks, { breakers }), healing });
const broken: FakeCommand = () => ({ outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'systemic', message: 'no such thing', matches: ['p'] } });

describe.each(modes)('a breaker, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test('has a playbook run, whose steps are tasks, and what failed goes on', async () => {
    let isMended = false;
    const mended = (input: Parameters<FakeCommand>[0], signal: AbortSignal) => (isMended ? undefined : broken(input, signal));
    for (const id of ['one', 'two']) rig.commands.set(id, mended);
    rig.commands.set('AUTO.B.1.look', () => ({ outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'logic', message: 'blind' } }));
    rig.commands.set('AUTO.B.1.strike.2', () => void (isMended = true));
    const tasks: readonly PlanTask[] = [{ id: 'one', spec: { directory: 'apps/web' } }, { id: 'two', spec: { directory: 'apps/admin' } }, { id: 'three', deps: ['one', 'two'] }];
    const execution = await rig.start(planOf(tasks, [breaker({ type: 'playbook', playbook: 'mend' })]));
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded', state: { counts: { SUCCEEDED: 5, FAILED: 1 }, hotUpdates: 1 } });
    const events = await rig.events(execution);
    expect(events.find(({ type }) => type === 'circuit_breaker')).toMatchObject({ breaker: 'b', trip: 1, action: 'playbook mend', pattern: 'no such thing' });
    const patched = events.find(({ type }) => type === 'hot_update');
    expect(patched).toMatchObject({ by: 'tasks', reason: 'breaker b, trip 1', injected: ['AUTO.B.1.look', 'AUTO.B.1.strike.1', 'AUTO.B.1.strike.2'] });
    expect(events.find(({ type }) => type === 'breaker_ended')).toMatchObject({ outcome: 'repaired' });
    expect(await rig.tasks.breakers(execution)).toMatchObject([{ breaker: 'b', state: 'resting', trips: 1, budget: 2, action: 'mend' }]);
  });

  test('whose playbook the plan does not have lets go, and the tasks are tried as often as they may be', async () => {
    rig.commands.set('lone', broken);
    const execution = await rig.start(planOf([{ id: 'lone' }], [breaker({ type: 'playbook', playbook: 'nothing' })]));
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'failed' });
    const events = await rig.events(execution);
    expect(events.find(({ type }) => type === 'breaker_ended')).toMatchObject({ outcome: 'failed', reason: 'the plan has nothing called "nothing" to repair it with' });
    expect(rig.begun.filter(({ execution: of }) => of === execution)).toHaveLength(4);
  });

  test('injects the task that it brings', async () => {
    let isMended = false;
    rig.commands.set('poor', (input, signal) => (isMended ? undefined : broken(input, signal)));
    rig.commands.set('AUTO.B.1.inject_task', () => void (isMended = true));
    const healing: Healing = { tasks: [{ breaker: 'b', task: { cmd: 'sync', title: 'Sync the schema' } }] };
    const execution = await rig.start(planOf([{ id: 'poor' }], [breaker({ type: 'inject_task' })], healing));
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    expect((await rig.events(execution)).find(({ type }) => type === 'breaker_ended')).toMatchObject({ outcome: 'repaired', tasks: ['poor'] });
  });

  test('that gates waits for a person, who may come by a signal', async () => {
    let isMended = false;
    rig.commands.set('gated', (input, signal) => (isMended ? undefined : broken(input, signal)));
    const execution = await rig.start(planOf([{ id: 'gated' }], [breaker({ type: 'gate' })]));
    await rig.until(execution, (event) => event.type === 'circuit_breaker');
    expect(await rig.tasks.task(execution, 'gated')).toMatchObject({ state: 'READY', waitingFor: 'breaker', waitingReason: 'waits for a person to look at what failed (breaker b)' });
    expect(await rig.tasks.breakers(execution)).toMatchObject([{ state: 'gated', holds: ['gated'] }]);
    await expect(rig.tasks.resetBreaker(execution, { breaker: 'nobody' })).rejects.toMatchObject({ problems: [{ code: 'TASKS3004' }] });
    isMended = true;
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).signal(SIGNAL.resetBreaker, { breaker: 'b', by: 'ada' });
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
  });

  test('of a rate limit waits as long as it is asked to', async () => {
    let refused = 0;
    rig.commands.set('busy', () => {
      refused += 1;
      return refused > 1 ? undefined : { outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'external', message: '429', matches: ['rate_limit'], retryAfterMs: 1_500 } };
    });
    const execution = await rig.start(planOf([{ id: 'busy' }], DEFAULT_BREAKERS, {}));
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    const events = await rig.events(execution);
    const at = (type: string): number => events.findLast((event) => event.type === type)?.at ?? 0;
    expect(at('task_started') - at('circuit_breaker')).toBeGreaterThanOrEqual(1_500);
  });
});
