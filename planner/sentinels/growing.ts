/** A draft with its edges as indices, while sentinels and canaries are put into it. */
import { taskSchema } from '../../model/task.schema.ts';
import type { Draft, DraftTask, Findings } from '../read/draft.ts';
import { readTask } from '../read/read-task.ts';
import { problemAt } from '../read/source.ts';
import { quote } from '../read/words.ts';
import type { Mark } from '../../model/sentinel.ts';
import { markOf } from '../../model/sentinel.ts';
import type { Look } from './map-sentinels.ts';

export interface Growing {
  readonly tasks: DraftTask[];
  readonly hard: number[][];
  readonly soft: number[][];
  /** Index of each id. */
  readonly ids: Map<string, number>;
}

export const growing = (draft: Draft, preds: { readonly hard: readonly (readonly number[])[]; readonly soft: readonly (readonly number[])[] }): Growing => ({
  tasks: [...draft.tasks],
  hard: preds.hard.map((list) => [...list]),
  soft: preds.soft.map((list) => [...list]),
  ids: new Map(draft.tasks.map(({ id }, index) => [id, index])),
});

/** The plan's own work: what is looked at. */
export const worksOf = ({ tasks }: Pick<Growing, 'tasks'>): readonly number[] => [...tasks.keys()].filter((index) => markOf(tasks[index]?.node ?? {}) === undefined);

/** Read once, as any task is; what is wrong with it is in `findings`. */
export const templateOf = (look: Look, mark: Mark, findings: Findings): DraftTask | undefined => {
  const raw = { ...look.written, id: `${mark.toUpperCase()}.${look.name}`, labels: [mark, 'diagnostic'] };
  return readTask({ raw, where: look.where, schema: taskSchema, findings })?.task;
};

export interface Placed {
  readonly id: string;
  /** Unless the look has a title of its own. */
  readonly title: string;
  readonly after: readonly number[];
  readonly softlyAfter?: readonly number[];
}

/**
 * The index of the new task. Undefined when the plan has it already, as an exported plan does, or when something
 * else has its id: that is a problem.
 */
export const place = (graph: Growing, template: DraftTask, { id, title, after, softlyAfter = [] }: Placed, findings: Findings): number | undefined => {
  const other = graph.tasks[graph.ids.get(id) ?? -1];
  if (other) {
    if (markOf(other.node) === undefined) findings.problems.push(problemAt({ code: 'TASKS1202', message: `a task has the id ${quote(id)}, which a sentinel or a canary of the policies takes`, where: other.where, hint: 'Rename the task.' }));
    return undefined;
  }
  const named = template.node.title ?? title;
  const waves = after.map((index) => graph.tasks[index]?.node.wave);
  const wave = waves.every((each) => each !== undefined) ? Math.max(...waves) : undefined;
  const task: DraftTask = {
    ...template,
    id,
    node: { ...template.node, title: named, ...(wave !== undefined && { wave }) },
    spec: { ...template.spec, title: named, fields: { ...template.spec.fields, id, title: named } },
  };
  graph.ids.set(id, graph.tasks.length);
  graph.hard.push([...after]);
  graph.soft.push([...softlyAfter]);
  return graph.tasks.push(task) - 1;
};

/** Nothing in `behind` starts before `by` has succeeded: an edge wherever no hard dependency says so already. */
export const hold = (graph: Growing, behind: ReadonlySet<number>, by: number): void => {
  for (const index of behind) {
    const before = graph.hard[index];
    if (before && !before.some((pred) => behind.has(pred))) before.push(by);
  }
};
