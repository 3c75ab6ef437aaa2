/** What plans say of checkpoints and progress. */
import { expect, test } from 'vitest';
import { DEFAULT_CHECKPOINTS } from '../../../model/checkpoint.ts';
import { accepted, fixture, refused, summary } from './reading.ts';

const specs = async (tasks: readonly object[]) => (await accepted({ stdin: JSON.stringify({ tasks }) })).plan.tasks.map(({ checkpoints, progress }) => ({ checkpoints, progress }));

test("v3's guidance makes a task checkpoint capable, and names its points", async () => {
  const { plan, warnings } = await accepted({ path: fixture('tasks-v3') });
  expect(plan.tasks.find(({ id }) => id === 'P1.T001')?.checkpoints).toEqual({ points: [{ name: 'schema_created', percent: 25 }] });
  expect(plan.graph.policies.checkpoints).toEqual({ ...DEFAULT_CHECKPOINTS, recovery: true });
  expect(warnings.map(({ message }) => message).join('\n')).not.toContain('checkpoint');
});

test('all ways to say it', async () => {
  const event = { at: '75%', name: 'tested', rollback_capable: false };
  expect(
    await specs([
      { id: 'a', cmd: 'x', scheduling_hints: { checkpoint_capable: true } },
      { id: 'b', cmd: 'x', checkpoint: 'db-migrated' },
      { id: 'c', cmd: 'x', execution_guidance: { checkpoints: ['After endpoint 1: run the tests', { at: 30, name: 'thirty' }, { name: 'whenever' }], monitoring: { checkpoint_events: [event, { at: 'after the schema', name: 'schema' }] } } },
      { id: 'd', cmd: 'x', execution_guidance: { monitoring: { heartbeat_interval_seconds: 30, progress_reporting: 'percentage' } } },
      { id: 'e', cmd: 'x' },
    ]),
  ).toEqual([
    { checkpoints: {}, progress: undefined },
    { checkpoints: { label: 'db-migrated' }, progress: undefined },
    { checkpoints: { points: [{ name: 'thirty', percent: 30 }, { name: 'whenever' }, { name: 'tested', percent: 75, rollbackCapable: false }, { name: 'schema' }] }, progress: undefined },
    { checkpoints: undefined, progress: { everyMs: 30_000, reporting: 'percentage' } },
    { checkpoints: undefined, progress: undefined },
  ]);
});

test('the policy, over what failure handling says', async () => {
  const tasks = [{ id: 'a', cmd: 'x' }];
  const policies = { checkpoints: { interval_percent: 10, keep: 1, prune: 'never', max_bytes: 1_000, expensive_minutes: 0.5 }, failure_handling: { checkpoint_recovery: false } };
  const { plan, warnings } = await accepted({ stdin: JSON.stringify({ tasks, policies }) });
  expect(plan.graph.policies.checkpoints).toEqual({ intervalPercent: 10, keep: 1, prune: 'never', maxBytes: 1_000, expensiveMs: 30_000, recovery: false });
  expect(warnings).toEqual([]);
});

test.each([
  ['a label that cannot be typed', { checkpoint: 'after the migration' }, 'TASKS1006'],
  ['a point without a name', { execution_guidance: { monitoring: { checkpoint_events: [{ at: '25%' }] } } }, 'TASKS1006'],
  ['a name with a path in it', { execution_guidance: { checkpoints: [{ at: 25, name: '../x' }] } }, 'TASKS1006'],
  ['more than all of it', { execution_guidance: { checkpoints: [{ at: '125%', name: 'x' }] } }, 'TASKS1006'],
  ['a way of reporting that there is not', { execution_guidance: { monitoring: { progress_reporting: 'loudly' } } }, 'TASKS1006'],
])('%s is refused', async (_what, field, code) => {
  const problems = await refused({ stdin: JSON.stringify({ tasks: [{ id: 'a', cmd: 'x', ...field }] }) });
  expect(summary(problems).map(([found]) => found)).toEqual([code]);
});

test.each([{ interval_percent: 0 }, { keep: 0 }, { prune: 'sometimes' }, { max_bytes: -1 }, { every: 5 }])('the policy %j is refused', async (checkpoints) => {
  const problems = await refused({ stdin: JSON.stringify({ tasks: [{ id: 'a', cmd: 'x' }], policies: { checkpoints } }) });
  expect(problems).toHaveLength(1);
});
