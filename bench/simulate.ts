/**
 * The scheduler as a solver of scheduling problems: PSPLIB's instances, simulated, beside their optimum and beside a plain
 * first come, first served of the same rules. Nobody asks it for optima; it must not be worse than no order at all.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_POLICIES } from '../model/graph.ts';
import type { Graph, GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import { simulate } from '../planner/simulate/simulate.ts';
import { GraphIndex } from '../scheduler/graph-index.ts';
import { report } from './support/report.ts';
import { isQuick } from './support/rounds.ts';

const UNIT_MS = 3_600_000;
/** As plans have it: a task that has waited for a quarter of the longest chain is lifted one class. */
const CLASSES = 4;
const QUICK = 48;
const directory = join(process.env['TASKS_TEST_DATA'] ?? join(process.cwd(), '..', 'shared', 'data'), 'psplib');

interface Job {
  readonly duration: number;
  readonly units: readonly number[];
  readonly successors: readonly number[];
}

interface Instance {
  readonly jobs: readonly Job[];
  readonly capacities: readonly number[];
}

const numbers = (line: string): readonly number[] => line.trim().split(/\s+/u).map(Number);

const section = (lines: readonly string[], title: string): readonly (readonly number[])[] => {
  const from = lines.findIndex((line) => line.startsWith(title));
  return lines.slice(from + 1).slice(0, lines.slice(from + 1).findIndex((line) => line.startsWith('***'))).filter((line) => /^\s*\d/u.test(line)).map(numbers);
};

const parse = (text: string): Instance => {
  const lines = text.split(/\r?\n/u);
  const successors = new Map(section(lines, 'PRECEDENCE RELATIONS').map(([job = 0, , , ...after]) => [job, after.map((each) => each - 1)]));
  return {
    jobs: section(lines, 'REQUESTS/DURATIONS').map(([job = 0, , duration = 0, ...units]) => ({ duration, units, successors: successors.get(job) ?? [] })),
    capacities: section(lines, 'RESOURCEAVAILABILITIES')[0] ?? [],
  };
};

const nameOf = (resource: number): string => `R${resource + 1}`;

const graphOf = ({ jobs, capacities }: Instance): Graph => {
  const deps: number[][] = jobs.map(() => []);
  for (const [from, { successors }] of jobs.entries()) for (const to of successors) deps[to]?.push(from);
  const graph: Graph = {
    schema: 1,
    name: 'psplib',
    sources: [],
    policies: { ...DEFAULT_POLICIES, concurrencyMax: jobs.length },
    resources: capacities.map((capacity, at) => ({ name: nameOf(at), mode: 'semaphore', capacity, scope: 'execution' })),
    tasks: jobs.map(({ duration, units }, at): GraphTask => ({ id: `J${String(at + 1).padStart(3, '0')}` as TaskId, deps: deps[at] ?? [], estimateMs: duration * UNIT_MS, asks: units.flatMap((each, resource) => (each > 0 ? [{ resource: nameOf(resource), units: each, access: 'write' as const }] : [])) })),
  };
  return { ...graph, policies: { ...graph.policies, ageingMs: new GraphIndex(graph).criticalPathMs / CLASSES } };
};

const ours = (instance: Instance): number => simulate({ graph: graphOf(instance), durations: (index) => (instance.jobs[index]?.duration ?? 0) * UNIT_MS }).endsAt / UNIT_MS;

/** Who became ready first starts first; who does not fit stops nobody. */
const firstComeFirstServed = ({ jobs, capacities }: Instance): number => {
  const missing = jobs.map(() => 0);
  for (const { successors } of jobs) for (const to of successors) missing[to] = (missing[to] ?? 0) + 1;
  const free = [...capacities];
  let ready = [...missing.keys()].filter((job) => missing[job] === 0);
  const running: { readonly job: number; readonly endsAt: number }[] = [];
  let now = 0;
  const fits = (job: number): boolean => (jobs[job]?.units ?? []).every((units, resource) => units <= (free[resource] ?? 0));
  const take = (job: number, sign: 1 | -1): void => {
    for (const [resource, units] of (jobs[job]?.units ?? []).entries()) free[resource] = (free[resource] ?? 0) - sign * units;
  };
  for (;;) {
    const left: number[] = [];
    for (const job of ready) {
      if (!fits(job)) left.push(job);
      else {
        take(job, 1);
        running.push({ job, endsAt: now + (jobs[job]?.duration ?? 0) });
      }
    }
    ready = left;
    running.sort((a, b) => a.endsAt - b.endsAt || a.job - b.job);
    const ended = running.shift();
    if (!ended) return now;
    now = ended.endsAt;
    take(ended.job, -1);
    for (const to of jobs[ended.job]?.successors ?? []) {
      missing[to] = (missing[to] ?? 0) - 1;
      if (missing[to] === 0) ready.push(to);
    }
  }
};

/** Of open instances the best that is known. */
const optima = async (set: string): Promise<readonly (readonly [file: string, optimum: number])[]> => {
  const rows = (await readFile(join(directory, set, 'optimum.csv'), 'utf8')).trim().split(/\r?\n/u).slice(1);
  return rows.map((row) => row.split(',')).map(([file = '', value = '']) => [file, Number(value.split('..').at(-1))]);
};

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

const measure = async (): Promise<void> => {
  const figures = [];
  for (const set of ['j30', 'j60']) {
    const all = await optima(set);
    const some = isQuick() ? all.filter((_, at) => at % Math.ceil(all.length / QUICK) === 0) : all;
    const gaps: { ours: number; baseline: number; ms: number }[] = [];
    for (const [file, optimum] of some) {
      const instance = parse(await readFile(join(directory, set, file), 'utf8'));
      const begun = performance.now();
      const own = ours(instance);
      const ms = performance.now() - begun;
      if (own < optimum) throw new Error(`${file}: ${String(own)} is less than the optimum ${String(optimum)}: the simulation breaks a rule`);
      gaps.push({ ours: 100 * (own / optimum - 1), baseline: 100 * (firstComeFirstServed(instance) / optimum - 1), ms });
    }
    figures.push(
      { name: `${set} (${String(gaps.length)} instances): makespan over the optimum`, value: mean(gaps.map((gap) => gap.ours)), unit: '%', baseline: { name: 'first come, first served', value: mean(gaps.map((gap) => gap.baseline)) } },
      { name: `${set}: optimal ones`, value: (100 * gaps.filter((gap) => gap.ours < 1e-9).length) / gaps.length, unit: '%', baseline: { name: 'first come, first served', value: (100 * gaps.filter((gap) => gap.baseline < 1e-9).length) / gaps.length } },
      { name: `${set}: a walk`, value: mean(gaps.map((gap) => gap.ms)), unit: 'ms' },
    );
  }
  report('simulate', figures);
};

if (existsSync(directory)) await measure();
else console.log(`\nsimulate\n  skipped: there is no ${directory}; TASKS_TEST_DATA names the directory that holds psplib/`);
