/** Tasks by which what is finished becomes what reworded requirements ask for now: what is done is never done again. */
import type { WrittenCheck } from '../../model/check.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import { effortOf, halves } from '../breakdown/effort.ts';
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import { metricOf } from '../breakdown/measures.ts';
import { TASK_KINDS } from '../breakdown/task-draft.ts';
import type { TaskDraft, TaskKind } from '../breakdown/task-draft.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import { asClause } from '../wording/clause.ts';
import { shorten } from '../wording/shorten.ts';
import type { OldTask } from './old-task.ts';
import { plain } from './requirement-text.ts';
import type { RequirementMatch } from './requirement-match.ts';

/** Of the effort for a requirement, where its words have little in common with those before all of it; this share at least. */
const LEAST_SHARE = 0.3;
const MAX_WRITES = 20;
const MAX_TITLE = 90;
const QUOTE = 160;

export interface Adaptation {
  readonly draft: TaskDraft;
  /** Finished tasks, the one that is chiefly concerned first. */
  readonly adapts: readonly string[];
  /** What was reworded, both wordings quoted. */
  readonly reason: string;
}

export interface AdaptationOptions {
  readonly tasks: readonly OldTask[];
  readonly draftOf: (feature: string) => FeatureDraft;
}

/** What comes first in this order is what is chiefly concerned. */
const ORDER: readonly TaskKind[] = ['implementation', ...TASK_KINDS.filter((kind) => kind !== 'implementation')];

/** For each finished task the requirements that were reworded since; each requirement once. */
export const findAdaptations = (matches: readonly RequirementMatch[], options: AdaptationOptions): readonly Adaptation[] => {
  const covering = new Map<string, OldTask[]>();
  const isAdapting = new Set<string>();
  for (const old of options.tasks) {
    for (const id of old.requirements) {
      if (!old.isFinished && old.adapts.length > 0) isAdapting.add(id);
      if (!old.isFinished) continue;
      const own = covering.get(id);
      if (own) own.push(old);
      else covering.set(id, [old]);
    }
  }
  const groups = new Map<OldTask, RequirementMatch[]>();
  for (const match of matches) {
    if (match.kind !== 'reworded' || isAdapting.has(match.after.id)) continue;
    const [home] = (covering.get(match.after.id) ?? []).toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    if (!home) continue;
    const own = groups.get(home);
    if (own) own.push(match);
    else groups.set(home, [match]);
  }
  return options.tasks.flatMap((home) => {
    const own = groups.get(home);
    if (!own) return [];
    const others = new Set(own.flatMap(({ after }) => covering.get(after.id) ?? []));
    others.delete(home);
    return [adaptation({ home, others: [...others], matches: own, ...options })];
  });
};

export interface AdaptationParts extends Pick<AdaptationOptions, 'draftOf'> {
  readonly home: OldTask;
  readonly others: readonly OldTask[];
  readonly matches: readonly RequirementMatch[];
}

export const adaptation = ({ home, others, matches, draftOf }: AdaptationParts): Adaptation => {
  const made = [home, ...others];
  const units = matches.map(({ after }) => after);
  const parts = matches.map(({ after, likeness }) => ({ title: asClause(after.text), hours: halves(effortOf(after).hours * Math.max(LEAST_SHARE, 1 - likeness)), units: [after] }));
  const first = small(parts[0]?.title ?? '');
  const more = parts.length > 1 ? ` (and ${parts.length - 1} more)` : '';
  const head = `Adapt what ${home.task.id} made: `;
  const reason = matches.filter(({ kind }) => kind === 'reworded').map(({ before, after }) => `${nameOf(after)} was "${brief(before.evidence.quote)}" and is now "${brief(after.evidence.quote)}"`).join('; ');
  const writes = [...new Set(made.flatMap(({ task }) => task.files_scope?.writes ?? task.boundaries.scope.includes))].slice(0, MAX_WRITES);
  return {
    adapts: made.map(({ task }) => task.id),
    reason,
    draft: {
      kind: home.kind,
      feature: draftOf(home.task.feature_id),
      title: `${head}${shorten(first, Math.max(30, MAX_TITLE - head.length - more.length))}${more}`,
      units,
      parts,
      hours: parts.reduce((sum, { hours }) => sum + hours, 0),
      isUncertain: units.some((unit) => effortOf(unit).isUncertain),
      writes,
      reads: [],
      produces: [],
      consumes: [...new Set(made.flatMap(({ task }) => task.interfaces_produced))],
      extends: [],
      imports: [],
      rationale: `${home.task.id} is finished and stays as it is: ${reason}.`,
      checks: checksOf(made, units, writes),
    },
  };
};

/** Those of the finished tasks still hold, but for numbers: the document may state others now. */
const checksOf = (made: readonly OldTask[], units: readonly RequirementUnit[], writes: readonly string[]): readonly WrittenCheck[] => {
  const checks = new Map<string, WrittenCheck>();
  for (const { task } of made) for (const check of task.acceptance_checks) if (check.type !== 'metric') checks.set(JSON.stringify(check), check);
  for (const unit of units) {
    const metric = unit.kind === 'quality' ? metricOf(unit.text) : undefined;
    if (metric) checks.set(JSON.stringify(metric), metric);
  }
  return checks.size > 0 ? [...checks.values()] : writes.map((path) => ({ type: 'artifact', path, expect: { exists: true } }));
};

/** What `tasks.json` says of such a task beyond what it says of all. */
export const describeAdaptation = (task: PlannedTask, { adapts, reason }: Pick<Adaptation, 'adapts' | 'reason'>): PlannedTask => ({
  ...task,
  description: `${task.description}\n\nFinished before, to be adapted: ${adapts.join(', ')}. ${reason}.`,
  adapts: [...adapts],
});

const nameOf = (unit: RequirementUnit): string => unit.key ?? unit.id;
const brief = (quote: string): string => shorten(plain(quote), QUOTE);
const small = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text);
