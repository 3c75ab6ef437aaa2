/** What a draft leaves out without a word: requirements that none of its tasks cites get the tasks that the rules make of them. */
import type { DraftedWork } from '../../breakdown/break-down.ts';
import type { FeatureDraft } from '../../breakdown/extract-features.ts';
import { MAX_FEATURES } from '../../breakdown/extract-features.ts';
import type { TaskDraft } from '../../breakdown/task-draft.ts';
import { quote } from '../../read/words.ts';
import type { RequirementUnit } from '../../requirements/unit.ts';
import { Likeness } from '../../wording/likeness.ts';
import type { Findings } from './findings.ts';

export interface FillGapsOptions {
  readonly features: readonly FeatureDraft[];
  readonly tasks: readonly TaskDraft[];
  readonly units: readonly RequirementUnit[];
  readonly offline: DraftedWork;
  /** Why the drafter makes no task of a requirement, by its id. */
  readonly declined: ReadonlyMap<string, string>;
  readonly findings: Findings;
}

export const fillGaps = ({ features, tasks, units, offline, declined, findings }: FillGapsOptions): DraftedWork => {
  const covered = new Set(tasks.flatMap((task) => task.units.map(({ id }) => id)));
  const reasons = new Map([...offline.reasons, ...declined].filter(([id]) => !covered.has(id)));
  const uncovered = units.filter(({ id }) => !covered.has(id) && !reasons.has(id));
  const missing = new Set(uncovered.map(({ id }) => id));
  for (const { id, strength } of uncovered) findings.add('missing', id, strength === 'must' ? 'it is binding, and no task cites it' : 'no task cites it, and it is not declined');
  const homes = new Homes(features);
  const added: TaskDraft[] = [];
  for (const task of offline.tasks.toSorted((a, b) => Number(a.kind === 'contract') - Number(b.kind === 'contract'))) {
    const own = task.units.filter(({ id }) => missing.has(id));
    if (own.length === 0) continue;
    for (const { id } of own) missing.delete(id);
    const narrowed = narrow(task, new Set(own));
    findings.add('added', own.map(({ id }) => id).slice(0, 10).join(', '), `the rules make of it the task ${quote(narrowed.title)}`);
    added.push({ ...narrowed, feature: homes.of(task.feature) });
  }
  // What the rules make nothing of either.
  for (const id of missing) reasons.set(id, 'neither the drafter nor the rules make a task of it');
  const all = [...tasks, ...ownInterfaces(tasks, added)];
  return { features: homes.all, tasks: homes.all.flatMap((feature) => all.filter((task) => task.feature === feature)), reasons };
};

/** Only what is missing, in proportion. */
const narrow = (task: TaskDraft, wanted: ReadonlySet<RequirementUnit>): TaskDraft => {
  const parts = task.parts.filter((part) => part.units.some((unit) => wanted.has(unit)));
  if (parts.length === 0 || parts.length === task.parts.length) return task;
  const whole = task.parts.reduce((sum, { hours }) => sum + hours, 0);
  const hours = parts.reduce((sum, part) => sum + part.hours, 0);
  const title = parts.length === 1 ? (parts[0]?.title ?? task.title) : task.title;
  return { ...task, title, parts, units: task.units.filter((unit) => parts.some((part) => part.units.includes(unit))), hours: Math.max(0.5, Math.round(task.hours * (hours / Math.max(0.1, whole)) * 2) / 2) };
};

/** What they produce unless a drafted task does, and consume only of each other: contracts that were not added are nobody's. */
const ownInterfaces = (drafted: readonly TaskDraft[], added: readonly TaskDraft[]): readonly TaskDraft[] => {
  const taken = new Set(drafted.flatMap(({ produces }) => produces));
  const producing = added.map((task) => ({ ...task, produces: task.produces.filter((name) => !taken.has(name)) }));
  const made = new Set(producing.flatMap(({ produces }) => produces));
  return producing.map((task) => ({ ...task, consumes: task.consumes.filter((name) => made.has(name)) }));
};

/** Which drafted feature a task of the rules belongs to: the one that shares the most requirements, else the likeliest; else its own joins them. */
class Homes {
  readonly #features: FeatureDraft[];
  readonly #known = new Map<FeatureDraft, FeatureDraft>();

  constructor(features: readonly FeatureDraft[]) {
    this.#features = [...features];
  }

  get all(): readonly FeatureDraft[] {
    return this.#features;
  }

  of(offline: FeatureDraft): FeatureDraft {
    const known = this.#known.get(offline) ?? this.#shared(offline) ?? (this.#features.length < MAX_FEATURES ? this.#joined(offline) : this.#likeliest(offline));
    this.#known.set(offline, known);
    return known;
  }

  #shared(offline: FeatureDraft): FeatureDraft | undefined {
    const ids = new Set(offline.units.map(({ id }) => id));
    let best: FeatureDraft | undefined;
    let most = 0;
    for (const feature of this.#features) {
      const shared = feature.units.filter(({ id }) => ids.has(id)).length;
      if (shared <= most) continue;
      best = feature;
      most = shared;
    }
    return best;
  }

  #joined(offline: FeatureDraft): FeatureDraft {
    const at = this.#features.length + 1;
    const isTaken = this.#features.some(({ slug }) => slug === offline.slug);
    const feature = { ...offline, feature: { ...offline.feature, id: `F${String(at).padStart(3, '0')}` }, slug: isTaken ? `${offline.slug}-${at}` : offline.slug };
    this.#features.push(feature);
    return feature;
  }

  #likeliest(offline: FeatureDraft): FeatureDraft {
    const textOf = ({ feature, units }: FeatureDraft): string => [feature.title, ...units.map(({ text }) => text)].join('\n');
    const likeness = new Likeness(this.#features.map(textOf));
    const wanted = likeness.weigh(textOf(offline));
    const rated = this.#features.map((feature, at) => ({ feature, at, alike: Likeness.cosine(wanted, likeness.weigh(textOf(feature))) }));
    return rated.sort((a, b) => b.alike - a.alike || a.at - b.at)[0]?.feature ?? this.#joined(offline);
  }
}
