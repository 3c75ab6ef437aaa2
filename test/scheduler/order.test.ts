/** Which ready task is started first. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import { ageClass, compareInClass } from '../../scheduler/order.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';
import { graphs } from './scenarios.ts';

/** The order in which ready tasks start when one runs at a time. */
const startsOf = (sketches: readonly (string | TaskSketch)[]): string[] => {
  const driver = new Driver(graphOf(sketches, { concurrencyMax: 1 }));
  driver.runToEnd();
  return driver.starts;
};

describe('the order among ready tasks', () => {
  /** Each rung decides between `z` and `a`; everything below it speaks for `a`, if only its id. */
  const rungs: readonly [string, readonly (string | TaskSketch)[]][] = [
    ['priority class, lower first', [{ id: 'z', priority: 1 }, { id: 'a', priority: 2 }, { id: 'after-a', after: ['a'] }]],
    ['remaining critical path after it, longer first', [{ id: 'z', confidence: 0.4 }, 'a', { id: 'zz', after: ['z'] }]],
    [
      'parallel opportunity for its estimate, larger first',
      [{ id: 'z', estimateMs: 1_000 }, { id: 'a', estimateMs: 2_000, confidence: 0.9 }, { id: 'x', after: ['z'] }, { id: 'y', after: ['a'] }],
    ],
    ['confidence, higher first', [{ id: 'z', confidence: 0.9, rollbackCost: 3 }, 'a']],
    ['rollback cost, lower first', [{ id: 'z', rollbackCost: 1 }, 'a']],
  ];

  it.each(rungs)('is made by %s', (_, sketches) => {
    const starts = startsOf(sketches);
    expect(starts.indexOf('z')).toBeLessThan(starts.indexOf('a'));
  });

  it('is made by depth, shallower first', () => {
    const driver = new Driver(graphOf(['root', { id: 'a', after: ['root'], confidence: 0.9 }, 'z', 'z2'], { concurrencyMax: 1 }));
    expect(driver.started).toEqual(['root']);
    driver.succeed('root');
    expect(driver.started).toEqual(['z']);
    expect(driver.scheduler.frontier(0).map((index) => driver.scheduler.index.id(index))).toEqual(['z2', 'a']);
  });

  it('is made by id, by code units, in the end', () => {
    expect(startsOf(['b', 'a', 'B', 'constructor', 'a-1', 'A'])).toEqual(['A', 'B', 'a', 'a-1', 'b', 'constructor']);
  });

  it('takes remaining paths within 5 % of the graph for equal', () => {
    const tail = (id: string, estimateMs: number, after: string): TaskSketch => ({ id, estimateMs, after: [after] });
    const index = new GraphIndex(
      graphOf([{ id: 'a', estimateMs: 1 }, { id: 'z', estimateMs: 1 }, tail('a2', 901, 'a'), tail('z2', 949, 'z'), { id: 'whole', estimateMs: 1_000 }]),
    );
    expect(compareInClass(index, 0, 1)).toBeLessThan(0);
  });

  it('is total: antisymmetric and transitive for any graph', () => {
    fc.assert(
      fc.property(graphs({ max: 10 }), (graph) => {
        const index = new GraphIndex(graph);
        const all = [...graph.tasks.keys()];
        for (const a of all) {
          for (const b of all) {
            if (a === b) continue;
            expect(Math.sign(compareInClass(index, a, b))).toBe(-Math.sign(compareInClass(index, b, a)));
            expect(compareInClass(index, a, b)).not.toBe(0);
            for (const c of all) {
              if (c !== a && c !== b && compareInClass(index, a, b) < 0 && compareInClass(index, b, c) < 0) {
                expect(compareInClass(index, a, c)).toBeLessThan(0);
              }
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on the order of the tasks in the plan', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 8 }, (_, i) => i), { minLength: 8 }), (order) => {
        const sketches = order.map((i): TaskSketch => ({ id: `t${String(i)}`, priority: 1 + (i % 2), confidence: i % 3 === 0 ? 0.9 : 0.7 }));
        expect(startsOf(sketches)).toEqual(['t0', 't6', 't2', 't4', 't3', 't1', 't5', 't7']);
      }),
      { numRuns: 30 },
    );
  });

  it('follows a patch that changes what it is made of', () => {
    const driver = new Driver(graphOf(['first', 'a', 'b', 'z'].map((id): TaskSketch => ({ id, ...(id === 'first' && { priority: 1 }) })), { concurrencyMax: 1 }));
    driver.patch('p', { tasks: [{ id: 'long', estimateMs: 3_600_000 }], edges: ['z > long'] });
    driver.succeed('first');
    expect(driver.started).toEqual(['z']);
  });

  it('is what the frontier shows, without changing it', () => {
    const make = (): Driver => new Driver(graphOf([{ id: 'run', priority: 1 }, ...Array.from({ length: 20 }, (_, i) => ({ id: `t${String(i)}`, priority: 1 + (i % 5) }))], { concurrencyMax: 1, ageingMs: 1_000 }));
    const looked = make();
    const plain = make();
    const shown = looked.scheduler.frontier(2_500).map((index) => looked.scheduler.index.id(index));
    looked.scheduler.frontier(1_000_000);
    looked.runToEnd();
    plain.runToEnd();
    expect(looked.starts).toEqual(plain.starts);
    expect(shown.slice(0, 4)).toEqual(plain.starts.slice(1, 5));
  });
});

describe('ageing', () => {
  const minute = 60_000;

  it('lifts a task one class for every so much of READY, without a bound', () => {
    const [task] = graphOf([{ id: 'a', priority: 5 }]).tasks;
    if (!task) throw new Error('no task');
    const classAt = (now: number): number => ageClass(task, 1_000, now, 10 * minute);
    expect([0, 1_000, 1_000 + 10 * minute - 1, 1_000 + 10 * minute, 1_000 + 95 * minute].map(classAt)).toEqual([5, 5, 5, 4, -4]);
    expect(ageClass(task, 0, 1e12, 0)).toBe(5);
  });

  it('lets no stream of urgent tasks overtake a task for ever', () => {
    const driver = new Driver(graphOf([{ id: 'u0', priority: 1 }, { id: 'patient', priority: 4 }], { concurrencyMax: 1, ageingMs: 10 * minute }), {
      durationOf: () => minute,
    });
    for (let i = 1; i <= 60 && driver.stateOf('patient') === 'READY'; i += 1) {
      driver.patch(`p${String(i)}`, { tasks: [{ id: `u${String(i)}`, priority: 1 }] });
      driver.advance();
    }
    expect(driver.stateOf('patient')).not.toBe('READY');
    expect(driver.now).toBe(30 * minute);
  });

  it('goes on over a continued execution', () => {
    const driver = new Driver(graphOf([{ id: 'u0', priority: 1 }, { id: 'patient', priority: 3 }, { id: 'u1', priority: 1, after: ['u0'] }], { concurrencyMax: 1, ageingMs: minute }));
    driver.now = 3 * minute;
    driver.reload();
    driver.succeed('u0');
    expect(driver.started).toEqual(['patient']);
  });

  it('is switched off by 0, and keeps the order sane', () => {
    const driver = new Driver(graphOf([{ id: 'a', priority: 1 }, { id: 'b', priority: 5 }, { id: 'c', priority: 2 }], { concurrencyMax: 1, ageingMs: 0 }), { durationOf: () => 100 * minute });
    driver.runToEnd();
    expect(driver.starts).toEqual(['a', 'c', 'b']);
  });

  it('of many tasks that wait for long costs no growing memory or time', () => {
    const count = 100;
    const driver = new Driver(graphOf([{ id: 'slow', priority: 1 }, ...Array.from({ length: count }, (_, i) => ({ id: `t${String(i)}` }))], { concurrencyMax: 1, ageingMs: 1 }));
    for (let i = 0; i < 300; i += 1) {
      driver.now += 1;
      driver.succeed([...driver.started][0] as string);
      driver.patch(`p${String(i)}`, { tasks: [{ id: `more${String(i)}` }] });
    }
    expect(driver.scheduler.frontier(driver.now)).toHaveLength(count);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });
});
