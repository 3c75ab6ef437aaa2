/** The order check of large plans: it takes no time that grows with the pairs of tasks, or worse. */
import { expect, test } from 'vitest';
import { surveyOf } from '../../../planner/preflight/survey.ts';
import { checkOrder } from '../../../planner/preflight/checks/order.ts';
import { makePlan } from '../../support/plan.ts';
import { workspaceWith } from './looking.ts';

const COUNT = 1_200;

test('thousands of tasks that tidy up after thousands that follow one another come after the last one', async () => {
  await using workspace = await workspaceWith({ '.gitignore': `${'x'.repeat(60_000)}\npackages/p7/dist\n` });
  const plan = makePlan([
    ...Array.from({ length: COUNT }, (_, at) => ({ id: `create${at}`, ...(at > 0 && { deps: [`create${at - 1}`] }), spec: { artifacts: ['shared/*.json', `packages/p${at}`] } })),
    ...Array.from({ length: COUNT }, (_, at) => ({ id: `fix${at}`, spec: { artifacts: at % 2 === 0 ? ['shared/all.json', 'shared/*.js?'] : ['.gitignore'] } })),
  ]);
  const before = performance.now();
  const findings = await checkOrder(surveyOf({ plan, workspace: workspace.directory, environment: {}, here: true }));
  const took = performance.now() - before;
  expect(findings).toHaveLength(COUNT);
  const [shared, spoken] = findings;
  expect(shared?.suggestion).toMatchObject([{ edges: [{ from: `create${COUNT - 1}`, to: 'fix0', reason: 'both have to do with shared/all.json' }] }]);
  expect(spoken?.suggestion).toMatchObject([{ edges: [{ from: 'create7', to: 'fix1', reason: 'it changes a file that speaks of packages/p7' }] }]);
  if (process.env['TASKS_TEST_TIMES']) process.stderr.write(`order of ${2 * COUNT} tasks: ${took.toFixed(0)} ms\n`);
  // Far above what it takes: a machine that does other things as well must not fail it.
  expect(took).toBeLessThan(10_000);
});
