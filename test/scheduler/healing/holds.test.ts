/** Holds by themselves: what they hold, which of their tasks they may wait for, and what it costs to know. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Breaker } from '../../../model/breaker.ts';
import { isSettled } from '../../../model/state.ts';
import type { TaskState } from '../../../model/state.ts';
import type { TaskRecord } from '../../../scheduler/protocol.ts';
import { GraphIndex } from '../../../scheduler/graph-index.ts';
import { Holds } from '../../../scheduler/healing/holds.ts';
import { Scopes } from '../../../scheduler/healing/scope.ts';
import type { HealingState, Hold } from '../../../scheduler/healing/state.ts';
import { graphOf } from '../graphs.ts';

const breaker = (name: string, scope?: readonly string[]): Breaker => ({ name, on: { type: 'match', pattern: 'p', threshold: 2, windowMs: 1 }, action: { type: 'inject_task' }, budget: 2, coolDownMs: 0, ...(scope && { scope }) });
const BREAKERS = new Map([breaker('wide'), breaker('all', ['*']), breaker('some', ['t1*'])].map((each) => [each.name, each]));

interface Sketch {
  /** By task: those before it. */
  readonly deps: readonly (readonly number[])[];
  readonly states: readonly TaskState[];
  readonly holds: readonly Pick<Hold, 'breaker' | 'members' | 'tasks' | 'released'>[];
}

const make = ({ deps, states, holds }: Sketch, watch: (records: TaskRecord[]) => TaskRecord[] = (records) => records) => {
  const graph = graphOf(deps.map((from, at) => ({ id: `t${at}`, after: from.map((each) => `t${each}`) })));
  const index = new GraphIndex({ ...graph, tasks: [...graph.tasks] });
  const state: HealingState = { failures: [], breakers: [], holds: holds.map((hold, trip) => ({ ...hold, trip, since: 0, kind: 'repair', members: [...hold.members] })) };
  const records = states.map((each): TaskRecord => ({ state: each, attempt: 0, failures: 0 }));
  return { index, state, records, holds: new Holds({ state, records: watch(records), tasks: index.tasks, breakers: BREAKERS, scopes: new Scopes(index.tasks) }) };
};

/** As the words say it: a task is held as its members are, or as the scope covers it, unless somebody waits for it. */
const holdsPlainly = (all: readonly Hold[], hold: Hold, at: number): boolean => {
  if (hold.released?.includes(at)) return false;
  if (hold.members.includes(at)) return true;
  if (all.some(({ tasks }) => tasks?.includes(at))) return false;
  return hold.breaker === 'all' || (hold.breaker === 'some' && `t${at}`.startsWith('t1'));
};

/** Everything that cannot go on before a hold ends, looked for from what it holds. */
const behindPlainly = ({ index, records }: ReturnType<typeof make>, all: readonly Hold[], hold: Hold): ReadonlySet<number> => {
  const isOpen = (at: number): boolean => !isSettled(records[at]?.state ?? 'PENDING');
  const heldBy = (each: Hold): readonly number[] => [...records.keys()].filter((at) => isOpen(at) && holdsPlainly(all, each, at));
  const behind = new Set(heldBy(hold));
  for (const at of behind) {
    for (const next of index.successors(at)) if (isOpen(next)) behind.add(next);
    for (const other of all) if (other !== hold && other.tasks?.includes(at)) for (const held of heldBy(other)) behind.add(held);
  }
  return behind;
};

const COUNT = 14;
const someTasks = fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: 4 });
const sketches: fc.Arbitrary<Sketch> = fc.record({
  deps: fc.tuple(...Array.from({ length: COUNT }, (_, at) => fc.uniqueArray(fc.nat(Math.max(0, at - 1)), { maxLength: at === 0 ? 0 : 2 }))),
  states: fc.array(fc.constantFrom<TaskState>('READY', 'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED'), { minLength: COUNT, maxLength: COUNT }),
  holds: fc.array(fc.record({ breaker: fc.constantFrom('wide', 'all', 'some', 'error-policy'), members: someTasks.map((list) => [...list]), tasks: fc.option(someTasks, { nil: undefined }), released: fc.option(someTasks, { nil: undefined }) }) as fc.Arbitrary<Sketch['holds'][number]>, { maxLength: 6 }),
});

describe('holds, whatever there is', () => {
  it('hold what they say they do, and forget the tasks that wait for what they hold', () => {
    fc.assert(
      fc.property(sketches, (sketch) => {
        const made = make(sketch);
        const { holds, index, state } = made;
        const check = (): void => {
          for (const at of sketch.deps.keys()) expect(holds.of(at), `t${at}`).toBe(state.holds.find((hold) => holdsPlainly(state.holds, hold, at)));
        };
        check();
        const expected = make(sketch);
        for (const hold of expected.state.holds) {
          const behind = behindPlainly(expected, expected.state.holds, hold);
          if (hold.tasks) hold.tasks = hold.tasks.filter((task) => !behind.has(task));
        }
        holds.untangle(index);
        expect(state.holds).toEqual(expected.state.holds);
        check();
      }),
      { numRuns: 300 },
    );
  });
});

describe('200 open reviews of a plan of 10,000 tasks', () => {
  const OPEN = 200;
  const TASKS = 10_000;
  const sketch: Sketch = {
    // Every task that is reviewed has many behind it; the reviews are the last.
    deps: Array.from({ length: TASKS }, (_, at) => (at < OPEN || at >= TASKS - OPEN ? [] : [at % OPEN])),
    states: Array.from({ length: TASKS }, (_, at): TaskState => (at < OPEN ? 'READY' : 'PENDING')),
    holds: Array.from({ length: OPEN }, (_, at) => ({ breaker: 'error-policy', members: [at], tasks: [TASKS - OPEN + at] })),
  };

  it('are asked after without a look at every task for each of them', () => {
    let looks = 0;
    const counted = (records: TaskRecord[]): TaskRecord[] => new Proxy(records, { get: (target, key) => ((looks += 1), Reflect.get(target, key) as unknown) });
    const { holds, index } = make(sketch, counted);
    holds.untangle(index);
    expect(looks).toBeLessThan(10 * OPEN);
    expect(holds.caught()).toHaveLength(OPEN);
    expect(looks).toBeLessThan(10 * OPEN + 3 * TASKS);
  });
});
