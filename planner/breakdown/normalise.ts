/** Tasks of a size that can be planned with (spec/001): none over 16 hours, none under half of one; and the record of what was done. */
import type { Normalization } from '../prose/prose-input.ts';
import { halves } from './effort.ts';
import type { NamedDraft, TaskDraft } from './task-draft.ts';

export const MAX_HOURS = 16;
export const MIN_HOURS = 0.5;
/** What the pieces of a task that is too much are filled to. */
const TARGET_HOURS = 8;
/** Pieces end in a letter. */
const MAX_PIECES = 26;

export interface NormalisedTasks {
  readonly tasks: readonly NamedDraft[];
  readonly normalizations: readonly Normalization[];
}

/** Of the task at an index among `count`, before any is split or merged. */
export const idAt = (at: number, count: number): string => `P1.T${String(at + 1).padStart(Math.max(3, String(count).length), '0')}`;

/** A task of a size that can be planned with: a draft, what several became, or a piece of one. */
export interface Piece {
  readonly draft: TaskDraft;
  /** Place of the draft that it is, or is a piece of; of several that became one, the first one's. */
  readonly of: number;
  /** Its place among the pieces of one draft, and how many these are. */
  readonly at: number;
  readonly count: number;
}

/** Ids `P1.T001`, by order; pieces of a task `P1.T001a`, `P1.T001b`, one after the other. */
export const normalise = (drafts: readonly TaskDraft[]): NormalisedTasks => {
  const baseOf = (of: number): string => idAt(of, drafts.length);
  const pieces = piecesOf(drafts);
  const tasks = nameAll(pieces.map((piece) => ({ piece, id: piece.count === 1 ? baseOf(piece.of) : pieceId(baseOf(piece.of), piece.at) })));
  return { tasks, normalizations: normalizationsOf({ drafts, pieces, tasks, baseOf }) };
};

export const pieceId = (base: string, at: number): string => `${base}${String.fromCodePoint(97 + at)}`;

/** Neighbours that are too small are joined, what is too much is cut; nothing has an id yet. */
export const piecesOf = (drafts: readonly TaskDraft[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const [of, draft] of drafts.entries()) {
    const last = pieces.at(-1);
    if (last && draft.hours < MIN_HOURS && last.draft.feature === draft.feature && last.draft.kind === draft.kind) pieces[pieces.length - 1] = { ...last, draft: joined(last.draft, draft) };
    else if (draft.hours > MAX_HOURS) pieces.push(...split(draft).map((piece, at, all) => ({ draft: piece, of, at, count: all.length })));
    else pieces.push({ draft, of, at: 0, count: 1 });
  }
  return pieces.map((piece) => (piece.draft.hours < MIN_HOURS ? { ...piece, draft: { ...piece.draft, hours: MIN_HOURS } } : piece));
};

export interface NamedPiece {
  readonly piece: Piece;
  readonly id: string;
  /** Names what pieces hand on to each other; their id without its letter unless stated. */
  readonly base?: string;
}

/** `taken` are interfaces that others produce. */
export const nameAll = (pieces: readonly NamedPiece[], taken: Iterable<string> = []): readonly NamedDraft[] => withOwnInterfaces(pieces.map(chained), taken);

/** Each builds upon the one before; what others wait for comes with the last. */
const chained = ({ piece: { draft, at, count }, id, base = id.slice(0, -1) }: NamedPiece): NamedDraft => {
  if (count === 1) return { ...draft, id };
  return { ...draft, id, produces: at === count - 1 ? draft.produces : [`${base}-${at + 1}:v1`], consumes: at === 0 ? draft.consumes : [...draft.consumes, `${base}-${at}:v1`] };
};

/** An interface has one producer: of two tasks with the same title the second one's has another name. */
const withOwnInterfaces = (tasks: readonly NamedDraft[], taken: Iterable<string>): readonly NamedDraft[] => {
  const known = new Set<string>(taken);
  return tasks.map((task) => ({
    ...task,
    produces: task.produces.map((name) => {
      const own = known.has(name) ? name.replace(/(?=:)/, `_${task.id.replace(/\W/g, '')}`) : name;
      known.add(own);
      return own;
    }),
  }));
};

