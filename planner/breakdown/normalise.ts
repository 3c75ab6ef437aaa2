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

/** Ids `P1.T001`, by order; pieces of a task `P1.T001a`, `P1.T001b`, one after the other. */
export const normalise = (drafts: readonly TaskDraft[]): NormalisedTasks => {
  const tasks: NamedDraft[] = [];
  const normalizations: Normalization[] = [];
  const named = drafts.map((draft, at): NamedDraft => ({ ...draft, id: idAt(at, drafts.length) }));
  for (const draft of named) {
    const last = tasks.at(-1);
    if (last && draft.hours < MIN_HOURS && last.feature === draft.feature && last.kind === draft.kind) {
      tasks[tasks.length - 1] = joined(last, draft);
      normalizations.push({ kind: 'merge', before: [brief(last), brief(draft)], after: [brief(tasks.at(-1) as NamedDraft)], reason: `< ${MIN_HOURS}h` });
    } else if (draft.hours > MAX_HOURS) {
      const pieces = split(draft);
      tasks.push(...pieces);
      normalizations.push({ kind: 'split', before: [brief(draft)], after: pieces.map(brief), reason: `> ${MAX_HOURS}h` });
    } else tasks.push(draft);
  }
  return { tasks: withOwnInterfaces(tasks.map((task) => (task.hours < MIN_HOURS ? { ...task, hours: MIN_HOURS } : task))), normalizations };
};

/** An interface has one producer: of two tasks with the same title the second one's has another name. */
const withOwnInterfaces = (tasks: readonly NamedDraft[]): readonly NamedDraft[] => {
  const known = new Set<string>();
  return tasks.map((task) => ({
    ...task,
    produces: task.produces.map((name) => {
      const own = known.has(name) ? name.replace(/(?=:)/, `_${task.id.replace(/\W/g, '')}`) : name;
      known.add(own);
      return own;
    }),
  }));
};

const brief = ({ id, title, hours }: NamedDraft): Normalization['before'][number] => ({ id, title, hours });

const joined = (first: NamedDraft, second: NamedDraft): NamedDraft => ({
  ...first,
  units: [...first.units, ...second.units],
  parts: [...first.parts, ...second.parts],
  hours: first.hours + second.hours,
  isUncertain: first.isUncertain || second.isUncertain,
  writes: [...new Set([...first.writes, ...second.writes])],
  checks: [...first.checks, ...second.checks],
});

/** By its parts, in order, up to {@link TARGET_HOURS} each; a part that is too much by itself is cut into even pieces. */
const split = (draft: NamedDraft): readonly NamedDraft[] => {
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
    id: `${draft.id}${String.fromCodePoint(97 + at)}`,
    title: group.length === 1 ? (group[0]?.title ?? draft.title) : `${draft.title}, part ${at + 1} of ${few.length}`,
    units: [...new Set(group.flatMap((part) => part.units))],
    parts: group,
    hours: halves(group.reduce((total, part) => total + part.hours, 0)),
    // Each builds upon the one before; the first produces what others wait for only with the last.
    produces: at === few.length - 1 ? draft.produces : [`${draft.id}-${at + 1}:v1`],
    consumes: at === 0 ? draft.consumes : [...draft.consumes, `${draft.id}-${at}:v1`],
  }));
};
