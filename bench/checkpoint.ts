/**
 * What checkpoints cost: one attempt that writes 100 MB in four parts and reports its progress after each, as a task
 * that is checkpoint capable and as one that is not. No server: attempt, launcher, command and disk are all there is.
 */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAttempt } from '../activities/command/attempt.ts';
import { createLauncher } from '../activities/command/launcher/launcher.ts';
import { createTaskSource } from '../activities/command/task-source.ts';
import { DEFAULT_POLICIES } from '../model/graph.ts';
import type { StoredPlan, TaskSpec } from '../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../model/ids.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { median, pickSize, ratioOf, roundsOf } from './support/rounds.ts';

const MB = pickSize(100, 8);
const ROUNDS = roundsOf(9, 2);
const PARTS = [25, 50, 75, 100];
const HASH = 'a'.repeat(64) as ContentHash;

/** `seconds` of other work between the parts: most commands do more than write. */
const command = (path: (part: number) => string, seconds: number): string =>
  ['mkdir -p out', ...PARTS.map((percent, part) => `head -c ${String((MB / PARTS.length) * 1024 * 1024)} /dev/urandom >> out/${path(part)}; sleep ${String(seconds / PARTS.length)}; echo "::tasks progress ${String(percent)}::"`)].join('\n');

const KINDS = [
  { name: 'four files, 5 s of other work', command: command((part) => `part-${String(part)}`, 5), target: true },
  { name: 'one file that grows, 5 s of other work', command: command(() => 'grows', 5), target: true },
  { name: 'four files, as fast as the disk takes them', command: command((part) => `part-${String(part)}`, 0), target: false },
];

const planOf = (spec: TaskSpec): StoredPlan => ({ schema: 1, format: 'flowops', graph: { schema: 1, name: 'bench', tasks: [], sources: [], policies: DEFAULT_POLICIES }, tasks: [spec], fields: {} });
const storeOf = (plan: StoredPlan): PlanStore => ({ location: 'none', put: () => Promise.resolve(HASH), get: () => Promise.resolve(plan), list: () => Promise.resolve([]), delete: () => Promise.resolve() });

await using launcher = createLauncher({ entry: join(process.cwd(), 'dist/activities/command/launcher/launcher-main.js') });

interface Measured {
  readonly seconds: number;
  /** Of the worker's process: hashes and copies. */
  readonly cpuSeconds: number;
  readonly made: number;
}

const measure = async (text: string, isCapable: boolean): Promise<Measured> => {
  const workspace = await realpath(await mkdtemp(join(tmpdir(), 'tasks-bench-checkpoint-')));
  const task = 'T1' as TaskId;
  const spec: TaskSpec = { id: task, command: text, artifacts: ['out'], fields: {}, ...(isCapable && { checkpoints: {} }) };
  const attempt = createAttempt({ source: createTaskSource(storeOf(planOf(spec))), launcher, worker: 'bench', host: 'bench', environment: process.env });
  const begun = performance.now();
  const before = process.cpuUsage();
  const input = { execution: 'bench' as ExecutionId, task, attempt: 1, source: HASH, executor: 'command', workspace, timeoutMs: 600_000, graceMs: 1_000, firstRunId: 'bench' };
  const { outcome, checkpoints = [] } = await attempt(input, { signal: new AbortController().signal });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begun) / 1_000;
  await rm(workspace, { recursive: true, force: true });
  // A command that is done in an instant crosses several percentages at once, and one checkpoint stands for them.
  if (outcome !== 'succeeded' || checkpoints.length > 0 !== isCapable || checkpoints.some(({ stored }) => stored === false)) throw new Error(`${outcome}, ${String(checkpoints.length)} checkpoints`);
  return { seconds, cpuSeconds: (user + system) / 1_000_000, made: checkpoints.length };
};

const figuresOf = async ({ name, command: text, target }: (typeof KINDS)[number]): Promise<readonly Figure[]> => {
  const sides: readonly [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turns, so that what else the machine does touches them alike.
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) (side === 0 ? sides[0] : sides[1]).push(await measure(text, side === 0));
    process.stderr.write(`  ${name}, round ${String(round + 1)} of ${String(ROUNDS)}: ${(sides[0].at(-1)?.seconds ?? 0).toFixed(2)} s with, ${(sides[1].at(-1)?.seconds ?? 0).toFixed(2)} s without\n`);
  }
  const seconds = (side: readonly Measured[]): readonly number[] => side.map((one) => one.seconds);
  const cpu = (side: readonly Measured[]): number => median(side.map((one) => one.cpuSeconds));
  return [
    { name: `${name}: with checkpoints at 25, 50 and 75 %`, value: median(seconds(sides[0])), unit: 's', baseline: { name: 'without', value: median(seconds(sides[1])) } },
    { name: '  overhead', value: (ratioOf(seconds(sides[0]), seconds(sides[1])) - 1) * 100, unit: '%', ...(target && { target: { atMost: 5 } }) },
    { name: '  checkpoints made', value: median(sides[0].map(({ made }) => made)), unit: 'checkpoints' },
    { name: "  the worker's own CPU", value: cpu(sides[0]), unit: 's', baseline: { name: 'without', value: cpu(sides[1]) } },
  ];
};

const figures: Figure[] = [];
for (const kind of KINDS) figures.push(...(await figuresOf(kind)));
report('checkpoint', figures);
