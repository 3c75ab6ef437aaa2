/** Hot updates of executions that are busy, beside an update that does nothing, of a bare workflow as busy. */
import { createState } from '../scheduler/create-state.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import type { ContentHash, TaskId } from '../model/ids.ts';
import { tasksToUpdate } from '../model/patch-payload.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import { previewPatch } from '../scheduler/preview-patch.ts';
import { startBenchServer } from './support/bench-server.ts';
import { flatOf, planOf } from './support/dag.ts';
import type { Dag } from './support/dag.ts';
import { quantile, report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { median, pickSize, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';
import type { Side } from './support/side.ts';

const UPDATES = pickSize(30, 6);
const ROUNDS = roundsOf(3, 1);

/** One task and two edges: to it from the last two, which are not done yet. */
const patchOf = (id: string, dag: Dag): unknown => {
  const deps = dag.tasks.slice(-2).map((task) => task.id);
  return { id, op: 'inject_task', task: { id: `injected-${id}`, title: 'injected', cmd: 'true', estimate_minutes: 0.01, deps } };
};

interface Times {
  /** Until the update's answer, and until a query that was sent then has shown it. */
  readonly answered: number[];
  readonly visible: number[];
}

/** Updates one after another, while the graph is being walked. */
const during = async (side: Side, dag: Dag, update: (workflowId: string, turn: number, times: Times) => Promise<void>): Promise<Times> => {
  const started = await side.start(dag);
  const times: Times = { answered: [], visible: [] };
  const until = { ended: false };
  const ended = started.ended.catch(() => undefined).then(() => {
    until.ended = true;
    return undefined;
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 1_000);
  });
  for (let turn = 0; turn < UPDATES && !until.ended; turn += 1) await update(started.workflowId, turn, times);
  if (until.ended) process.stderr.write(`  ended after ${String(times.answered.length)} updates\n`);
  const handle = server.client.workflow.getHandle(started.workflowId);
  await handle.terminate().catch(() => undefined);
  await ended;
  return times;
};

await using server = await startBenchServer();

const measurePatches = async (dag: Dag): Promise<Times> => {
  await using ours = await startOurs({ server });
  return await during(ours, dag, async (workflowId, turn, times) => {
    const execution = ours.executionOf({ workflowId, ended: Promise.resolve(0) });
    const begun = performance.now();
    const { version } = await ours.tasks.patch(execution, patchOf(`p${String(turn)}`, dag));
    times.answered.push(performance.now() - begun);
    const frontier = await ours.tasks.frontier(execution);
    times.visible.push(performance.now() - begun);
    if (frontier.version < version) throw new Error('the patch was answered and is not to be seen');
  });
};

const measureNothing = async (dag: Dag): Promise<Times> => {
  await using bare = await startBare({ server });
  return await during(bare, dag, async (workflowId, _turn, times) => {
    const begun = performance.now();
    await server.bareClient.workflow.getHandle(workflowId).executeUpdate('nothing');
    times.answered.push(performance.now() - begun);
  });
};

interface Both {
  readonly patches: Times;
  readonly nothing: readonly number[];
  /** Median of the rounds' ratios. */
  readonly ratio: number;
}

const measure = async (dag: Dag): Promise<Both> => {
  const patches: Times = { answered: [], visible: [] };
  const nothing: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await measurePatches(dag);
    const bare = await measureNothing(dag);
    patches.answered.push(...ours.answered);
    patches.visible.push(...ours.visible);
    nothing.push(...bare.answered);
    ratios.push(median(ours.answered) / median(bare.answered));
    process.stderr.write(`  ${dag.name}: patch ${median(ours.answered).toFixed(0)} ms, nothing ${median(bare.answered).toFixed(0)} ms\n`);
  }
  return { patches, nothing, ratio: median(ratios) };
};

const SOURCE = 'a'.repeat(64) as ContentHash;

const begunScheduler = (dag: Dag): Scheduler => {
  const { graph } = planOf(dag, 'child');
  const scheduler = new Scheduler(createState({ graph: { ...graph, sources: [SOURCE] }, seed: 'bench', now: 0 }));
  scheduler.apply({ type: 'begin' }, 0);
  return scheduler;
};

/** What a patch costs us by itself: reading it, and the scheduler's step. */
const ownTimes = (dag: Dag, payloadOf: (turn: number) => unknown): number[] => {
  const scheduler = begunScheduler(dag);
  return Array.from({ length: 100 }, (_, turn) => {
    const payload = payloadOf(turn);
    const present = new Map(tasksToUpdate(payload).map((id) => [id, { source: SOURCE, spec: { id: id as TaskId, fields: { cmd: 'true' } } }]));
    const begun = performance.now();
    const parsed = parsePatch(payload, { fallbackId: `own-${String(turn)}`, present });
    if (!parsed.ok || !scheduler.apply({ type: 'patch', patch: { ...parsed.value.patch, source: SOURCE } }, 0).receipt) throw new Error('the patch was refused');
    return performance.now() - begun;
  });
};

const previewTimes = (dag: Dag): number[] => {
  const { state } = begunScheduler(dag);
  return Array.from({ length: 20 }, () => {
    const begun = performance.now();
    previewPatch(state, { id: 'preview', tasks: [], edges: [], cancelled: [{ task: dag.tasks.at(-1)?.id as TaskId }] }, 0);
    return performance.now() - begun;
  });
};

const figures = (name: string, { patches, nothing, ratio }: Both, targets: { readonly visibleMs?: number; readonly ratio?: number }): Figure[] => [
  { name: `${name}: patch answered, p50`, value: median(patches.answered), unit: 'ms', baseline: { name: 'an update that does nothing, bare', value: median(nothing) } },
  { name: `  p95`, value: quantile(patches.answered, 0.95), unit: 'ms', baseline: { name: 'the same', value: quantile(nothing, 0.95) } },
  { name: `  and seen by a query of the frontier, p50`, value: median(patches.visible), unit: 'ms', ...(targets.visibleMs !== undefined && { target: { atMost: targets.visibleMs } }) },
  { name: `  as a ratio of answers`, value: ratio, unit: 'x bare', ...(targets.ratio !== undefined && { target: { atMost: targets.ratio } }) },
];

const many = pickSize(5_000, 1_000);
const calm = { ...flatOf(200, 8, 'sleep 2'), name: '8 commands of 2 s' };
const busy = { ...flatOf(many, 8, 'true'), name: '8 wide without a pause' };
const full = { ...flatOf(many, 50, 'true'), name: '50 wide without a pause' };
report('patch', [
  ...figures('8 commands of 2 s at a time', await measure(calm), { visibleMs: 100 }),
  ...figures('8 wide, commands that do nothing', await measure(busy), {}),
  ...figures('50 wide, commands that do nothing', await measure(full), { ratio: 1.5 }),
  { name: `own time of a patch, graph of ${String(many)} tasks, p50`, value: median(ownTimes(full, (turn) => patchOf(`own-${String(turn)}`, full))), unit: 'ms', target: { atMost: 5 } },
  { name: `  of one that changes a ready task`, value: median(ownTimes(full, (turn) => ({ op: 'update_task', task: full.tasks.at(-1 - turn)?.id, changes: { estimate_minutes: turn } }))), unit: 'ms' },
  { name: `  of a look at what one would do`, value: median(previewTimes(full)), unit: 'ms' },
]);
