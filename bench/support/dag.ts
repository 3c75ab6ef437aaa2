/** The graphs of the benchmarks: commands and whom they wait for, for our side and the bare one alike. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { Dispatch, Policies, StoredPlan } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';

export interface DagTask {
  readonly id: string;
  readonly command: string;
  /** Indices of the tasks that must be done before. */
  readonly deps: readonly number[];
  /** One second unless stated, which makes the task a light one under `auto`. */
  readonly estimateMs?: number;
  readonly executor?: string;
}

export interface Dag {
  readonly name: string;
  readonly tasks: readonly DagTask[];
  readonly concurrency: number;
}

const idOf = (index: number): string => `task-${String(index)}`;

/** Mulberry32: the same graph on every machine. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const chainOf = (count: number, command = 'true'): Dag => ({
  name: `chain-${String(count)}`,
  concurrency: 1,
  tasks: Array.from({ length: count }, (_, i) => ({ id: idOf(i), command, deps: i > 0 ? [i - 1] : [] })),
});

/** Each task waits for up to three of those one to two widths before it, so that about `width` can run at any time. */
export const wideOf = (count: number, width: number, command = 'true'): Dag => {
  const random = randomOf(11);
  const deps = (i: number): number[] => {
    const reach = Math.min(width, i - width + 1);
    if (reach <= 0) return [];
    const from = i - width - reach + 1;
    return [...new Set(Array.from({ length: 3 }, () => from + Math.floor(random() * reach)))].sort((a, b) => a - b);
  };
  return {
    name: `wide-${String(count)}`,
    concurrency: width,
    tasks: Array.from({ length: count }, (_, i) => ({ id: idOf(i), command, deps: deps(i) })),
  };
};

export const flatOf = (count: number, width: number, command: string): Dag => ({
  name: `flat-${String(count)}`,
  concurrency: width,
  tasks: Array.from({ length: count }, (_, i) => ({ id: idOf(i), command, deps: [] })),
});

/** As the planner would have compiled it. */
export const planOf = (dag: Dag, dispatch: Policies['dispatch']): StoredPlan => ({
  schema: 1,
  format: 'flowops',
  graph: {
    schema: 1,
    name: `${dag.name}-${dispatch}`,
    sources: [],
    policies: { ...DEFAULT_POLICIES, concurrencyMax: dag.concurrency, dispatch },
    tasks: dag.tasks.map(({ id, deps, executor, estimateMs = 1_000 }) => ({
      id: id as TaskId,
      estimateMs,
      ...(deps.length > 0 && { deps }),
      ...(executor !== undefined && { executor }),
    })),
  },
  tasks: dag.tasks.map(({ id, command }) => ({ id: id as TaskId, command, fields: {} })),
  fields: {},
});

/** What the bare workflow takes. */
export interface BareInput {
  readonly tasks: readonly DagTask[];
  readonly concurrency: number;
  /** A child workflow with one activity for each task, or the activity alone. */
  readonly dispatch: Dispatch;
}
