/** Compares a plan with the one that it comes from. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';
import type { Exclusion, RequirementUnit } from '../requirements/unit.ts';
import { changedFields } from './changed-fields.ts';
import { adaptedBy, oldTasks } from './old-task.ts';
import type { OldTask } from './old-task.ts';
import type { PreviousPlan } from './previous-plan.ts';
import type { OldRequirement, RequirementMatch, RequirementMatches } from './requirement-match.ts';
import { comparableText, ownKey } from './requirement-text.ts';
import type { ChangeReason, OrphanedTask, ReplanSummary, RequirementChange, TaskChange } from './summary.ts';

export interface SummarizeOptions {
  readonly previous: PreviousPlan;
  readonly matches: RequirementMatches;
  readonly tasks: readonly PlannedTask[];
  readonly dependencies: readonly Dependency[];
  readonly excludes: readonly Exclusion[];
}

export const summarize = ({ previous, matches, tasks, dependencies, excludes }: SummarizeOptions): ReplanSummary => {
  const old = oldTasks(previous);
  const before = new Map(old.map((each) => [each.task.id, each]));
  const after = new Map(tasks.map((task) => [task.id, task]));
  const why = new Reasons({ matches, tasks, hasOtherExcludes: wordsOf(excludes.map(({ evidence }) => evidence.quote)) !== wordsOf(previous.coverage.excludes.map(({ quote }) => quote)) });
  const lasting = old.filter(({ task }) => after.has(task.id));
  const compared = lasting.map((each) => ({ old: each, task: after.get(each.task.id) as PlannedTask, fields: changedFields(each.task, after.get(each.task.id) as PlannedTask) }));
  const changed = compared.filter(({ fields }) => fields.length > 0);
  const added = tasks.filter(({ id }) => !before.has(id));
  const dropped = old.filter(({ task }) => !after.has(task.id));
  const ofKind = (kind: RequirementMatch['kind']): readonly RequirementMatch[] => matches.matches.filter((match) => match.kind === kind);
  const requirements = { same: ofKind('same').length, moved: ofKind('moved').map(changeOf), reworded: ofKind('reworded').map(changeOf), added: matches.added.map(additionOf), removed: matches.removed.map(removalOf) };
  const edges = { before: new Set(previous.tasks.dependencies.map(edgeOf)), after: new Set(dependencies.map(edgeOf)) };
  const edgeChanges = { added: [...edges.after].filter((edge) => !edges.before.has(edge)).length, removed: [...edges.before].filter((edge) => !edges.after.has(edge)).length };
  const isUnfinished = ({ id }: PlannedTask): boolean => !previous.finished.has(id);
  const oldAll = old.map(({ task }) => task);
  return {
    from: previous.planId,
    isEmpty: requirements.moved.length + requirements.reworded.length + requirements.added.length + requirements.removed.length + changed.length + added.length + dropped.length + edgeChanges.added + edgeChanges.removed === 0,
    requirements,
    tasks: {
      finished: lasting.flatMap(({ task, isFinished }) => (isFinished ? [task.id] : [])),
      kept: compared.flatMap(({ old: { task, isFinished }, fields }) => (isFinished || fields.length > 0 ? [] : [task.id])),
      changed: changed.map(({ old: each, task, fields }) => ({ ...briefly(task), hours: { before: hoursOf(each.task), after: hoursOf(task) }, fields, reasons: why.ofChange(each, task, fields) })),
      added: added.map((task) => ({ ...briefly(task), hours: { after: hoursOf(task) }, fields: [], reasons: why.ofAddition(task) })),
      dropped: dropped.map((each) => ({ ...briefly(each.task), hours: { before: hoursOf(each.task) }, fields: [], reasons: why.ofRemoval(each) })),
    },
    orphaned: lasting.flatMap((each) => orphaned(each, matches)),
    dependencies: edgeChanges,
    hours: { before: sum(oldAll), after: sum(tasks), leftBefore: sum(oldAll.filter(isUnfinished)), leftAfter: sum(tasks.filter(isUnfinished)) },
    ids: { kept: lasting.length, of: old.length, share: old.length === 0 ? 1 : lasting.length / old.length },
  };
};

const wordsOf = (quotes: readonly string[]): string => quotes.map(comparableText).join('\n');
const edgeOf = ({ from, to, type }: Dependency): string => `${from} ${to} ${type}`;
const hoursOf = ({ duration }: PlannedTask): number => duration.mostLikely;
const sum = (tasks: readonly PlannedTask[]): number => Math.round(tasks.reduce((total, task) => total + hoursOf(task), 0) * 10) / 10;
const briefly = (task: PlannedTask): Pick<TaskChange, 'id' | 'title' | 'adapts'> => ({ id: task.id, title: task.title, adapts: adaptedBy(task) });

const placeOf = ({ quote, section }: { readonly quote: string; readonly section: string }) => ({ quote, section });
const withKey = (key: string | undefined) => (key === undefined ? {} : { key });
const additionOf = ({ id, key, evidence }: RequirementUnit): RequirementChange => ({ id, ...withKey(key), after: placeOf(evidence) });
const removalOf = ({ id, evidence }: OldRequirement): RequirementChange => ({ id, ...withKey(ownKey(evidence.quote)), before: placeOf(evidence) });
const changeOf = ({ before, after }: RequirementMatch): RequirementChange => ({ ...additionOf(after), before: placeOf(before.evidence) });

const orphaned = ({ task, isFinished, requirements }: OldTask, { removed }: RequirementMatches): readonly OrphanedTask[] => {
  const own = new Set(requirements);
  const gone = removed.filter(({ id }) => own.has(id));
  return isFinished && gone.length > 0 ? [{ id: task.id, title: task.title, isWhole: gone.length === own.size, requirements: gone.map(removalOf) }] : [];
};

/** Every change has a requirement that is its reason, or says what else it comes from. */
class Reasons {
  readonly #changes = new Map<string, ChangeReason>();
  readonly #tasks: readonly PlannedTask[];
  readonly #produced: ReadonlySet<string>;
  readonly #hasOtherExcludes: boolean;

