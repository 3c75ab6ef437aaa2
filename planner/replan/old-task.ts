/** A task of the plan before, as planning again looks at it. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { TaskKind } from '../breakdown/task-draft.ts';
import type { PreviousPlan } from './previous-plan.ts';

export interface OldTask {
  readonly task: PlannedTask;
  readonly kind: TaskKind;
  readonly isFinished: boolean;
  /** Ids of the requirements that it covers, by the coverage map and by itself. */
  readonly requirements: readonly string[];
  /** Finished tasks that it adapts to a new wording; empty of all others. */
  readonly adapts: readonly string[];
}

export const oldTasks = ({ tasks: { tasks }, coverage, finished }: PreviousPlan): readonly OldTask[] => {
  const covering = new Map<string, string[]>();
  for (const { id, tasks: own } of coverage.requirements) {
    for (const task of own) {
      const known = covering.get(task);
      if (known) known.push(id);
      else covering.set(task, [id]);
    }
  }
  return tasks.map((task) => ({
    task,
    kind: kindOf(task),
    isFinished: finished.has(task.id),
    requirements: [...new Set([...(task.requirements ?? []), ...(covering.get(task.id) ?? [])])],
    adapts: adaptedBy(task),
  }));
};

/** The field that tasks of planning again carry; plans of others have none. */
export const adaptedBy = (task: PlannedTask): readonly string[] => {
  const { adapts } = task as { readonly adapts?: unknown };
  return Array.isArray(adapts) ? adapts.filter((id): id is string => typeof id === 'string') : [];
};

const HEADS: readonly (readonly [TaskKind, string])[] = [
  ['contract', 'Agree on what the parts of '],
  ['quality', 'Make measurable, measure and reach:'],
  ['verification', 'Test, against the contract,'],
  ['documentation', 'Describe "'],
  ['integration', 'All parts are there:'],
  ['implementation', 'It covers:'],
];

/** By how its description begins; of a task that somebody else has written by what it asks for. */
export const kindOf = ({ description, interfaces_produced, skillsRequired, category }: PlannedTask): TaskKind => {
  const known = HEADS.find(([, head]) => description.startsWith(head));
  if (known) return known[0];
  if (interfaces_produced.some((name) => /Contract(?::v\d{1,6})?$/.test(name))) return 'contract';
  if (skillsRequired.length === 1 && skillsRequired[0] === 'documentation') return 'documentation';
  if (skillsRequired.length === 1 && skillsRequired[0] === 'testing') return 'verification';
  return category === 'optimization' ? 'quality' : 'implementation';
};
