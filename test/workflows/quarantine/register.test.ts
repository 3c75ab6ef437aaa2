/** The register keeps the last word on each task, in whatever order and however often words arrive. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import { MAX_QUARANTINED, MAX_REVIVED } from '../../../model/quarantine.ts';
import type { QuarantineNews } from '../../../model/quarantine.ts';
import { QuarantineRegister } from '../../../workflows/quarantine/register.ts';

const PLANS = ['nightly', 'nightly/', '__proto__', ''];
const TASKS = ['a', 'constructor', 'a.b'] as TaskId[];

const quarantined = (task: string, since: number, plan = 'nightly'): QuarantineNews => ({ type: 'quarantined', plan, task: task as TaskId, since, execution: 'run-1' as ExecutionId, attempt: 2, by: 'flapping' });
const revived = (task: string, at: number, plan = 'nightly'): QuarantineNews => ({ type: 'revived', plan, task: task as TaskId, at });
const all = (register: QuarantineRegister, plan?: string) => register.page({ from: 0, limit: 1_000, ...(plan !== undefined && { plan }) }).items;
const through = (register: QuarantineRegister): QuarantineRegister => new QuarantineRegister(JSON.parse(JSON.stringify(register.state)) as typeof register.state);

/** Times of one task differ: an execution says no two things at once. */
const courses: fc.Arbitrary<readonly QuarantineNews[]> = fc.uniqueArray(fc.record({ plan: fc.constantFrom(...PLANS), task: fc.constantFrom(...TASKS), at: fc.nat(20), isRevival: fc.boolean() }), { maxLength: 30, selector: ({ plan, task, at }) => `${task}/${plan}/${at}` }).map((list) =>
  list.map(({ plan, task, at, isRevival }) => (isRevival ? revived(task, at, plan) : quarantined(task, at, plan))),
);

describe('the register', () => {
  it('ends the same whatever the order, the repetitions and the hand-overs', () => {
    fc.assert(
      fc.property(courses, fc.infiniteStream(fc.nat(1_000)), (course, dice) => {
        const inOrder = new QuarantineRegister();
        for (const news of course) inOrder.tell(news);
        const [...numbers] = dice.take(3 * course.length);
        const shuffled = [...course, ...course, ...course].map((news, at) => ({ news, rank: numbers[at] ?? 0 })).sort((a, b) => a.rank - b.rank);
        let other = new QuarantineRegister();
        for (const { news, rank } of shuffled) {
          other.tell(news);
          if (rank % 5 === 0) other = through(other);
        }
        expect(all(other)).toEqual(all(inOrder));
        for (const plan of PLANS) expect(all(other, plan)).toEqual(all(inOrder).filter((entry) => entry.plan === plan));
      }),
    );
  });

  it('revives what is there, once, and is not told otherwise by what was said before', () => {
    const register = new QuarantineRegister();
    register.tell(quarantined('a', 100));
    expect(register.revive({ plan: 'nightly', task: 'a' }, 200)).toMatchObject({ ok: true, value: { task: 'a', since: 100 } });
    expect(register.revive({ plan: 'nightly', task: 'a' }, 300)).toMatchObject({ ok: false, error: [{ code: 'TASKS3014', message: expect.stringContaining('"a" of the plan "nightly"') as string }] });
    const later = through(register);
    later.tell(quarantined('a', 150));
    expect(all(later)).toEqual([]);
    later.tell(quarantined('a', 201));
    expect(all(later)).toMatchObject([{ since: 201 }]);
    later.tell(revived('a', 150));
    expect(all(later)).toMatchObject([{ since: 201 }]);
  });

  it('takes in no more than it can hand over, drops none, and has room again after a revival', () => {
    const register = new QuarantineRegister();
    for (let i = 0; i < MAX_QUARANTINED + 5; i += 1) register.tell(quarantined(`t${String(i)}`, i + 1));
    expect(register.page({ from: 0, limit: 1 })).toMatchObject({ full: true });
    expect(all(register)).toHaveLength(MAX_QUARANTINED);
    // Known ones are still told of.
    register.tell(quarantined('t0', 10_000));
    expect(all(register).find(({ task }) => task === 't0')).toMatchObject({ since: 10_000 });
    register.tell(revived('t1', 20_000));
    register.tell(quarantined('late', 20_000));
    expect(all(register).map(({ task }) => task)).toContain('late');
  });

  it('remembers the last revivals only', () => {
    const register = new QuarantineRegister();
    for (let i = 0; i < MAX_REVIVED + 10; i += 1) register.tell(revived(`t${String(i)}`, 100));
    expect(register.state.revived).toHaveLength(MAX_REVIVED);
    register.tell(quarantined(`t${String(MAX_REVIVED + 9)}`, 50));
    expect(all(register)).toEqual([]);
  });

  it('is read page by page, by plan and task', () => {
    const register = new QuarantineRegister();
    for (const [at, task] of ['c', 'a', 'd', 'b'].entries()) register.tell(quarantined(task, at + 1, task < 'c' ? 'one' : 'two'));
    const first = register.page({ from: 0, limit: 3 });
    expect(first.items.map(({ plan, task }) => `${plan}/${task}`)).toEqual(['one/a', 'one/b', 'two/c']);
    expect(first.next).toBe(3);
    const rest = register.page({ from: 3, limit: 3 });
    expect(rest.items.map(({ task }) => task)).toEqual(['d']);
    expect(rest.next).toBeUndefined();
  });
});
