/** A document, a code base and a drafter to a plan: what `tasks plan --drafter` does. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cachedDrafter } from '../../../client/drafters/cache.ts';
import { planDocument } from '../../../client/planning/plan-document.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import { recordedDrafter, SPEC } from '../../planner/drafters/rig.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drafting-'));
  await mkdir(join(directory, 'code', 'src'), { recursive: true });
  await writeFile(join(directory, 'code', 'src', 'session-store.ts'), 'export class SessionStore {}\nexport interface Ledger { entries: string[] }\n');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const plan = (drafter?: Drafter, isReplay = false) =>
  planDocument({
    document: { name: 'spec.md', bytes: new TextEncoder().encode(SPEC) },
    codebase: join(directory, 'code'),
    home: join(directory, 'plan'),
    options: { minConfidence: 0.7, maxWaveSize: 30, maxConcurrent: 4, executionModel: 'rolling_frontier' },
    environment: {},
    ...(drafter && { drafting: { drafter, secrets: [], isReplay, signal: new AbortController().signal } }),
  });
const bundleOf = (made: Awaited<ReturnType<typeof plan>>) => {
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
};

it('takes what holds of a draft, and the graph is acyclic', async () => {
  for (const name of ['good', 'careless', 'cyclic', 'unknown-reuse']) {
    const { bundle } = bundleOf(await plan(recordedDrafter(name)));
    const { tasks, dependencies } = bundle.tasks;
    expect(tasks.map(({ title }) => title)).toContain('Add the passcode login in SessionStore');
    expect(bundle.coverage.normative).toBe(1);
    const ids = tasks.map(({ id }) => id);
    expect(orderOf(ids.map((to) => dependencies.filter((each) => each.isHard && each.to === to).map(({ from }) => ids.indexOf(from)))).acyclic).toBe(true);
  }
});

it('is the plan of the rules, with a warning, where nothing holds', async () => {
  const made = bundleOf(await plan(recordedDrafter('garbage')));
  expect(made.bundle).toEqual(bundleOf(await plan()).bundle);
  expect(made.warnings[0]).toBe('[TASKS1608] the drafter recorded: none of its 3 answers was usable');
});

it('is the same plan again from the cache, and none where the cache has no answer', async () => {
  const drafter = recordedDrafter('false-quote', 'good');
  const cache = join(directory, 'cache');
  const first = bundleOf(await plan(cachedDrafter({ drafter, directory: cache })));
  const asked = drafter.asked.length;
  expect(bundleOf(await plan(cachedDrafter({ drafter, directory: cache, isOnly: true }), true))).toEqual(first);
  expect(drafter.asked).toHaveLength(asked);
  expect(await plan(cachedDrafter({ drafter, directory: join(directory, 'empty'), isOnly: true }), true)).toMatchObject({ ok: false, error: [{ code: 'TASKS1608' }] });
});
