/** How much of the quotas tasks may use: headroom, peaks, oversubscription. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DraftTask } from '../../../planner/read/draft.ts';
import { withHeadroom } from '../../../planner/resources/quota-asks.ts';
import { accepted, refused, summary, taskOf } from '../read/reading.ts';
import type { ReadPlan } from '../../../planner/read/read-plan.ts';

const read = (tasks: readonly object[], allocation: object, more: object = {}): Promise<ReadPlan> =>
  accepted({ stdin: JSON.stringify({ tasks: tasks.map((task, at) => ({ id: `t${at}`, cmd: 'x', ...task })), policies: { resource_allocation: allocation }, ...more }) });
const quota = (capacity: number) => ({ resources: { memory_mb: { mode: 'semaphore', capacity } } });
const needs = (estimated: number, peak?: number) => ({ resource_requirements: { estimated: { memory_mb: estimated }, ...(peak === undefined ? {} : { peak: { memory_mb: peak } }) } });
const capacityOf = ({ plan }: ReadPlan, name = 'memory_mb'): number | undefined => plan.graph.resources?.find((resource) => resource.name === name)?.capacity;

describe('headroom', () => {
  test('a share of each quota is kept free, or the largest excess of a peak, whichever is more', async () => {
    expect(capacityOf(await read([needs(10)], { headroom_percent: 20 }, quota(101)))).toBe(80);
    expect(capacityOf(await read([needs(10, 20)], { headroom_percent: 20 }, quota(100)))).toBe(80);
    expect(capacityOf(await read([needs(10, 50)], { headroom_percent: 20 }, quota(100)))).toBe(60);
    expect(capacityOf(await read([needs(10)], { headroom_percent: 0 }, quota(100)))).toBe(100);
  });

  test('a task that fits alone is never shut out, however it asks', async () => {
    expect(capacityOf(await read([needs(90)], { headroom_percent: 20 }, quota(100)))).toBe(90);
    expect(capacityOf(await read([{ resources: [{ name: 'memory_mb', units: 95 }] }], { headroom_percent: 100 }, quota(100)))).toBe(95);
    const { stdin } = { stdin: JSON.stringify({ tasks: [{ id: 'a', cmd: 'x', ...needs(101) }], policies: { resource_allocation: { headroom_percent: 20 } }, ...quota(100) }) };
    expect(summary(await refused({ stdin }))).toEqual([['TASKS1214', 1]]);
  });

  test('of the profile that is chosen, and of those that may be switched to; other resources are whole', async () => {
    const more = { resources: { ...quota(100).resources, licences: { mode: 'semaphore', capacity: 10 } }, profiles: { big: { memory_mb: 1_000 } } };
    const { plan } = await read([{ ...needs(10), resources: [{ name: 'licences', units: 1 }] }], { headroom_percent: 10 }, more);
    expect(plan.graph.resources).toMatchObject([{ name: 'memory_mb', capacity: 90 }, { name: 'licences', capacity: 10 }]);
    expect(plan.graph.profiles).toEqual([{ name: 'big', capacities: { memory_mb: 900, licences: 10 } }]);
  });

  test('at least the share is free beside all that runs, unless one task alone needs more', () => {
    const task = fc.record({ estimated: fc.nat(200), peak: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 5 }), fc.integer({ min: 200, max: 10_000 }), fc.integer({ min: 0, max: 100 }), (tasks, capacity, headroom) => {
        const drafts = tasks.map(({ estimated, peak }): Pick<DraftTask, 'asks' | 'exclusions'> => ({ asks: [], exclusions: { estimated: { memory_mb: estimated }, peak: { memory_mb: peak } } }));
        const [left] = withHeadroom([{ name: 'memory_mb', mode: 'semaphore', capacity, scope: 'execution' }], drafts, { headroom });
        const there = left?.capacity ?? -1;
        const largest = Math.max(...tasks.map(({ estimated }) => estimated));
        expect(there).toBeGreaterThanOrEqual(largest);
        expect(there).toBeLessThanOrEqual(capacity);
        const excess = Math.max(0, ...tasks.map(({ estimated, peak }) => peak - estimated));
        expect(there === largest || (capacity - there >= (capacity * headroom) / 100 && capacity - there >= excess)).toBe(true);
        // And no more than that: less than one unit.
        if (there > largest) expect(capacity - there).toBeLessThan(Math.max(excess, (capacity * headroom) / 100) + 1);
      }),
    );
  });
});

describe('oversubscription', () => {
  test('quotas keep nothing from starting, whatever a task needs; what is named as a resource still counts', async () => {
    const read1 = await read([needs(10, 400), needs(500), { resources: [{ name: 'memory_mb', units: 100 }] }], { oversubscription_allowed: true }, quota(100));
    expect([taskOf(read1, 't0').asks, taskOf(read1, 't1').asks]).toEqual([undefined, undefined]);
    expect(taskOf(read1, 't2').asks).toEqual([{ resource: 'memory_mb', units: 100, access: 'write' }]);
    expect(capacityOf(read1)).toBe(100);
    expect(read1.warnings).toEqual([]);
    expect(taskOf(await read([needs(10)], { oversubscription_allowed: false }, quota(100)), 't0').asks).toHaveLength(1);
  });

  test('headroom beside it has no effect, which is said', async () => {
    const { warnings } = await read([needs(10)], { oversubscription_allowed: true, headroom_percent: 20 }, quota(100));
    expect(warnings).toMatchObject([{ code: 'TASKS1007', message: 'headroom_percent has no effect where oversubscription is allowed', place: { line: 1 } }]);
  });
});
