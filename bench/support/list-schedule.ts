/** Wall times of ideal schedules: every task takes its duration and not a moment more. */
import { createState } from '../../scheduler/create-state.ts';
import type { Decision } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { planOf } from './dag.ts';
import type { Dag } from './dag.ts';

/** In the order that our scheduler has: what the execution would do if nothing but the commands took time. */
export const idealOf = ({ dag, durationsMs }: { readonly dag: Dag; readonly durationsMs: readonly number[] }): number => {
  const scheduler = new Scheduler(createState({ graph: planOf(dag, 'child').graph, seed: 'bench', now: 0 }));
  const running: { readonly start: Decision & { readonly type: 'start' }; readonly begunAt: number; readonly endsAt: number }[] = [];
  let now = 0;
  const obey = (decisions: readonly Decision[]): void => {
    for (const start of decisions) {
      if (start.type !== 'start') continue;
      running.push({ start, begunAt: now, endsAt: now + (durationsMs[start.index] ?? 0) });
      const { index, attempt, dispatch } = start;
      obey(scheduler.apply({ type: 'started', index, attempt, dispatch }, now).decisions);
    }
  };
  obey(scheduler.apply({ type: 'begin' }, 0).decisions);
  while (running.length > 0) {
    running.sort((a, b) => a.endsAt - b.endsAt);
    const ended = running.shift();
    if (!ended) break;
    const { start, begunAt, endsAt } = ended;
    now = endsAt;
    const result = { task: start.task, attempt: start.attempt, outcome: 'succeeded', startedAt: begunAt, finishedAt: now, worker: '', host: '', tail: '' } as const;
    obey(scheduler.apply({ type: 'ended', index: start.index, result }, now).decisions);
  }
  return now;
};

/** Of the list schedule in which a free place takes the ready task with the longest path from its start to the end. */
export const listSchedule = ({ dag, durationsMs }: { readonly dag: Dag; readonly durationsMs: readonly number[] }): number => {
  const { tasks, concurrency } = dag;
  const successors: number[][] = tasks.map(() => []);
  const missing = tasks.map(({ deps }) => deps.length);
  for (const [to, { deps }] of tasks.entries()) for (const from of deps) successors[from]?.push(to);
  const order = [...missing.keys()].filter((index) => missing[index] === 0);
  const left = [...missing];
  for (const index of order) {
    for (const to of successors[index] ?? []) {
      left[to] = (left[to] as number) - 1;
      if (left[to] === 0) order.push(to);
    }
  }
  const duration = (index: number): number => durationsMs[index] ?? 0;
  const after = tasks.map(() => 0);
  for (const index of order.toReversed()) {
    after[index] = Math.max(0, ...(successors[index] ?? []).map((to) => duration(to) + (after[to] ?? 0)));
  }
  const rank = (index: number): number => duration(index) + (after[index] ?? 0);
  const ready = [...missing.keys()].filter((index) => missing[index] === 0);
  const running: { readonly index: number; readonly endsAt: number }[] = [];
  let now = 0;
  while (ready.length > 0 || running.length > 0) {
    ready.sort((a, b) => rank(b) - rank(a));
    while (ready.length > 0 && running.length < concurrency) {
      const index = ready.shift() as number;
      running.push({ index, endsAt: now + duration(index) });
    }
    running.sort((a, b) => a.endsAt - b.endsAt);
    const ended = running.shift();
    if (!ended) break;
    now = ended.endsAt;
    for (const to of successors[ended.index] ?? []) {
      missing[to] = (missing[to] as number) - 1;
      if (missing[to] === 0) ready.push(to);
    }
  }
  return now;
};
