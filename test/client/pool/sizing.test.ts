/** The size of a pool: examples of each rule, and what holds for any demand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Demand, Waiting } from '../../../client/pool/demand.ts';
import type { Role } from '../../../client/pool/role.ts';
import { decide, UNSEEN } from '../../../client/pool/sizing.ts';
import type { Limits, Member, SizingState, Step } from '../../../client/pool/sizing.ts';

const role = (...capabilities: readonly string[]): Role => ({ name: capabilities.join(',') || 'generic', capabilities });
const GENERIC = role();
const LIMITS: Limits = { min: 1, max: 8, alpha: 2, quietMs: 30_000 };
const demand = (...waiting: readonly Waiting[]): Demand => ({ waiting, complete: true });
const plain = (tasks: number): Waiting => ({ capabilities: [], tasks });
const asking = (tasks: number, ...capabilities: readonly string[]): Waiting => ({ capabilities, tasks });
const members = (...list: readonly (readonly [Role, number?, boolean?])[]): readonly Member[] =>
  list.map(([role, running = 0, retired = false], at) => ({ id: at + 1, role, running, retired, slots: 2 }));

interface Case {
  readonly waiting?: readonly Waiting[];
  readonly members: readonly Member[];
  readonly roles?: readonly Role[];
  readonly limits?: Partial<Limits>;
  /** Since when it has been quiet, before now. */
  readonly quietMs?: number;
}
const stepOf = ({ waiting = [], members, roles = [GENERIC], limits, quietMs }: Case): Step | undefined => {
  const now = 1_000_000;
  const before: SizingState = quietMs === undefined ? UNSEEN : { quietSince: new Map(roles.map(({ name }) => [name, now - quietMs])) };
  return decide(before, { demand: demand(...waiting), members, roles, limits: { ...LIMITS, ...limits }, now }).step;
};

describe('grows', () => {
  test('by one when more than alpha tasks wait for each worker, and not before', () => {
    const two = members([GENERIC, 2], [GENERIC, 2]);
    expect(stepOf({ waiting: [plain(4)], members: two })).toBeUndefined();
    expect(stepOf({ waiting: [plain(3), plain(2)], members: two })).toMatchObject({ type: 'grow', because: 'waiting', waiting: 5, workers: 2 });
    expect(stepOf({ waiting: [plain(4)], members: two, limits: { alpha: 1.5 } })).toMatchObject({ type: 'grow' });
    expect(stepOf({ waiting: [plain(99)], members: two, limits: { max: 2 } })).toBeUndefined();
  });

  test('whatever waits while there are fewer than there must be', () => {
    expect(stepOf({ members: members([GENERIC, 0]), limits: { min: 2 } })).toMatchObject({ type: 'grow', because: 'min' });
  });

  test('at once when work waits that no worker of the pool can do, and never for work that none of its roles can', () => {
    const roles = [role('db'), role('ui'), GENERIC];
    expect(stepOf({ waiting: [asking(1, 'ui')], members: members([role('db')]), roles })).toMatchObject({ type: 'grow', because: 'uncovered', role: role('ui') });
    expect(stepOf({ waiting: [asking(99, 'gpu')], members: members([role('db')]), roles: [role('db'), role('ui')] })).toBeUndefined();
    // A generic one takes it, and takes it alone.
    expect(stepOf({ waiting: [asking(1, 'ui')], members: members([GENERIC]), roles })).toBeUndefined();
  });

  test('with the role that the work asks for most, for each worker of it', () => {
    const roles = [role('db'), role('ui'), role('db', 'ui')];
    const grown = (waiting: readonly Waiting[], ...list: readonly Role[]) => {
      const step = stepOf({ waiting, members: members(...list.map((each) => [each, 2] as const)), roles });
      return step?.type === 'grow' ? step.role.name : step;
    };
    expect(grown([asking(3, 'db'), asking(9, 'ui')], role('db'), role('ui'))).toBe('ui');
    expect(grown([asking(6, 'db'), asking(9, 'ui')], role('db'), role('ui'), role('ui'), role('ui'))).toBe('db');
    expect(grown([asking(6, 'db', 'ui')], role('db'), role('ui'))).toBe('db,ui');
  });

  test('on the shared queue only generic workers help', () => {
    const shared: Waiting = { capabilities: [], tasks: 9, shared: true };
    expect(stepOf({ waiting: [shared], members: members([role('db')]), roles: [role('db')] })).toBeUndefined();
    expect(stepOf({ waiting: [shared], members: members([role('db')]), roles: [role('db'), GENERIC] })).toMatchObject({ role: GENERIC, because: 'uncovered' });
    // What an execution keeps back for want of any worker, a special one may take.
    expect(stepOf({ waiting: [plain(9)], members: members([role('db')]), roles: [role('db')] })).toMatchObject({ role: role('db') });
  });
});

