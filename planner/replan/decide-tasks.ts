/** What becomes of each task of the plan before: it stays, it is drafted anew under its id, or nothing of it is left. */
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import { draftOne } from '../breakdown/draft-tasks.ts';
import type { DraftingContext } from '../breakdown/draft-tasks.ts';
import type { Piece } from '../breakdown/normalise.ts';
import { piecesOf } from '../breakdown/normalise.ts';
import type { TaskKind } from '../breakdown/task-draft.ts';
import type { FeatureWork } from '../breakdown/work-items.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import { asDraft } from './as-draft.ts';
import type { OldTask } from './old-task.ts';
import { workOfOne } from './restrict-work.ts';

export type Decision =
  | { readonly kind: 'kept'; readonly old: OldTask }
  /** The first piece has the old id; there are several only when it has grown beyond what a task may be. `piece`: of the new document, as it is. */
  | { readonly kind: 'redrafted'; readonly old: OldTask; readonly pieces: readonly Piece[]; readonly piece?: Piece }
  | { readonly kind: 'adapting'; readonly old: OldTask; readonly units: readonly RequirementUnit[] }
  | { readonly kind: 'dropped'; readonly old: OldTask };

export interface DecideTasksOptions {
  readonly tasks: readonly OldTask[];
  /** What the document would be made of, by the id of the task that it is. */
  readonly matched: ReadonlyMap<string, Piece>;
  readonly units: ReadonlyMap<string, RequirementUnit>;
  /** Requirements of which the words, or the id in the document, are others. */
  readonly touched: ReadonlySet<string>;
  /** Requirements that no task covers yet. */
  readonly open: ReadonlySet<string>;
  readonly work: readonly FeatureWork[];
  readonly draftOf: (feature: string) => FeatureDraft;
  readonly context: DraftingContext;
  /** Tasks that nothing was asked of are drafted anew as well: the code base may have more to offer. */
  readonly isRefreshing: boolean;
}

export interface DecidedTasks {
  /** In the order of the plan before; finished tasks are kept. */
  readonly decisions: readonly Decision[];
  /** New requirements that tasks of the plan before take in, by the kind of the task. */
  readonly claimed: ReadonlyMap<TaskKind, ReadonlySet<string>>;
  /** Pieces that old tasks have become as they are. */
  readonly used: ReadonlyMap<Piece, string>;
}

export const decideTasks = (options: DecideTasksOptions): DecidedTasks => {
  const claimed = new Map<TaskKind, Set<string>>();
  const used = new Map<Piece, string>();
  const decisions = options.tasks.map((old): Decision => {
    if (old.isFinished || old.requirements.length === 0) return { kind: 'kept', old };
    const decision = decide(old, options);
    if (decision.kind !== 'redrafted') return decision;
    if (decision.piece) used.set(decision.piece, old.task.id);
    const own = claimed.get(old.kind) ?? new Set<string>();
    for (const { draft } of decision.pieces) for (const { id } of draft.units) if (options.open.has(id)) own.add(id);
    claimed.set(old.kind, own);
    return decision;
  });
  return { decisions: withoutDoubles(decisions), claimed, used };
};

const decide = (old: OldTask, { matched, units, touched, open, work, draftOf, context, isRefreshing }: DecideTasksOptions): Decision => {
  const present = old.requirements.flatMap((id) => units.get(id) ?? []);
  const isTouched = present.length < old.requirements.length || present.some(({ id }) => touched.has(id));
  if (old.adapts.length > 0) {
    if (!isTouched) return { kind: 'kept', old };
    return present.length === 0 ? { kind: 'dropped', old } : { kind: 'adapting', old, units: inOrder(present) };
  }
  const piece = matched.get(old.task.id);
  const joining = piece?.draft.units.filter(({ id }) => open.has(id)) ?? [];
  if (!isTouched && joining.length === 0 && !(isRefreshing && piece)) return { kind: 'kept', old };
  const wanted = new Set([...present, ...joining]);
  // What nothing is left of does not become another requirement's task; but a contract is its feature's, whatever it cites.
  if (present.length === 0 && old.kind !== 'contract') return { kind: 'dropped', old };
  if (wanted.size === 0) for (const unit of piece?.draft.units ?? []) wanted.add(unit);
  if (wanted.size === 0) return { kind: 'dropped', old };
  const feature = draftOf(old.task.feature_id);
  const isPiece = piece !== undefined && piece.draft.units.length === wanted.size && piece.draft.units.every((unit) => wanted.has(unit));
  if (isPiece) return { kind: 'redrafted', old, piece, pieces: [{ draft: { ...piece.draft, feature }, of: 0, at: 0, count: 1 }] };
  const own = inOrder([...wanted]);
  if (old.kind === 'integration') return { kind: 'redrafted', old, pieces: piecesOf([{ ...(piece?.draft ?? asDraft(old, units, draftOf)), feature, units: own }]) };
  const draft = { ...draftOne(old.kind, workOfOne({ kind: old.kind, draft: feature, units: own, all: work }), context), units: own };
  return { kind: 'redrafted', old, pieces: piecesOf([draft]) };
};

const inOrder = (units: readonly RequirementUnit[]): readonly RequirementUnit[] => units.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));

/** Of a task that was cut into pieces, and is not so large any more, those that are left over go. */
const withoutDoubles = (decisions: readonly Decision[]): readonly Decision[] => {
  const covered = new Set<string>();
  for (const decision of decisions) if (decision.kind === 'redrafted' && decision.piece) for (const { id } of decision.piece.draft.units) covered.add(`${decision.old.kind} ${id}`);
  return decisions.map((decision) => {
    if (decision.kind !== 'redrafted' || decision.piece) return decision;
    const { old, pieces } = decision;
    return pieces.every(({ draft }) => draft.units.every(({ id }) => covered.has(`${old.kind} ${id}`))) ? { kind: 'dropped', old } : decision;
  });
};
