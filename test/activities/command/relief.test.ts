/** Which attempts are suspended and ended while the machine is over its hard limit: no processes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRelief } from '../../../activities/command/relief.ts';
import type { Guarded, Relief, ReliefAct } from '../../../activities/command/relief.ts';
import { PRIORITY } from '../../../model/graph.ts';
import { PRESSURES } from '../../../model/pool.ts';

const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 500);
const WHY = 'memory 97 %, limit 95 %';

const over = (relief: Relief): void => relief.look({ pressure: 'hard', isOver: true, why: WHY });

/** Writes down what is done to it: `name verb`. */
const startRun = (done: string[] = []) => {
  const acts: ReliefAct[] = [];
  const relief = createRelief((act) => acts.push(act));
  const guard = (name: string, attempt: Partial<Pick<Guarded, 'priority' | 'preemptible' | 'pausable'>> = {}): Disposable => {
    const say = (verb: string) => (why?: string) => void done.push([name, verb, ...(why === undefined ? [] : [`(${why})`])].join(' '));
    return relief.guard({ priority: PRIORITY.medium, preemptible: false, pausable: false, ...attempt, suspend: say('suspended'), resume: say('resumed'), end: say('ended') });
  };
  return { relief, acts, done, guard };
};

test('what may be suspended is, once, and goes on when the pressure is no longer hard', () => {
  const { relief, acts, done, guard } = startRun();
  guard('a', { pausable: true });
  guard('b');
  guard('c', { pausable: true });
  over(relief);
  over(relief);
  expect(done).toEqual([`a suspended (${WHY})`, `c suspended (${WHY})`]);
  relief.look({ pressure: 'hard', isOver: false, why: WHY });
  expect(done).toHaveLength(2);
  relief.look({ pressure: 'soft', isOver: false, why: '' });
  relief.look({ pressure: 'none', isOver: false, why: '' });
  expect(done.slice(2)).toEqual(['a resumed', 'c resumed']);
  over(relief);
  expect(done.slice(4)).toEqual([`a suspended (${WHY})`, `c suspended (${WHY})`]);
  expect(acts).toEqual(['suspended', 'suspended', 'resumed', 'resumed', 'suspended', 'suspended']);
});

test('then background attempts are ended, one at a look: the least urgent first, of equals the last that began', () => {
  const { relief, done, guard } = startRun();
  const background = { priority: PRIORITY.background, preemptible: true };
  guard('pausable', { pausable: true });
  guard('early', background);
  guard('late', background);
  guard('least', { priority: PRIORITY.background + 3, preemptible: true });
  guard('keeps', { priority: PRIORITY.background });
  guard('low', { priority: PRIORITY.low, preemptible: true });
  for (let look = 0; look < 6; look += 1) over(relief);
  expect(done).toEqual([`pausable suspended (${WHY})`, `least ended (${WHY})`, `late ended (${WHY})`, `early ended (${WHY})`]);
});

test('nothing is ended for a pressure that only cools down', () => {
  const { relief, done, guard } = startRun();
  guard('a', { priority: PRIORITY.background, preemptible: true });
  guard('b', { pausable: true });
  for (let look = 0; look < 5; look += 1) relief.look({ pressure: 'hard', isOver: false, why: WHY });
  expect(done).toEqual([]);
});

test('the only attempt is not ended, nor the only one that is left', () => {
  const { relief, done, guard } = startRun();
  const background = { priority: PRIORITY.background, preemptible: true };
  const first = guard('first', background);
  over(relief);
  expect(done).toEqual([]);
  guard('second', background);
  over(relief);
  over(relief);
  over(relief);
  expect(done).toEqual([`second ended (${WHY})`]);
  first[Symbol.dispose]();
  over(relief);
  expect(done).toHaveLength(1);
});

test('one that is suspended may be ended, and is not resumed for it', () => {
  const { relief, done, guard } = startRun();
  guard('both', { priority: PRIORITY.background, preemptible: true, pausable: true });
  guard('other');
  over(relief);
  over(relief);
  relief.look({ pressure: 'soft', isOver: false, why: '' });
  expect(done).toEqual([`both suspended (${WHY})`, `both ended (${WHY})`]);
});

const step = fc.oneof(
  fc.record({ do: fc.constant('begin' as const), priority: fc.integer({ min: 0, max: 8 }), preemptible: fc.boolean(), pausable: fc.boolean() }),
  fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('look' as const), pressure: fc.constantFrom(...PRESSURES), isOver: fc.boolean() }),
);

test('whatever comes: nobody is left suspended, nothing happens twice, and one always stays', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const relief = createRelief();
      const open = new Map<number, { state: 'running' | 'suspended' | 'ending'; readonly guarded: Disposable }>();
      let next = 0;
      for (const each of steps) {
        if (each.do === 'begin') {
          const id = next++;
          const move = (from: readonly string[], to: 'running' | 'suspended' | 'ending') => (): void => {
            const entry = open.get(id);
            expect(from).toContain(entry?.state);
            if (entry) entry.state = to;
          };
          const { priority, preemptible, pausable } = each;
          const never = (): void => expect.fail('it does not allow that');
          const end = move(['running', 'suspended'], 'ending');
          const guarded = relief.guard({
            priority,
            preemptible,
            pausable,
            suspend: pausable ? move(['running'], 'suspended') : never,
            resume: move(['suspended'], 'running'),
            end: preemptible && priority >= PRIORITY.background ? end : never,
          });
          open.set(id, { state: 'running', guarded });
        } else if (each.do === 'end') {
          const id = [...open.keys()][each.which % Math.max(1, open.size)];
          if (id !== undefined) open.get(id)?.guarded[Symbol.dispose]();
          if (id !== undefined) open.delete(id);
        } else {
          const staying = () => [...open.values()].filter(({ state }) => state !== 'ending').length;
          const before = staying();
          relief.look({ pressure: each.pressure, isOver: each.isOver, why: WHY });
          expect(before - staying()).toBeLessThanOrEqual(before > 1 ? 1 : 0);
          if (each.pressure !== 'hard') expect([...open.values()].filter(({ state }) => state === 'suspended')).toEqual([]);
        }
      }
    }),
    { numRuns: RUNS },
  );
});