describe('shrinks', () => {
  test('by one when nothing has waited for long enough, the idle one first, and not below its least', () => {
    const two = members([GENERIC, 0], [GENERIC, 1]);
    expect(stepOf({ members: two, quietMs: 29_999 })).toBeUndefined();
    expect(stepOf({ members: two, quietMs: 30_000 })).toMatchObject({ type: 'retire', id: 1, because: 'quiet' });
    expect(stepOf({ members: two, quietMs: 30_000, waiting: [plain(1)] })).toBeUndefined();
    expect(stepOf({ members: two, quietMs: 30_000, limits: { min: 2 } })).toBeUndefined();
  });

  test('a busy one only when the others have room for what it runs', () => {
    expect(stepOf({ members: members([GENERIC, 1], [GENERIC, 1]), quietMs: 30_000 })).toMatchObject({ type: 'retire', id: 2 });
    expect(stepOf({ members: members([GENERIC, 2], [GENERIC, 1], [GENERIC, 1]), quietMs: 30_000 })).toMatchObject({ type: 'retire', id: 3 });
    expect(stepOf({ members: members([GENERIC, 2], [GENERIC, 1]), quietMs: 30_000 })).toBeUndefined();
    expect(stepOf({ members: members([GENERIC, 2], [GENERIC, 2]), quietMs: 30_000 })).toBeUndefined();
  });

  test('after one has been retired the next waits as long again, and a look without all answers counts for nothing', () => {
    const look = { members: members([GENERIC], [GENERIC], [GENERIC]), roles: [GENERIC], limits: LIMITS };
    const first = decide(UNSEEN, { ...look, demand: demand(), now: 0 });
    const second = decide(first.state, { ...look, demand: demand(), now: 30_000 });
    expect(second.step).toMatchObject({ type: 'retire' });
    expect(decide(second.state, { ...look, demand: demand(), now: 59_999 }).step).toBeUndefined();
    expect(decide(second.state, { ...look, demand: demand(), now: 60_000 }).step).toMatchObject({ type: 'retire' });
    const unsure = decide(second.state, { ...look, demand: { waiting: [], complete: false }, now: 60_000 });
    expect(unsure.step).toBeUndefined();
    expect(decide(unsure.state, { ...look, demand: demand(), now: 60_001 }).step).toBeUndefined();
  });

  test('to make room for a role that is not there, one of several of a kind, never the last', () => {
    const roles = [role('db'), role('ui')];
    const limits = { max: 2 };
    const waiting = [asking(1, 'ui')];
    expect(stepOf({ waiting, roles, limits, members: members([role('db'), 1], [role('db')]) })).toMatchObject({ type: 'retire', id: 2, because: 'room' });
    expect(stepOf({ waiting, roles, limits, members: members([role('db'), 1], [role('db'), 1]) })).toBeUndefined();
    expect(stepOf({ waiting: [...waiting, asking(1, 'db')], roles, limits, members: members([role('db')], [role('db')]) })).toBeUndefined();
    const three = { waiting: [asking(1, 'api')], roles: [...roles, role('api')], limits: { max: 3 } };
    expect(stepOf({ ...three, members: members([role('db'), 1], [role('db'), 1], [role('ui')]) })).toBeUndefined();
    expect(stepOf({ ...three, members: members([role('ui'), 1], [role('db'), 1], [role('ui')]) })).toMatchObject({ id: 3, because: 'room' });
    // One is on its way out already.
    expect(stepOf({ waiting, roles, limits: { max: 3 }, members: members([role('db')], [role('db')], [role('db'), 0, true]) })).toBeUndefined();
  });
});

const NAMES = ['a', 'b', 'c'] as const;
const subset = fc.subarray([...NAMES]);
const rolesOf = fc.uniqueArray(subset.map((names) => role(...names)), { selector: ({ name }) => name, minLength: 1, maxLength: 4 });
const waitingOf = fc.array(fc.record({ capabilities: subset, tasks: fc.nat(20) }), { maxLength: 4 });

/** A pool that lives: what waits and fits is taken by free slots, retired members go when they have nothing to do. */
class World {
  members: Member[] = [];
  state: SizingState = UNSEEN;
  readonly steps: Step[] = [];
  #next = 1;
  #now = 0;
  readonly roles: readonly Role[];
  readonly limits: Limits;

  constructor(roles: readonly Role[], limits: Limits, mix: readonly number[] = []) {
    this.roles = roles;
    this.limits = limits;
    for (let at = 0; at < limits.min; at += 1) this.#add(roles[(mix[at] ?? at) % roles.length] as Role);
  }

