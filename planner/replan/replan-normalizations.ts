/** The record of tasks that were cut or joined, of a plan that goes on: what was so before, and what is now. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Piece } from '../breakdown/normalise.ts';
import { MAX_HOURS, MIN_HOURS } from '../breakdown/normalise.ts';
import type { TaskDraft } from '../breakdown/task-draft.ts';
import type { Normalization } from '../prose/prose-input.ts';
import type { PreviousPlan } from './previous-plan.ts';

export interface ReplanNormalizationsOptions {
  readonly tasks: readonly PlannedTask[];
  /** Drafts of the whole document, and pieces of them by the id of the task that they are. */
  readonly whole: readonly TaskDraft[];
  readonly matched: ReadonlyMap<string, Piece>;
  readonly previous: PreviousPlan;
}

const PIECE = /^(.*\d)[a-z]$/;

export const replanNormalizations = ({ tasks, whole, matched, previous }: ReplanNormalizationsOptions): readonly Normalization[] => {
  const families = new Map<string, PlannedTask[]>();
  for (const task of tasks) {
    const base = PIECE.exec(task.id)?.[1];
    if (base === undefined) continue;
    const own = families.get(base);
    if (own) own.push(task);
    else families.set(base, [task]);
  }
  const splits = [...families].map(([id, pieces]): Normalization => {
    const draft = pieces.map((piece) => whole[matched.get(piece.id)?.of ?? -1]).find((each) => each !== undefined);
    const title = draft?.title ?? (pieces[0]?.title ?? '').replace(/, part \d{1,3} of \d{1,3}$/, '');
    return { kind: 'split', before: [{ id, title, hours: draft?.hours ?? hoursOf(pieces) }], after: pieces.map(briefly), reason: `> ${MAX_HOURS}h` };
  });
  return [...splits, ...merges(tasks, previous)];
};

/** Those of the plan before, of tasks that are still there. */
const merges = (tasks: readonly PlannedTask[], { tasks: { meta } }: PreviousPlan): readonly Normalization[] =>
  meta.autonormalization.merged.flatMap((line): readonly Normalization[] => {
    const ids = (line.split(' ')[0] ?? '').split(',');
    const task = tasks.find(({ id }) => id === ids[0]);
    if (!task || ids.length < 2) return [];
    return [{ kind: 'merge', before: ids.map((id) => ({ ...briefly(task), id })), after: [briefly(task)], reason: `< ${MIN_HOURS}h` }];
  });

const briefly = ({ id, title, duration }: PlannedTask): Normalization['after'][number] => ({ id, title, hours: duration.mostLikely });
const hoursOf = (tasks: readonly PlannedTask[]): number => tasks.reduce((sum, { duration }) => sum + duration.mostLikely, 0);
