/** Ids of all tasks of the plan to come: those of the plan before for what goes on, new ones for what is new. */
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import { nameAll, pieceId, piecesOf } from '../breakdown/normalise.ts';
import type { NamedPiece, Piece } from '../breakdown/normalise.ts';
import type { NamedDraft, TaskDraft } from '../breakdown/task-draft.ts';
import { adaptation } from './adaptations.ts';
import type { Adaptation } from './adaptations.ts';
import type { DecidedTasks } from './decide-tasks.ts';
import type { FreshIds } from './fresh-ids.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import type { OldTask } from './old-task.ts';
import type { RequirementMatch } from './requirement-match.ts';

export interface AssignedTask {
  readonly id: string;
  /** The task of the plan before that it is. */
  readonly old?: OldTask;
  /** What it is to be made of; of a task that stays undefined. */
  readonly draft?: NamedDraft;
  readonly adaptation?: Pick<Adaptation, 'adapts' | 'reason'>;
}

export interface AssignIdsOptions {
  readonly decided: DecidedTasks;
  /** Of the whole document, and which task each of them is. */
  readonly pieces: readonly Piece[];
  readonly matched: ReadonlyMap<string, Piece>;
  readonly adaptations: readonly Adaptation[];
  readonly rest: readonly TaskDraft[];
  readonly matches: readonly RequirementMatch[];
  readonly tasks: readonly OldTask[];
  readonly draftOf: (feature: string) => FeatureDraft;
  readonly fresh: FreshIds;
}

interface Wanted extends NamedPiece {
  readonly old?: OldTask;
  readonly adaptation?: Pick<Adaptation, 'adapts' | 'reason'>;
}

/** What goes on in the order of the plan before, then what is new. */
export const assignIds = (options: AssignIdsOptions): readonly AssignedTask[] => {
  const { decided, adaptations, rest, tasks, fresh } = options;
  const kept: AssignedTask[] = [];
  const wanted: Wanted[] = [];
  for (const decision of decided.decisions) {
    const { old } = decision;
    if (decision.kind === 'kept') kept.push({ id: old.task.id, old });
    else if (decision.kind === 'redrafted') wanted.push(...grown(withInterfaces(decision.pieces, old), old, fresh));
    else if (decision.kind === 'adapting') wanted.push(...adaptedAgain(old, new Set(decision.units), options));
  }
  wanted.push(...furtherPieces(options));
  for (const each of adaptations) wanted.push(...families(piecesOf([each.draft]), fresh).map((piece) => ({ ...piece, adaptation: each })));
  wanted.push(...families(piecesOf(rest), fresh));
  const drafts = nameAll(wanted, kept.flatMap(({ old }) => old?.task.interfaces_produced ?? []));
  const made = wanted.map(({ id, old, adaptation: adapting }, at): AssignedTask => ({ id, ...(old && { old }), draft: drafts[at] as NamedDraft, ...(adapting && { adaptation: adapting }) }));
  const order = new Map(tasks.map(({ task: { id } }, at) => [id, at]));
  const isOld = ({ id }: AssignedTask): boolean => order.has(id);
  return [...[...kept, ...made.filter(isOld)].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)), ...made.filter((each) => !isOld(each))];
};

/** Other tasks know what a task produces by its name: that does not change with its title. */
const withInterfaces = (pieces: readonly Piece[], { task }: OldTask): readonly Piece[] =>
  pieces.map((piece) => ({
    ...piece,
    draft: { ...piece.draft, produces: task.interfaces_produced.length > 0 ? task.interfaces_produced : piece.draft.produces, consumes: [...new Set([...task.interfaces_consumed, ...piece.draft.consumes])] },
  }));

/** The first piece goes on under the old id. */
const grown = (pieces: readonly Piece[], old: OldTask, fresh: FreshIds): readonly Wanted[] =>
  pieces.map((piece, at) => (at === 0 ? { piece, id: old.task.id, base: old.task.id, old } : { piece, id: fresh.task(), base: old.task.id }));

/** What has not been adapted yet, and was reworded once more. */
const adaptedAgain = (old: OldTask, units: ReadonlySet<RequirementUnit>, { tasks, matches, draftOf, fresh }: AssignIdsOptions): readonly Wanted[] => {
  const made = old.adapts.flatMap((id) => tasks.find(({ task }) => task.id === id) ?? []);
  const [home = old, ...others] = made;
  const each = adaptation({ home, others, matches: matches.filter(({ after }) => units.has(after)), draftOf });
  return grown(piecesOf([each.draft]), old, fresh).map((piece) => ({ ...piece, adaptation: each }));
};

/** A task that was cut into pieces, and takes so much longer now that it is cut into more. */
const furtherPieces = ({ decided: { used }, matched, pieces, tasks, draftOf, fresh }: AssignIdsOptions): readonly Wanted[] => {
  const known = new Set(matched.values());
  return pieces.flatMap((piece): readonly Wanted[] => {
    if (piece.count === 1 || known.has(piece)) return [];
    const before = [...used].findLast(([{ of, draft }]) => of === piece.of && piece.draft.units.every((unit) => draft.units.includes(unit)));
    const old = before && tasks.find(({ task }) => task.id === before[1]);
    if (!old) return [];
    const id = fresh.task();
    const consumes = [...new Set([...piece.draft.consumes, ...old.task.interfaces_produced.slice(-1)])];
    return [{ id, piece: { of: 0, at: 0, count: 1, draft: { ...piece.draft, feature: draftOf(old.task.feature_id), produces: [`${id}:v1`], consumes } } }];
  });
};

/** New numbers; pieces of one draft share theirs. */
const families = (pieces: readonly Piece[], fresh: FreshIds): readonly Wanted[] => {
  let base = '';
  return pieces.map((piece): Wanted => {
    if (piece.at === 0) base = fresh.task();
    return { piece, base, id: piece.count === 1 ? base : pieceId(base, piece.at) };
  });
};
