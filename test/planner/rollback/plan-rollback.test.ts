/** Rollbacks of small graphs: what they say, and what of a task goes with its undoing. */
import { expect, test } from 'vitest';
import { DEFAULT_POLICIES } from '../../../model/graph.ts';
import type { RollbackTarget } from '../../../model/rollback.ts';
import { planRollback } from '../../../planner/rollback/plan-rollback.ts';
import type { PlannedRollback } from '../../../planner/rollback/plan-rollback.ts';
import { standingOf } from './standings.ts';
import type { StandingSketch } from './standings.ts';

const planned = (sketches: readonly (string | StandingSketch)[], target: RollbackTarget = { kind: 'all' }): PlannedRollback => {
  const result = planRollback({ ...standingOf(sketches), target, number: 1 });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const refused = (sketches: readonly (string | StandingSketch)[], target: RollbackTarget = { kind: 'all' }) => {
  const result = planRollback({ ...standingOf(sketches), target, number: 1 });
  return result.ok ? [] : result.error;
};
const stepsOf = ({ outline }: PlannedRollback): string[] => outline.steps.map(({ task, how, depth }) => `${depth} ${task} ${how}`);

test('a compensation runs as its task did, and knows what it undoes', () => {
  const asks = [{ resource: 'db', units: 1, access: 'write' as const }];
  const { plan } = planned([
    {
      id: 'migrate',
      task: { title: 'Migrate', asks, capabilities: ['db'], priority: 1, timeoutMs: 5_000, idempotent: false, risk: 'high', approval: true, retry: { maxAttempts: 7 } },
      spec: { command: 'up', compensation: { command: 'down', timeoutMs: 9_000, idempotent: true }, directory: 'sql', environment: { A: '1' }, secrets: ['PGPASSWORD'], artifacts: ['schema.sql'], smoke: 'no' },
      is: { attempt: 3 },
    },
  ]);
  expect(plan.format).toBe('rollback');
  expect(plan.graph.tasks).toEqual([
    { id: 'migrate', title: 'undo Migrate', asks, capabilities: ['db'], priority: 1, timeoutMs: 9_000, idempotent: true, retry: { maxAttempts: 7 }, escalates: true },
  ]);
  expect(plan.tasks).toEqual([
    { id: 'migrate', title: 'undo migrate', command: 'down', directory: 'sql', environment: { A: '1', TASKS_ROLLBACK_OF: 'release', TASKS_ROLLBACK_OF_ATTEMPT: '3' }, secrets: ['PGPASSWORD'], artifacts: ['schema.sql'], fields: {} },
  ]);
});

test('who must not be passed over in silence is escalated, holds nothing, and keeps its place in the order', () => {
  const result = planned([
    'a',
    { id: 'sent', after: ['a'], task: { idempotent: false, asks: [{ resource: 'mail', units: 1, access: 'write' }] }, spec: { command: 'send' } },
    { id: 'built', after: ['a'], spec: { artifacts: ['out'] } },
    { id: 'scoped', after: ['a'], spec: { fields: { files_scope: { writes: ['src/**'] } } } },
    { id: 'linted', after: ['a'], spec: { command: 'lint' } },
    { id: 'again', after: ['a'], task: { idempotent: true } },
  ]);
  expect(stepsOf(result).toSorted()).toEqual(['0 built hand', '0 scoped hand', '0 sent hand', '1 a command']);
  expect(result.outline.left).toEqual([
    { task: 'linted', why: 'undeclared' },
    { task: 'again', why: 'idempotent' },
  ]);
  expect(result.plan.graph.tasks.find(({ id }) => id === 'sent')).toEqual({ id: 'sent', title: 'undo sent', executor: 'human', byHand: expect.stringContaining('not idempotent') });
});

test('the least for a failure: it, what it was built upon, and what else was built upon that; not what is beside it', () => {
  const result = planned(
    ['base', { id: 'beside', after: ['base'] }, { id: 'cause', after: ['base'] }, { id: 'broken', after: ['cause'], is: { failed: true, state: 'FAILED' } }, 'apart', { id: 'never', after: ['broken'], is: { acted: false } }],
    { kind: 'failed' },
  );
  expect(stepsOf(result)).toEqual(['0 broken command', '0 beside command', '1 cause command', '2 base command']);
});

test('an idempotent ancestor of a failure leaves what else is built upon it alone', () => {
  const result = planned([{ id: 'base', task: { idempotent: true } }, { id: 'beside', after: ['base'] }, { id: 'broken', after: ['base'], is: { failed: true } }], { kind: 'failed' });
  expect(stepsOf(result)).toEqual(['0 broken command']);
});

test('a label is a point in the graph: all that depends on who carries it, and a task with that id comes first', () => {
  const labelled = { fields: { checkpoint: 'ready' }, compensation: { command: 'undo' } };
  const sketches: StandingSketch[] = [{ id: 'a', spec: labelled }, { id: 'b', spec: labelled }, { id: 'c', after: ['a'] }, { id: 'd', after: ['b'] }, { id: 'e' }, { id: 'f', softAfter: ['a'] }];
  expect(stepsOf(planned(sketches, { kind: 'after', point: 'ready' })).toSorted()).toEqual(['0 c command', '0 d command']);
  expect(stepsOf(planned([...sketches, { id: 'ready' }, { id: 'g', after: ['ready'] }], { kind: 'after', point: 'ready' }))).toEqual(['0 g command']);
  expect(refused(sketches, { kind: 'after', point: 'redy' })).toMatchObject([{ code: 'TASKS3104', hint: 'Did you mean "ready"?' }]);
  expect(refused(['a'], { kind: 'after', point: '__proto__' })).toMatchObject([{ code: 'TASKS3104', hint: 'No task of this plan carries a checkpoint label.' }]);
});

test('a task that has passed a point of no return is not undone, and nothing else either', () => {
  const point = { execution_guidance: { monitoring: { checkpoint_events: [{ at: '50%', name: 'half', rollback_capable: true }, { at: '75%', name: 'published', rollback_capable: false }] } } };
  const publish: StandingSketch = { id: 'publish', after: ['a'], spec: { compensation: { command: 'undo' }, fields: point } };
  const sketches = ['a', publish, { id: 'announce', after: ['publish'] }];
  expect(refused(sketches)).toMatchObject([{ code: 'TASKS3102', message: expect.stringContaining('publish has passed the point "published"'), hint: expect.stringContaining('--to publish') }]);
  expect(stepsOf(planned(sketches, { kind: 'after', point: 'publish' }))).toEqual(['0 announce command']);
  expect(stepsOf(planned(['a', { ...publish, is: { passed: false, failed: true } }]))).toEqual(['0 publish command', '1 a command']);
});

test('where there is nothing to undo, that is said, and why', () => {
  expect(refused([{ id: 'a', is: { acted: false } }])).toEqual([{ code: 'TASKS3101', message: 'there is nothing to undo of everything that was done' }]);
  expect(refused([{ id: 'a', spec: {} }])).toMatchObject([{ code: 'TASKS3101', hint: expect.stringContaining('1 task that ran there said nothing') }]);
});

test('no alert of the plan acts upon its rollback', () => {
  const { standing, specs } = standingOf(['a']);
  const alert = { name: 'slow', condition: { op: '>' as const, left: { metric: 'average_wait_time' as const }, right: { value: 60_000 } }, text: 'average_wait_time > 60', action: 'abort' as const };
  const policies = { ...standing.policies, monitoring: { alerts: [alert], intervalMs: 1_000, metrics: [] } };
  const result = planRollback({ standing: { ...standing, policies }, specs, target: { kind: 'all' }, number: 1 });
  if (!result.ok) expect.fail(JSON.stringify(result.error));
  expect(result.value.plan.graph.policies.monitoring).toEqual(DEFAULT_POLICIES.monitoring);
});