interface NormalisedPieces {
  readonly drafts: readonly TaskDraft[];
  readonly pieces: readonly Piece[];
  /** Named, in the same order. */
  readonly tasks: readonly NamedDraft[];
  /** What a draft would be called had it been left as it was. */
  readonly baseOf: (of: number) => string;
}

/** What was joined and what was cut, in the order of the drafts. */
export const normalizationsOf = ({ drafts, pieces, tasks, baseOf }: NormalisedPieces): readonly Normalization[] => {
  const found: Normalization[] = [];
  const brief = (of: number): Normalization['before'][number] => ({ id: baseOf(of), title: drafts[of]?.title ?? '', hours: drafts[of]?.hours ?? 0 });
  for (const [index, { of, at, count }] of pieces.entries()) {
    const task = tasks[index];
    if (!task || at > 0) continue;
    const end = pieces[index + count]?.of ?? drafts.length;
    const last = tasks[index + count - 1] ?? task;
    const joining = drafts.slice(of + 1, end).reduce((sum, draft) => sum + draft.hours, 0);
    // Before others were joined to it.
    let hours = count === 1 ? (drafts[of]?.hours ?? 0) : last.hours - joining;
    if (count > 1) found.push({ kind: 'split', before: [brief(of)], after: [...tasks.slice(index, index + count - 1).map(briefly), { ...briefly(last), hours }], reason: `> ${MAX_HOURS}h` });
    for (let next = of + 1; next < end; next += 1) {
      const before = { ...briefly(last), hours };
      hours += drafts[next]?.hours ?? 0;
      found.push({ kind: 'merge', before: [before, brief(next)], after: [{ ...before, hours }], reason: `< ${MIN_HOURS}h` });
    }
  }
  return found;
};

const briefly = ({ id, title, hours }: NamedDraft): Normalization['before'][number] => ({ id, title, hours });

const joined = (first: TaskDraft, second: TaskDraft): TaskDraft => ({
  ...first,
  units: [...first.units, ...second.units],
  parts: [...first.parts, ...second.parts],
  hours: first.hours + second.hours,
  isUncertain: first.isUncertain || second.isUncertain,
  writes: [...new Set([...first.writes, ...second.writes])],
  checks: [...first.checks, ...second.checks],
});

/** By its parts, in order, up to {@link TARGET_HOURS} each; a part that is too much by itself is cut into even pieces. */
const split = (draft: TaskDraft): readonly TaskDraft[] => {
  const scale = draft.hours / Math.max(0.1, draft.parts.reduce((total, { hours }) => total + hours, 0));
  const count = Math.min(MAX_PIECES, Math.ceil(draft.hours / TARGET_HOURS));
  const cut = draft.parts.flatMap((part) => {
    const hours = part.hours * scale;
    const pieces = Math.min(count, Math.max(1, Math.ceil(hours / TARGET_HOURS)));
    return Array.from({ length: pieces }, (_, at) => ({ ...part, hours: hours / pieces, title: pieces === 1 ? part.title : `${part.title}, part ${at + 1} of ${pieces}` }));
  });
  const groups: (typeof cut)[] = [];
  let hours = 0;
  for (const part of cut) {
    const group = groups.at(-1);
    if (group && hours + part.hours <= TARGET_HOURS + 1e-9) {
      group.push(part);
      hours += part.hours;
    } else {
      groups.push([part]);
      hours = part.hours;
    }
  }
  const few = groups.slice(0, MAX_PIECES);
  for (const rest of groups.slice(MAX_PIECES)) few.at(-1)?.push(...rest);
  return few.map((group, at) => ({
    ...draft,
    title: group.length === 1 ? (group[0]?.title ?? draft.title) : `${draft.title}, part ${at + 1} of ${few.length}`,
    units: [...new Set(group.flatMap((part) => part.units))],
    parts: group,
    hours: halves(group.reduce((total, part) => total + part.hours, 0)),
  }));
};
