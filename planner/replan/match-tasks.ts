/** Which task of the plan before a new draft is: of the same kind, with the most requirements in common. One to one. */
import type { TaskKind } from '../breakdown/task-draft.ts';
import type { Piece } from '../breakdown/normalise.ts';
import type { OldTask } from './old-task.ts';

/** A feature has one of each, and a plan one that puts all together, whatever they cite. */
const ONE_OF_A_FEATURE: ReadonlySet<TaskKind> = new Set<TaskKind>(['contract', 'verification', 'documentation', 'quality']);

interface Pair {
  readonly piece: Piece;
  readonly place: number;
  readonly old: OldTask;
  readonly shared: number;
  /** Of all that either of them has. */
  readonly share: number;
}

/** By id of the task. Ties by id, then by the order of the drafts. */
export const matchTasks = (pieces: readonly Piece[], tasks: readonly OldTask[]): ReadonlyMap<string, Piece> => {
  const covering = new Map<string, OldTask[]>();
  for (const task of tasks) {
    for (const id of task.requirements) {
      const own = covering.get(id);
      if (own) own.push(task);
      else covering.set(id, [task]);
    }
  }
  const pairs: Pair[] = [];
  for (const [place, piece] of pieces.entries()) {
    const counts = new Map<OldTask, number>();
    for (const { id } of piece.draft.units) for (const old of covering.get(id) ?? []) if (old.kind === piece.draft.kind) counts.set(old, (counts.get(old) ?? 0) + 1);
    for (const [old, shared] of counts) pairs.push({ piece, place, old, shared, share: shared / (piece.draft.units.length + old.requirements.length - shared) });
  }
  const found = new Map<string, Piece>();
  const taken = new Set<Piece>();
  const put = (old: OldTask, piece: Piece): void => {
    found.set(old.task.id, piece);
    taken.add(piece);
  };
  for (const { piece, old } of pairs.sort((a, b) => b.shared - a.shared || b.share - a.share || byId(a.old, b.old) || a.place - b.place)) if (!found.has(old.task.id) && !taken.has(piece)) put(old, piece);
  for (const old of tasks) {
    const isOne = ONE_OF_A_FEATURE.has(old.kind);
    if (found.has(old.task.id) || (!isOne && old.kind !== 'integration')) continue;
    const piece = pieces.find((each) => !taken.has(each) && each.draft.kind === old.kind && (!isOne || each.draft.feature.feature.id === old.task.feature_id));
    if (piece) put(old, piece);
  }
  return found;
};

const byId = ({ task: { id: a } }: OldTask, { task: { id: b } }: OldTask): number => (a < b ? -1 : a > b ? 1 : 0);
