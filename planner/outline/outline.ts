/** A plan in short, whatever its format: what is done, how long it takes, after what, and what it writes. */
import { DEFAULT_ESTIMATE_MS } from '../../model/graph.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { isRecord } from '../read/read-task.ts';
import { orderOf } from '../../scheduler/graph/order.ts';

export interface OutlineTask {
  readonly id: string;
  readonly title: string;
  readonly hours: number;
  /** Ids that gate it, and those that only order. */
  readonly after: readonly string[];
  readonly afterSoft: readonly string[];
  readonly writes: readonly string[];
  /** What it belongs to: a feature, or a phase. */
  readonly group?: string;
  /** Tasks before it on the longest chain. */
  readonly level: number;
}

export interface Outline {
  readonly name: string;
  readonly format: StoredPlan['format'];
  readonly tasks: readonly OutlineTask[];
  readonly dependencies: number;
  /** Of all tasks, and of those on the longest chain by time. */
  readonly hours: number;
  readonly criticalHours: number;
  readonly levels: number;
}

const HOUR_MS = 3_600_000;

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);

const writesOf = (fields: Readonly<Record<string, unknown>>): readonly string[] => {
  const { files_scope: scope } = fields;
  return isRecord(scope) ? [...textsIn(scope['writes']), ...textsIn(scope['write'])] : [];
};

const groupOf = (fields: Readonly<Record<string, unknown>>): string | undefined => ['feature_id', 'phase_id'].map((key) => fields[key]).find((value): value is string => typeof value === 'string');

export const outlineOf = ({ graph, tasks: specs, format }: StoredPlan): Outline => {
  const { order, level } = orderOf(graph.tasks.map(({ deps = [] }) => deps));
  const hoursAt = (index: number): number => (graph.tasks[index]?.estimateMs ?? DEFAULT_ESTIMATE_MS) / HOUR_MS;
  const ends = graph.tasks.map(() => 0);
  for (const index of order) ends[index] = hoursAt(index) + Math.max(0, ...(graph.tasks[index]?.deps ?? []).map((dep) => ends[dep] ?? 0));
  const idsOf = (indices: readonly number[] = []): readonly string[] => indices.map((index) => graph.tasks[index]?.id ?? '');
  const tasks = graph.tasks.map((task, index): OutlineTask => {
    const fields = specs[index]?.fields ?? {};
    const group = groupOf(fields);
    return { id: task.id, title: specs[index]?.title ?? task.title ?? task.id, hours: hoursAt(index), after: idsOf(task.deps), afterSoft: idsOf(task.soft), writes: writesOf(fields), level: Math.max(0, level[index] ?? 0), ...(group !== undefined && { group }) };
  });
  return {
    name: graph.name,
    format,
    tasks,
    dependencies: tasks.reduce((sum, { after, afterSoft }) => sum + after.length + afterSoft.length, 0),
    hours: tasks.reduce((sum, { hours }) => sum + hours, 0),
    criticalHours: ends.reduce((most, end) => Math.max(most, end), 0),
    levels: tasks.reduce((most, { level: own }) => Math.max(most, own + 1), 0),
  };
};
