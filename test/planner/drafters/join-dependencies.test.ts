import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dependency } from '../../../planner/artifacts/tasks.schema.ts';
import { joinDependencies } from '../../../planner/drafters/join-dependencies.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';

const edge = (from: string, to: string, rest: Partial<Dependency> = {}): Dependency => ({ from, to, type: 'technical', reason: 'It is needed', evidence: [{ type: 'rule', reason: 'said', confidence: 0.8 }], confidence: 0.8, isHard: true, ...rest });

describe('dependencies of the rules and of a draft', () => {
  it('are one where both have it, with the evidence of both', () => {
    const { dependencies } = joinDependencies([edge('A', 'B', { confidence: 0.7, isHard: false })], [edge('A', 'B', { evidence: [{ type: 'doc', reason: 'quoted', confidence: 0.85 }], confidence: 0.85 })]);
    expect(dependencies).toEqual([edge('A', 'B', { confidence: 0.85, evidence: [{ type: 'rule', reason: 'said', confidence: 0.8 }, { type: 'doc', reason: 'quoted', confidence: 0.85 }] })]);
  });

  it('leave turns at a resource as they are', () => {
    const turn = edge('A', 'B', { type: 'mutual_exclusion', shared_resource: 'db' });
    expect(joinDependencies([turn], [edge('A', 'B')]).dependencies).toEqual([turn, edge('A', 'B')]);
  });

  it('do not contradict what the rules are sure of, and do what they only order', () => {
    expect(joinDependencies([edge('A', 'B'), edge('B', 'C')], [edge('C', 'A')])).toEqual({ dependencies: [edge('A', 'B'), edge('B', 'C')], report: ['dropped: dependency C → A: the rules have found A → B → C'] });
    expect(joinDependencies([edge('A', 'B', { isHard: false })], [edge('B', 'A')]).dependencies).toHaveLength(2);
  });

  it('never close a cycle of hard ones that was not there', () => {
    const some = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        // By number: those of the rules have no cycle.
        const found = one.flatMap(([a, b, isHard]) => (a < b ? [edge(`T${a}`, `T${b}`, { isHard })] : []));
        const drafted = other.flatMap(([a, b, isHard]) => (a === b ? [] : [edge(`T${a}`, `T${b}`, { isHard })]));
        const { dependencies } = joinDependencies(found, drafted);
        const hard = dependencies.filter(({ isHard }) => isHard);
        expect(orderOf(Array.from({ length: 7 }, (_, to) => hard.filter((each) => each.to === `T${to}`).map(({ from }) => Number(from.slice(1))))).acyclic).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
