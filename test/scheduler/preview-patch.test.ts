/** What a patch would do, found without doing it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../model/ids.ts';
import type { ParsedPatch, PatchPreview } from '../../model/patch.ts';
import { previewPatch } from '../../scheduler/preview-patch.ts';
import { Course } from './course.ts';
import { Driver, throughJson } from './driver.ts';
import { graphOf, patchOf, writes } from './graphs.ts';
import type { PatchSketch } from './graphs.ts';
import { actions, graphs, withResources } from './scenarios.ts';

const id = (text: string): TaskId => text as TaskId;

const preview = (driver: Driver, parts: Partial<ParsedPatch>, sketch: PatchSketch = {}): PatchPreview => {
  const before = JSON.stringify(driver.scheduler.state);
  const answer = previewPatch(driver.scheduler.state, { ...patchOf('p', sketch), ...parts }, driver.now);
  expect(JSON.stringify(driver.scheduler.state)).toBe(before);
  return answer;
};

const firsts = ({ starts, stops, unblocks, holds, blocks, waits }: PatchPreview) => ({ starts: starts.first, stops: stops.first, unblocks: unblocks.first, holds: holds.first, blocks: blocks.first, waits: waits.first });
const NOTHING = { starts: [], stops: [], unblocks: [], holds: [], blocks: [], waits: [] };

describe('a preview says', () => {
  it('what starts, what is unblocked, and what is ready and waits for what', () => {
    const driver = new Driver(graphOf([{ id: 'a', asks: [writes('db')] }, { id: 'b', after: ['a'] }, { id: 'c', after: ['a'], asks: [writes('db')] }], { resources: [{ name: 'db' }] }));
    const answer = preview(driver, { removed: [{ from: id('a'), to: id('b') }, { from: id('a'), to: id('c') }] }, { tasks: [{ id: 'x' }] });
    expect(firsts(answer)).toEqual({ ...NOTHING, starts: ['b', 'x'], unblocks: ['b', 'c'], waits: [{ task: 'c', reason: 'waits for db, held by a' }] });
    expect(answer).toMatchObject({ version: 1, receipt: { version: 2, ready: ['b', 'c', 'x'] }, edges: { removed: { total: 2, first: [{ from: 'a', to: 'b', type: 'hard' }, { from: 'a', to: 'c', type: 'hard' }] } } });
  });

  it('what is held, stopped and blocked, and that nothing is left', () => {
    const driver = new Driver(graphOf(['a', 'b', { id: 'c', after: ['a'] }], { concurrencyMax: 1 }));
    expect(firsts(preview(driver, {}, { edges: ['a > b'] }))).toEqual({ ...NOTHING, holds: ['b'] });
    expect(firsts(preview(driver, { cancelled: [{ task: id('a') }, { task: id('b') }] }))).toEqual({ ...NOTHING, stops: ['a'] });
    driver.fail('a');
    driver.apply({ type: 'pause' });
    driver.succeed('b');
    expect(driver.outcome).toBe('failed');
    const other = new Driver(graphOf(['a', { id: 'c', after: ['a'] }], { concurrencyMax: 1 }), { asleep: true });
    other.apply({ type: 'pause' });
    other.apply({ type: 'begin' });
    expect(preview(other, { cancelled: [{ task: id('a') }] })).toMatchObject({ blocks: { first: ['c'] }, ends: true });
  });

  it('why it would be refused, or that it has been applied before', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }]));
    expect(preview(driver, {}, { edges: ['b > a'] })).toMatchObject({ version: 1, refused: [{ code: 'TASKS3007', hint: expect.any(String) as string }], starts: { total: 0 } });
    driver.patch('p', { tasks: [{ id: 'x' }] });
    expect(preview(driver, {}, { tasks: [{ id: 'x' }] })).toMatchObject({ version: 2, receipt: { duplicate: true, version: 2 } });
  });

  it('nothing of what would have happened anyway', () => {
    const driver = new Driver(graphOf(['a', 'b'], { concurrencyMax: 2 }));
    driver.fail('a', { class: 'transient' });
    driver.now += 5_000;
    expect(firsts(preview(driver, {}, { tasks: [{ id: 'x', priority: 1 }] }))).toEqual({ ...NOTHING, waits: [{ task: 'x', reason: 'waits for a slot: as many tasks run as may run at once' }] });
  });
});

it('in any execution what is shown is what then happens, and what is refused then is refused', () => {
  fc.assert(
    fc.property(withResources(graphs({ max: 10 })), actions, fc.nat(), (graph, actions, seed) => {
      let shown: PatchPreview | undefined;
      const course = new Course({
        graph,
        seed,
        onStep: ({ driver, event, step, before }) => {
          if (event.type !== 'patch') return;
          shown = previewPatch(throughJson(JSON.parse(before) as never), event.patch, driver.now);
          expect(shown.refused).toEqual(step.rejected);
          expect(shown.receipt).toEqual(step.receipt);
          const decided = (type: 'start' | 'cancel') => step.decisions.flatMap((decision) => (decision.type === type ? [decision.task] : []));
          expect([shown.starts.first, shown.stops.first]).toEqual([decided('start'), decided('cancel')]);
        },
      });
      for (const action of actions) course.act(action);
      course.finish();
    }),
    { numRuns: Number(process.env['TASKS_TEST_RUNS'] ?? 60), interruptAfterTimeLimit: 60_000 },
  );
});