  #add(role: Role): void {
    this.members.push({ id: this.#next, role, running: 0, retired: false, slots: 2 });
    this.#next += 1;
  }

  /** `load` is what wants to run, all the time; whatever finds no slot waits. */
  look(load: readonly Waiting[]): Step | undefined {
    this.members = this.members.filter(({ retired }) => !retired).map((member) => ({ ...member, running: 0 }));
    const waiting = load.map(({ capabilities, tasks }) => {
      let left = tasks;
      const fit = ({ role }: Member): boolean => role.capabilities.length === 0 || capabilities.every((name) => role.capabilities.includes(name));
      for (let at = 0; at < this.members.length; at += 1) {
        const member = this.members[at] as Member;
        const taken = fit(member) ? Math.min(left, member.slots - member.running) : 0;
        this.members[at] = { ...member, running: member.running + taken };
        left -= taken;
      }
      return { capabilities, tasks: left };
    });
    this.#now += 2_000;
    const { state, step } = decide(this.state, { demand: demand(...waiting), members: this.members, roles: this.roles, limits: this.limits, now: this.#now });
    this.state = state;
    if (!step) return undefined;
    this.steps.push(step);
    if (step.type === 'grow') this.#add(step.role);
    else {
      const retired = this.members.find(({ id }) => id === step.id) as Member;
      if (retired.running > 0) expect(this.members.filter((member) => !member.retired && member.running === 0)).toEqual([]);
      this.members = this.members.map((member) => (member.id === step.id ? { ...member, retired: true } : member));
    }
    return step;
  }

  get working(): number {
    return this.members.filter(({ retired }) => !retired).length;
  }
}

const limitsFor = (roles: readonly Role[]) =>
  fc.record({ min: fc.integer({ min: 1, max: 4 }), more: fc.nat(5), alpha: fc.double({ min: 0, max: 4, noNaN: true }) }).map(({ min, more, alpha }): Limits => ({ min, max: Math.max(min + more, roles.length), alpha, quietMs: 10_000 }));
const setting = rolesOf.chain((roles) => fc.record({ roles: fc.constant(roles), limits: limitsFor(roles) }));

describe('whatever the demand', () => {
  test('one step from any state keeps the bounds, and takes no busy worker while an idle one is there', () => {
    const member = fc.record({ role: fc.nat(3), running: fc.nat(3), retired: fc.boolean() });
    fc.assert(
      fc.property(setting, fc.array(member, { maxLength: 10 }), waitingOf, fc.boolean(), fc.array(fc.nat(40_000), { maxLength: 4 }), ({ roles, limits }, list, waiting, complete, quiet) => {
        const members = list.map(({ role, ...rest }, at): Member => ({ id: at, role: roles[role % roles.length] as Role, slots: 2, ...rest }));
        const quietSince = new Map(quiet.flatMap((since, at) => (roles[at] ? [[roles[at].name, since] as const] : [])));
        const { step } = decide({ quietSince }, { demand: { waiting, complete }, members, roles, limits, now: 40_000 });
        const working = members.filter(({ retired }) => !retired);
        if (step?.type === 'grow') expect(members.length).toBeLessThan(limits.max);
        if (step?.type !== 'retire') return;
        expect(working.length).toBeGreaterThan(limits.min);
        const taken = working.find(({ id }) => id === step.id);
        expect(taken).toBeDefined();
        expect((taken?.running ?? 0) > 0 && working.some(({ running }) => running === 0)).toBe(false);
        // Unknown answers are no quiet.
        if (step.because === 'quiet') expect(complete).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('stays within its least and its most, and retires no busy worker while an idle one is there', () => {
    fc.assert(
      fc.property(setting, fc.array(waitingOf, { maxLength: 60 }), ({ roles, limits }, loads) => {
        const world = new World(roles, limits);
        for (const load of loads) {
          world.look(load);
          expect(world.working).toBeGreaterThanOrEqual(limits.min);
          expect(world.members.length).toBeLessThanOrEqual(limits.max);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('comes to rest under a constant load, from wherever it was, and stays there', () => {
    fc.assert(
      fc.property(setting, fc.array(waitingOf, { maxLength: 20 }), waitingOf, ({ roles, limits }, loads, constant) => {
        const world = new World(roles, limits);
        for (const load of loads) world.look(load);
        // Each worker may go once, after five looks, and come once.
        for (let look = 0; look < limits.max * 12; look += 1) world.look(constant);
        const settled = world.steps.length;
        for (let look = 0; look < 100; look += 1) world.look(constant);
        expect(world.steps.slice(settled)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('at rest, nothing waits that a role could do and no worker can', () => {
    fc.assert(
      fc.property(setting, fc.array(waitingOf, { maxLength: 20 }), subset, ({ roles, limits }, loads, wanted) => {
        fc.pre(roles.some((each) => each.capabilities.length === 0 || wanted.every((name) => each.capabilities.includes(name))));
        fc.pre(limits.max > limits.min);
        const world = new World(roles, limits);
        for (const load of loads) world.look(load);
        for (let look = 0; look < limits.max * 12; look += 1) world.look([{ capabilities: wanted, tasks: 1 }]);
        expect(world.members.some((each) => each.role.capabilities.length === 0 || wanted.every((name) => each.role.capabilities.includes(name)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
