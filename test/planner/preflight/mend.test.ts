/** Suggestions: together they close no cycle, they are a hot update, and a plan that takes them is what the live graph would be. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_TASKS } from '../../../model/graph.ts';
import type { StoredPlan } from '../../../model/graph.ts';
import type { TaskId } from '../../../model/ids.ts';
import { GraphIndex } from '../../../scheduler/graph-index.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import { layOutWaves } from '../../../scheduler/wave.ts';
import { applyToPlan } from '../../../planner/preflight/apply.ts';
import type { Finding, SuggestedEdge } from '../../../planner/preflight/finding.ts';
import { patchOf } from '../../../planner/preflight/patch.ts';
import { settled } from '../../../planner/preflight/settle.ts';
import { parsePatch } from '../../../planner/read/parse-patch.ts';
import { makePlan } from '../../support/plan.ts';
import { dags } from '../sentinels/dags.ts';

const planOf = (preds: readonly (readonly number[])[]): StoredPlan => makePlan(preds.map((list, index) => ({ id: `t${index}`, deps: list.map((pred) => `t${pred}`) })));
const edge = (from: string, to: string, type: 'hard' | 'soft' = 'hard'): SuggestedEdge => ({ from: from as TaskId, to: to as TaskId, type, reason: 'a test' });
const finding = (edges: readonly SuggestedEdge[], certainty: 'certain' | 'likely' = 'certain'): Finding => ({ code: 'TASKS1501', certainty, message: 'm', suggestion: [{ op: 'add_edge', edges }] });
const install = (...before: readonly string[]): Finding => ({
  code: 'TASKS1508',
  certainty: 'certain',
  message: 'm',
  suggestion: [{ op: 'inject_task', task: { id: 'new' as TaskId, cmd: 'make', labels: ['x'] }, edges: before.map((id) => edge('new', id, 'soft')) }],
});
const edgesOf = (findings: readonly Finding[]): readonly string[] => findings.flatMap(({ suggestion = [] }) => suggestion.flatMap((one) => one.edges.map(({ from, to }) => `${from}>${to}`)));
const applied = (plan: StoredPlan, findings: readonly Finding[]): StoredPlan => {
  const result = applyToPlan(plan, patchOf(findings));
  return result.ok ? result.value : expect.fail(JSON.stringify(result.error));
};

const wishes = (count: number): fc.Arbitrary<readonly Finding[]> =>
  fc.array(
    fc.tuple(fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.constantFrom('hard' as const, 'soft' as const)), { minLength: 1, maxLength: 4 }), fc.constantFrom('certain' as const, 'likely' as const)).map(([edges, certainty]) =>
      finding(edges.map(([from, to, type]) => edge(`t${from}`, `t${to}`, type)), certainty),
    ),
    { maxLength: 8 },
  );

describe('settled', () => {
  test('whatever is suggested: all of it, what is certain and any part of it leave no cycle; and what is left out would close one, or says what is said', () => {
    fc.assert(
      fc.property(dags().chain((preds) => fc.tuple(fc.constant(preds), wishes(preds.length))), ([preds, findings]) => {
        const plan = planOf(preds);
        const left = settled(findings, { plan });
        expect(left).toHaveLength(findings.length);
        const after = applied(plan, left).graph.tasks.map(({ deps = [], soft = [] }) => [...deps, ...soft]);
        expect(orderOf(after).acyclic).toBe(true);
        const kept = new Set(edgesOf(left));
        for (const wish of edgesOf(findings).filter((one) => !kept.has(one))) {
          const [from, to] = wish.slice(1).split('>t').map(Number) as [number, number];
          const isSaid = (after[to] ?? []).includes(from);
          const closed = after.map((list, index) => (index === to ? [...list, from] : list));
          expect(isSaid || !orderOf(closed).acyclic).toBe(true);
        }
      }),
    );
  });

  test('what is certain comes first and wins', () => {
    const plan = planOf([[], []]);
    const left = settled([finding([edge('t0', 't1')], 'likely'), finding([edge('t1', 't0')])], { plan });
    expect(left.map(({ certainty }) => certainty)).toEqual(['certain', 'likely']);
    expect(edgesOf(left)).toEqual(['t1>t0']);
    expect(left[1]).toMatchObject({ hint: expect.stringContaining('closes a cycle') as string });
    expect(left[1]).not.toHaveProperty('suggestion');
  });

  test('an edge of a task that is not there is no suggestion', () => {
    expect(edgesOf(settled([finding([edge('t0', 'nobody')])], { plan: planOf([[]]) }))).toEqual([]);
  });
});

describe('the patch', () => {
  test('is a hot update, with one id for the same suggestions', () => {
    const findings = [finding([edge('t0', 't1', 'soft'), edge('t0', 't1')]), install('t0')];
    const patch = patchOf(findings);
    const parsed = parsePatch(structuredClone(patch), { fallbackId: 'x' });
    if (!parsed.ok) expect.fail(JSON.stringify(parsed.error));
    expect(parsed.value.patch).toMatchObject({ id: patch[0]?.id, tasks: [{ id: 'new', labels: ['x'] }], edges: [{ from: 'new', to: 't0', type: 'soft' }, { from: 't0', to: 't1', type: 'hard' }] });
    expect(patchOf(findings)).toEqual(patch);
    expect(patchOf([finding([edge('t0', 't1')])])[0]?.id).not.toBe(patch[0]?.id);
    expect(patchOf([])).toEqual([]);
  });
});

describe('applied to a plan', () => {
  test('tasks and edges are where a hot update would have put them, and the plan says so', () => {
    const plan = planOf([[], [0]]);
    const patched = applied(plan, [install('t0'), finding([edge('new', 't1')])]);
    expect(patched.graph.tasks.map(({ id, deps, soft }) => ({ id, deps, soft }))).toEqual([
      { id: 't0', deps: undefined, soft: [2] },
      { id: 't1', deps: [0, 2], soft: undefined },
      { id: 'new', deps: undefined, soft: undefined },
    ]);
    expect(patched.tasks[2]).toMatchObject({ id: 'new', command: 'make' });
    expect(patched.fields['preflight']).toMatchObject([{ op: 'inject_task' }, { op: 'add_edge' }]);
    expect(plan.graph.tasks).toHaveLength(2);
  });

  test('what is put in is of the first wave where all tasks have one, and the plan keeps its waves', () => {
    const plan = makePlan([{ id: 't0', wave: 3 }, { id: 't1', wave: 2 }, { id: 't2', wave: 4 }]);
    const { graph } = applied(plan, [install('t2')]);
    expect(graph.tasks.map(({ wave }) => wave)).toEqual([3, 2, 4, 2]);
    const { of } = layOutWaves(new GraphIndex(graph), graph.policies.wave, false, 0);
    expect(of).toEqual([2, 1, 3, 1]);
    const some = applied(makePlan([{ id: 't0', wave: 3 }, { id: 't1' }]), [install('t1')]);
    expect(some.graph.tasks.map(({ wave }) => wave)).toEqual([3, undefined, undefined]);
  });

  test('a soft dependency becomes a hard one, never the other way round', () => {
    const plan = makePlan([{ id: 't0' }, { id: 't1', soft: ['t0'] }, { id: 't2', deps: ['t0'] }]);
    const { graph } = applied(plan, [finding([edge('t0', 't1'), edge('t0', 't2', 'soft')])]);
    expect(graph.tasks.map(({ deps, soft }) => [deps, soft])).toEqual([[undefined, undefined], [[0], undefined], [[0], undefined]]);
  });

  test('nothing to apply leaves the plan as it is', () => {
    const plan = planOf([[]]);
    expect(applied(plan, [])).toBe(plan);
  });

  test.each<{ name: string; preds: number; findings: readonly Finding[]; code: string; message: string }>([
    { name: 'a cycle', preds: 2, findings: [finding([edge('t0', 't1'), edge('t1', 't0')])], code: 'TASKS3007', message: 'cycle' },
    { name: 'an unknown task', preds: 1, findings: [finding([edge('t0', 'x')])], code: 'TASKS3007', message: '"x"' },
    { name: 'a task that is there', preds: 1, findings: [{ ...install(), suggestion: [{ op: 'inject_task', task: { id: 't0' as TaskId, cmd: 'x' }, edges: [] }] }], code: 'TASKS3007', message: 'already' },
    { name: 'one task too many', preds: MAX_TASKS, findings: [install()], code: 'TASKS3007', message: '10,001 tasks' },
    { name: 'a malformed task', preds: 1, findings: [{ ...install(), suggestion: [{ op: 'inject_task', task: { id: 'n' as TaskId, cmd: 3 }, edges: [] }] }], code: 'TASKS3006', message: 'cmd' },
  ])('refused: $name', ({ preds, findings, code, message }) => {
    const result = applyToPlan(planOf(Array.from({ length: preds }, () => [])), patchOf(findings));
    expect(result).toMatchObject({ ok: false, error: [{ code, message: expect.stringContaining(message) as string }] });
  });
});
