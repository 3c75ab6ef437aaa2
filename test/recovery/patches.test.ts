/** Workers that are killed around a hot update: what was accepted is applied, once, by whoever comes next. */
import { describe, test } from 'vitest';
import type { ExecutionId } from '../../model/ids.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import { UPDATE } from '../../model/message.ts';
import type { PatchReceipt } from '../../model/patch.ts';
import { readPlan } from '../../planner/read/read-plan.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { faultsOf, step } from '../support/journal.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 120_000;

const planOf = async (tasks: readonly object[]): Promise<StoredPlan> => {
  const read = await readPlan({ source: { stdin: JSON.stringify({ tasks }) } });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.plan;
};

/** Resolves when the execution's history holds such an event. */
const recorded = async (rig: RecoveryRig, execution: ExecutionId, wanted: 'workflowExecutionUpdateAcceptedEventAttributes'): Promise<void> => {
  for (;;) {
    const { events } = await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).fetchHistory();
    if (events?.some((event) => event[wanted])) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe.concurrent('a worker that is killed', () => {
  test('between the acceptance of a patch and its effect leaves it to the next one', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const execution = await rig.start(
      await planOf([
        { id: 'hold', cmd: step('gate'), retry: { max_attempts: 5, initial_delay_ms: 10 } },
        { id: 'later', cmd: 'false', deps: ['hold'] },
        { id: 'dropped', cmd: step(0), deps: ['hold'] },
      ]),
    );
    await rig.journal.until('start', 'hold');
    await first.end('SIGKILL');
    // It accepts the patch, and cannot read the part that is to be changed.
    const second = await rig.worker({ planStore: `file:${rig.workspace}/.elsewhere` });
    const patch = [
      { op: 'update_task', id: 'p', task: 'later', changes: { cmd: step(0) } },
      { op: 'cancel_task', id: 'p', task: 'dropped', skip: true },
      { op: 'inject_task', id: 'p', task: { id: 'new', cmd: step(0), deps: ['hold'] }, edges: [{ from: 'new', to: 'later' }] },
    ];
    const answer = rig.temporal.workflow.getHandle(executionWorkflowId(execution)).executeUpdate<PatchReceipt, [unknown]>(UPDATE.applyHotUpdate, { args: [patch] });
    answer.catch(() => undefined);
    await recorded(rig, execution, 'workflowExecutionUpdateAcceptedEventAttributes');
    await second.end('SIGKILL');
    await rig.worker();
    expect(await answer).toMatchObject({ patchId: 'p', version: 2, updated: ['later'], cancelled: ['dropped'], injected: ['new'], duplicate: false });
    expect(await rig.tasks.patch(execution, patch.slice(1))).toMatchObject({ version: 2, duplicate: true });
    await rig.journal.release('hold');
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect(state).toMatchObject({ hotUpdates: 1, counts: { SUCCEEDED: 3, SKIPPED: 1 } });
    expect(faultsOf(await rig.journal.read(), ['hold', 'later', 'new'])).toEqual([]);
  });

  test('right after the answer to a patch loses nothing of it, and does nothing of it twice', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const execution = await rig.start(await planOf([{ id: 'runs', cmd: step('gate'), retry: { max_attempts: 5, initial_delay_ms: 10 } }, { id: 'stays', cmd: step('gate'), retry: { max_attempts: 5, initial_delay_ms: 10 } }, { id: 'freed', cmd: step(0), deps: ['stays'] }, { id: 'end', cmd: step(0), deps: ['freed', 'runs'] }]));
    await Promise.all(['runs', 'stays'].map((task) => rig.journal.until('start', task)));
    const patch = [
      { op: 'inject_task', id: 'p', task: { id: 'new', cmd: step(0) } },
      { op: 'cancel_task', id: 'p', task: 'runs', skip: true },
      { op: 'remove_edge', id: 'p', edges: [{ from: 'stays', to: 'freed' }] },
    ];
    const receipt = await rig.tasks.patch(execution, patch);
    await first.end('SIGKILL');
    expect(receipt).toMatchObject({ ready: ['freed', 'new'], cancelled: ['runs'] });
    await rig.worker();
    await rig.journal.release('stays');
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect(state).toMatchObject({ version: 2, hotUpdates: 1, counts: { SUCCEEDED: 4, SKIPPED: 1 } });
    const lines = await rig.journal.read();
    // A command that ended in the moment of the kill has done its work, and nobody was left to say so.
    expect(faultsOf(lines, ['freed', 'new', 'stays', 'end']).filter((fault) => !/ended 2 times/.test(fault))).toEqual([]);
    expect(lines.filter(({ kind, task }) => kind === 'end' && task === 'runs')).toEqual([]);
    expect(await rig.tasks.task(execution, 'runs')).toMatchObject({ state: 'SKIPPED' });
  });
});