  constructor({ matches: { matches, added, removed }, tasks, hasOtherExcludes }: { readonly matches: RequirementMatches; readonly tasks: readonly PlannedTask[]; readonly hasOtherExcludes: boolean }) {
    for (const match of matches) if (match.kind !== 'same') this.#changes.set(match.after.id, { kind: match.kind, requirement: changeOf(match) });
    for (const unit of added) this.#changes.set(unit.id, { kind: 'added', requirement: additionOf(unit) });
    for (const old of removed) this.#changes.set(old.id, { kind: 'removed', requirement: removalOf(old) });
    this.#tasks = tasks;
    this.#produced = new Set(tasks.flatMap(({ interfaces_produced: own }) => own));
    this.#hasOtherExcludes = hasOtherExcludes;
  }

  ofChange({ task: old, requirements }: OldTask, task: PlannedTask, fields: readonly string[]): readonly ChangeReason[] {
    const found = this.#of([...requirements, ...(task.requirements ?? [])]);
    for (const name of old.interfaces_consumed) if (!this.#produced.has(name) && !task.interfaces_consumed.includes(name)) found.push({ kind: 'interface', interface: name });
    if (this.#hasOtherExcludes && fields.includes('scope')) found.push({ kind: 'scope' });
    return found.length > 0 ? found : [{ kind: 'codebase' }];
  }

  ofAddition(task: PlannedTask): readonly ChangeReason[] {
    return this.#of(task.requirements ?? []);
  }

  ofRemoval({ requirements }: OldTask): readonly ChangeReason[] {
    const found = this.#of(requirements);
    const own = new Set(requirements);
    const others = this.#tasks.filter((task) => (task.requirements ?? []).some((id) => own.has(id))).map(({ id }) => id);
    return others.length > 0 ? [...found, { kind: 'covered', tasks: others }] : found;
  }

  #of(requirements: readonly string[]): ChangeReason[] {
    return [...new Set(requirements)].flatMap((id) => this.#changes.get(id) ?? []);
  }
}
