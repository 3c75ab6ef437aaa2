/** Late edges on a real server: found, told, shown, and what a retry makes of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlan } from '../../planner/read/read-plan.ts';
import type { GraphNode } from '../../model/message.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { makePlan } from '../support/plan.ts';
import { startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';

/** spec/000: "Update gitignore" gains an edge on "Move apps" if the moved paths are referenced. */
const GITIGNORE = {
  name: 'move',
  tasks: [
    { id: 'update-gitignore', title: 'Update gitignore', cmd: 'true', files_scope: { reads: ['apps/web'], writes: ['.gitignore'] } },
    { id: 'move-apps', title: 'Move apps', cmd: 'true', artifacts: ['apps/**'] },
  ],
};

const written = async (plan: object): Promise<StoredPlan> => {
  const read = await readPlan({ source: { stdin: JSON.stringify(plan) } });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.plan;
};

/** A command waits for it. */
const turn = (): { readonly promise: Promise<undefined>; readonly resolve: () => void } => {
  let end: (() => void) | undefined;
  const promise = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  return { promise, resolve: () => end?.() };
};

describe.each(modes)('late edges, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test('what is moved is waited for by what refers to it, and everybody can see why', async () => {
    const moved = turn();
    rig.commands.set('move-apps', () => moved.promise);
    const execution = await rig.start(await written(GITIGNORE));
    await rig.until(execution, ({ type }) => type === 'task_started');
    expect(await rig.tasks.task(execution, 'update-gitignore')).toMatchObject({ state: 'PENDING', waitingFor: 'dependencies', waitingReason: 'waits for move-apps: it produces apps' });
    expect((await rig.tasks.frontier(execution)).waiting).toMatchObject([{ task: 'update-gitignore', waitingReason: 'waits for move-apps: it produces apps' }]);
    const graph: GraphNode[] = [];
    for await (const node of rig.tasks.graph(execution)) graph.push(node);
    expect(graph[0]).toMatchObject({ soft: ['move-apps'], late: [{ from: 'move-apps', produces: 'apps', seen: 'declared' }] });
    const exported = await rig.tasks.exportPlan(execution);
    expect(exported.plan['tasks']).toMatchObject([{ deps: [{ id: 'move-apps', type: 'soft', reason: 'late: it produces apps, and this touches apps/web' }] }, {}]);
    moved.resolve();
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    expect(rig.begun.filter((input) => input.execution === execution).map(({ task, watchesFiles }) => [task, watchesFiles])).toEqual([['move-apps', true], ['update-gitignore', true]]);
    expect((await rig.events(execution)).filter(({ type }) => type === 'late_edge')).toMatchObject([{ from: 'move-apps', to: 'update-gitignore', kind: 'soft', seen: 'declared', applied: true }]);
  });

  test('a retry waits for the task that produces what its last attempt was seen to touch', async () => {
    const produced = turn();
    let attempts = 0;
    rig.commands.set('producer', () => produced.promise);
    rig.commands.set('eager', () => {
      attempts += 1;
      return attempts > 1 ? undefined : { outcome: 'failed', failure: { reason: 'exit', class: 'transient', message: 'no such file' }, touched: ['gen/index.ts'] };
    });
    const execution = await rig.start(makePlan([{ id: 'eager' }, { id: 'producer', files: { produces: ['gen'] } }]));
    await rig.until(execution, ({ type }) => type === 'late_edge');
    produced.resolve();
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    const events = await rig.events(execution);
    const at = (wanted: (event: (typeof events)[number]) => boolean): number => events.findIndex(wanted);
    expect(events.find(({ type }) => type === 'late_edge')).toMatchObject({ from: 'producer', to: 'eager', seen: 'observed', applied: true });
    expect(at((event) => event.type === 'task_succeeded' && event.task === 'producer')).toBeLessThan(at((event) => event.type === 'task_started' && event.task === 'eager' && event.attempt === 2));
  });
});
