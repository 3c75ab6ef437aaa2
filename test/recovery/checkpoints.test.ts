/** Commands that are begun again in the middle: real workers are killed, real executions terminated, real files come back. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import { makePlan } from '../support/plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 120_000;

/** Works in ten parts and keeps what it has after each five; waits at a gate after the seventh, unless it goes on from somewhere. */
const LONG = `
mkdir -p out; part=0
if [ -n "$TASKS_RESUME_FROM" ]; then part=$(wc -l < out/parts); fi
echo "$TASKS_ATTEMPT from $part" >> begun
while [ $part -lt 10 ]; do
  part=$((part + 1)); echo "$part by $TASKS_ATTEMPT" >> out/parts
  if [ $part = 5 ]; then
    echo "::tasks checkpoint five percent=50::"
    until grep -q "stored five" "$TASKS_CHECKPOINTS_FILE" 2>/dev/null; do sleep 0.05; done
  fi
  if [ $part = 7 ] && [ -z "$TASKS_RESUME_FROM" ]; then touch at-gate; while [ ! -e release ]; do sleep 0.1; done; fi
done`;
const parts = (before: number, after: number): string => Array.from({ length: 10 }, (_, n) => `${n + 1} by ${n < 5 ? before : after}\n`).join('');
const read = (rig: RecoveryRig, path: string): Promise<string> => readFile(join(rig.workspace, path), 'utf8');
const exists = (rig: RecoveryRig, path: string): Promise<boolean> => stat(join(rig.workspace, path)).then(() => true, () => false);
const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
};
const is = (type: ExecutionEvent['type'], task: string) => (event: ExecutionEvent) => event.type === type && 'task' in event && event.task === task;
const WORK = { id: 'work', spec: { command: LONG, artifacts: ['out/parts'] } };

// Each waits for a heartbeat to run out or for commands to be found: together they wait once.
describe.concurrent('a command in the middle', () => {
  const ways = [
    { how: 'as a child', more: {} },
    { how: 'light', more: { dispatch: 'activity' as const, timeoutMs: 60_000 } },
  ];
  for (const { how, more } of ways) {
    test(`goes on elsewhere when its worker is killed, ${how}`, { timeout: LIMIT_MS }, async ({ expect }) => {
      await using rig = await startRecoveryRig({ server: sharedServer() });
      const first = await rig.worker();
      const execution = await rig.start(makePlan([{ ...WORK, ...more }]));
      await rig.until(execution, is('task_checkpoint', 'work'));
      await until(() => exists(rig, 'at-gate'));
      await first.end('SIGKILL');
      await rig.worker();
      expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
      expect([await read(rig, 'begun'), await read(rig, 'out/parts')]).toEqual(['1 from 0\n2 from 5\n', parts(1, 2)]);
      const events = await rig.follow(execution);
      expect(events.filter(is('task_checkpoint', 'work'))).toMatchObject([{ attempt: 1, checkpoint: 'five', id: 'work/five', percent: 50, files: 1 }]);
      expect(events.filter(is('task_resumed', 'work'))).toMatchObject([{ attempt: 2, checkpoint: 'five', percent: 50 }]);
      const lines = (await rig.tasks.ledger(execution)).filter(isAttemptLine);
      expect(lines.map(({ attempt, outcome, checkpoints, resumed_from }) => [attempt, outcome, checkpoints?.map(({ name }) => name), resumed_from?.checkpoint])).toEqual([
        [1, 'lost', ['five'], undefined],
        [2, 'succeeded', undefined, 'five'],
      ]);
      // By policy nothing is kept of an execution that has succeeded.
      expect(await exists(rig, `.tasks/checkpoints/${execution}`)).toBe(false);
    });
  }

  test('goes on in another execution when its own was terminated, and what has changed since is done again', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const makes = (id: string, deps: readonly string[] = []) => ({ id, deps, spec: { command: `mkdir -p out; echo ${id} >> ran; echo ${id} > out/${id}`, artifacts: [`out/${id}`] } });
    const plan = makePlan([makes('kept'), makes('changed'), makes('missing'), makes('behind', ['changed']), makes('beside', ['kept']), { ...WORK, deps: ['behind', 'missing', 'beside'] }, { id: 'end', deps: ['work'], spec: { command: 'true' } }]);
    const checkpoints = join(rig.workspace, 'plan', 'checkpoints');
    const first = await rig.start(plan, { checkpoints });
    await until(() => exists(rig, 'at-gate'));
    await rig.until(first, is('task_checkpoint', 'work'));
    await rig.temporal.workflow.getHandle(executionWorkflowId(first)).terminate('for the test');
    // Its command is ended within seconds.
    await until(async () => (await rig.tasks.ledger(first)).some((line) => line.task_id === 'work' && line.outcome === 'orphaned'));
    await writeFile(join(rig.workspace, 'out/changed'), 'by hand');
    await rm(join(rig.workspace, 'out/missing'));
    const looked = await rig.tasks.takeOver(first, { tasks: plan.graph.tasks, workspace: rig.workspace });
    const again = Object.fromEntries(looked.carried.flatMap((task) => (task.again === undefined ? [] : [[task.task, task.again]])));
    expect(again).toEqual({ changed: expect.stringContaining('has changed'), missing: expect.stringContaining('is missing'), behind: 'it depends on changed, which is run again' });
    expect(await exists(rig, 'second')).toBe(false);

    const second = await rig.start(plan, { resumeFrom: first, checkpoints });
    expect((await rig.tasks.result(second)).outcome).toBe('succeeded');
    const events = await rig.follow(second);
    expect(events.find(({ type }) => type === 'execution_resumed_from')).toMatchObject({ from: first, tasks: 2, again: 3 });
    expect(Object.fromEntries(events.flatMap((event) => (event.type === 'task_run_again' ? [[event.task, event.reason]] : [])))).toEqual(again);
    const ran = (await read(rig, 'ran')).trim().split('\n').toSorted();
    expect(ran).toEqual(['behind', 'behind', 'beside', 'changed', 'changed', 'kept', 'missing', 'missing']);
    expect([await read(rig, 'begun'), await read(rig, 'out/parts'), await read(rig, 'out/changed')]).toEqual(['1 from 0\n2 from 5\n', parts(1, 2), 'changed\n']);
    expect(events.find(is('task_resumed', 'work'))).toMatchObject({ checkpoint: 'five', execution: first });
    // Neither is needed any more.
    for (const execution of [first, second]) expect(await exists(rig, `plan/checkpoints/${execution}`)).toBe(false);
  });
});
