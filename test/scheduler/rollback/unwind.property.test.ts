/** Executions that are rolled back while they are open, at any moment and with any results: nothing is lost, and all of them end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContentHash, ExecutionId } from '../../../model/ids.ts';
import type { UndoResult } from '../../../model/rollback.ts';
import type { TaskState } from '../../../model/state.ts';
import { Driver } from '../driver.ts';
import { failure, graphOf } from '../graphs.ts';

const anyGraph = fc.array(fc.array(fc.constantFrom('none', 'none', 'hard', 'soft'), { maxLength: 7 }), { minLength: 1, maxLength: 8 }).map((tasks) =>
  tasks.map((edges, at) => {
    const linked = (kind: string): string[] => edges.slice(0, at).flatMap((edge, from) => (edge === kind ? [`t${from}`] : []));
    return { id: `t${at}`, after: linked('hard'), softAfter: linked('soft'), idempotent: at % 3 === 0 ? false : undefined };
  }),
);
const anyCourse = fc.record({
  tasks: anyGraph,
  concurrencyMax: fc.integer({ min: 1, max: 3 }),
  steps: fc.integer({ min: 0, max: 10 }),
  ends: fc.array(fc.constantFrom('ok', 'ok', 'ok', 'fail', 'lost'), { minLength: 20, maxLength: 20 }),
  chosen: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  results: fc.array(fc.constantFrom('undone' as const, 'undone' as const, 'failed' as const, 'kept' as const), { minLength: 8, maxLength: 8 }),
  automatic: fc.boolean(),
  reload: fc.boolean(),
  abort: fc.boolean(),
});

const end = (driver: Driver, how: string): void => {
  const [task] = driver.started;
  if (task === undefined) return;
  if (how === 'ok') driver.succeed(task);
  else driver.fail(task, how === 'lost' ? { reason: 'lost', class: 'transient' } : failure());
};

/** Whoever waits for a decision is passed over; whoever can end well does. */
const finish = (driver: Driver): void => {
  for (let round = 0; driver.outcome === undefined && round < 200; round += 1) {
    for (const [at, { state }] of driver.scheduler.state.records.entries()) if (state === 'PAUSED') driver.apply({ type: 'skip', task: driver.scheduler.index.id(at) });
    if (driver.started.length > 0) driver.succeed(driver.started[0] as string);
    else driver.wait(60_000);
  }
};

test('states come back, what was undone runs again, what was not undone does not, and every execution ends', () => {
  const seen = { rolledBack: 0, automatic: 0, again: 0 };
  fc.assert(
    fc.property(anyCourse, ({ tasks, concurrencyMax, steps, ends, chosen, results, automatic, reload, abort }) => {
      const sketches = tasks.map(({ idempotent, ...task }) => ({ ...task, ...(idempotent !== undefined && { idempotent }) }));
      const driver = new Driver(graphOf(sketches, { concurrencyMax, rollback: { onFailure: automatic ? 'all' : 'none' } }));
      for (let step = 0; step < steps; step += 1) end(driver, ends[step] as string);
      if (!automatic) driver.apply({ type: 'pause' });
      while (driver.started.length > 0) end(driver, automatic ? 'fail' : (ends[19] as string));
      if (automatic) finish(driver);
      const { records } = driver.scheduler.state;
      const isDue = automatic ? driver.decisions.some(({ type }) => type === 'planRollback') : driver.outcome === undefined && driver.scheduler.refuseRollback() === undefined;
      const undo = [...records.keys()].filter((at) => records[at]?.acted && chosen[at]);
      if (!isDue || undo.length === 0) return;
      const before = records.map(({ state }) => state);
      const ids = undo.map((at) => driver.scheduler.index.id(at));
      const begun = driver.apply({ type: 'rollback', number: 1, automatic, plan: 'c'.repeat(64) as ContentHash, rollback: 'x.r1' as ExecutionId, target: { kind: 'all' }, tasks: ids });
      expect(begun.rejected).toBeUndefined();
      expect(undo.map((at) => records[at]?.state)).toEqual(undo.map(() => 'COMPENSATING'));
      expect(driver.outcome).toBeUndefined();
      for (const type of ['resume', 'retry', 'skip'] as const) expect(driver.apply(type === 'resume' ? { type } : { type, task: ids[0] as string }).rejected).toMatchObject([{ code: 'TASKS3103' }]);
      if (reload) driver.reload();
      const told = undo.map((at): UndoResult => ({ task: driver.scheduler.index.id(at), result: results[at] as UndoResult['result'], reason: 'so' }));
      const startsBefore = driver.starts.length;
      driver.apply({ type: 'rolledBack', number: 1, outcome: 'succeeded', results: told });
      driver.apply({ type: 'rolledBack', number: 1, outcome: 'succeeded', results: [] });
      seen.rolledBack += 1;
      seen.automatic += Number(automatic);
      const states = driver.scheduler.state.records.map(({ state }) => state);
      const settledAs: Partial<Record<UndoResult['result'], TaskState>> = { undone: 'ROLLED_BACK', failed: 'FAILED' };
      for (const at of undo) {
        const result = results[at] as UndoResult['result'];
        if (settledAs[result]) expect(states[at]).toBe(settledAs[result]);
        else if (before[at] === 'SUCCEEDED' || before[at] === 'SKIPPED' || before[at] === 'FAILED' || before[at] === 'PAUSED') expect(states[at]).toBe(before[at]);
        expect(driver.scheduler.state.records[at]?.acted).toBe(result === 'undone' ? undefined : true);
      }
      for (const at of states.keys()) if (before[at] === 'SUCCEEDED' && !undo.includes(at)) expect(states[at]).toBe('SUCCEEDED');
      if (automatic) {
        expect(driver.outcome).toBe('failed');
        return;
      }
      expect(driver.outcome, 'it waits for whoever rolled it back').toBeUndefined();
      if (abort) {
        driver.apply({ type: 'abort' });
        expect(driver.outcome).toBe('aborted');
        return;
      }
      if (reload) driver.reload();
      driver.apply({ type: 'resume' });
      finish(driver);
      expect(driver.outcome).toBeDefined();
      const again = driver.starts.slice(startsBefore);
      seen.again += again.length;
      for (const at of states.keys()) {
        const id = driver.scheduler.index.id(at);
        const isUndone = undo.includes(at) && results[at] === 'undone';
        if (states[at] === 'SUCCEEDED') expect(again, `${id} is done`).not.toContain(id);
        if (isUndone && driver.scheduler.state.records[at]?.state === 'SUCCEEDED') expect(again.filter((each) => each === id)).toHaveLength(1);
        expect(driver.scheduler.state.records[at]?.state, id).not.toBe('ROLLED_BACK');
      }
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.rolledBack, seen.automatic, seen.again)).toBeGreaterThan(50);
});
