/** The tasks of one feature: what its parts agree on, the parts, and beside each other how it is tested and told of. */
import type { WrittenCheck } from '../../model/check.schema.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ProjectCommands } from '../codebase/analysis.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import { asClause } from '../wording/clause.ts';
import { shorten } from '../wording/shorten.ts';
import { small } from '../wording/small.ts';
import { pascalCase } from '../wording/slug.ts';
import { effortOf, halves } from './effort.ts';
import { joinItems } from './join-items.ts';
import { mentionedPaths } from './layout.ts';
import type { Layout } from './layout.ts';
import { metricOf } from './measures.ts';
import { EXTENDS, SAVED } from './reuse.ts';
import type { Candidate, Reuse } from './reuse.ts';
import type { TaskDraft, TaskKind } from './task-draft.ts';
import type { FeatureWork, WorkItem } from './work-items.ts';

const MAX_TITLE = 90;
/** Work of fewer hours is tested and described by whoever does it: a task for each would be more than the work. */
const WORTH_TASKS_OF_ITS_OWN = 6;
/** As much as a piece of work that stands for many. */
const WHOLE = 8;

export interface DraftingContext {
  readonly layout: Layout;
  readonly reuse: Reuse;
  readonly commands: ProjectCommands;
}

/** Of a feature, and not of the whole plan. */
export type FeatureTaskKind = Exclude<TaskKind, 'integration'>;

/** What a feature has already, when it is planned again. */
export interface ExistingTasks {
  /** The interface that its contract produces. */
  readonly contract?: string;
  /** Kinds of which it needs no other one. */
  readonly kinds: ReadonlySet<TaskKind>;
}

const NOTHING: ExistingTasks = { kinds: new Set() };

export const draftTasks = (work: FeatureWork, context: DraftingContext, existing: ExistingTasks = NOTHING): readonly TaskDraft[] => new FeatureDrafts(work, context, existing).all();

/** All of it as one task of a kind. */
export const draftOne = (kind: FeatureTaskKind, work: FeatureWork, context: DraftingContext): TaskDraft => new FeatureDrafts(work, context, NOTHING).one(kind);

class FeatureDrafts {
  readonly #work: FeatureWork;
  readonly #context: DraftingContext;
  readonly #name: string;
  readonly #existing: ExistingTasks;
  readonly #contract: string;

  constructor(work: FeatureWork, context: DraftingContext, existing: ExistingTasks) {
    this.#work = work;
    this.#context = context;
    this.#existing = existing;
    // The slug is the feature's own.
    this.#name = pascalCase(work.draft.slug, work.draft.feature.id);
    this.#contract = existing.contract ?? `${this.#name}Contract:v1`;
  }

  all(): readonly TaskDraft[] {
    const { declarations, items, qualities, scenarios, isList } = this.#work;
    const joined = joinItems(items);
    const parts = joined.map((group) => this.#part(group));
    const total = parts.reduce((hours, part) => hours + part.hours, 0);
    const isLarge = total >= WORTH_TASKS_OF_ITS_OWN && (joined.length >= 2 || total >= WHOLE) && !isList;
    const isNeeded = (kind: TaskKind): boolean => !this.#existing.kinds.has(kind);
    const makesContract = (declarations.length > 0 || isLarge) && this.#existing.contract === undefined;
    const hasContract = makesContract || this.#existing.contract !== undefined;
    const contracts = makesContract ? [this.#contractTask(declarations)] : declarations.length > 0 ? [this.#furtherContract(declarations)] : [];
    return [
      ...contracts,
      ...(hasContract ? parts.map((part) => ({ ...part, consumes: isList ? [] : [...new Set([this.#contract, ...contracts.flatMap(({ produces }) => produces)])] })) : parts),
      ...(qualities.length > 0 ? [this.#qualityTask(qualities, hasContract)] : []),
      ...(scenarios.length > 0 || (isLarge && isNeeded('verification')) ? [this.#verificationTask(scenarios, hasContract)] : []),
      ...(isLarge && isNeeded('documentation') ? [this.#documentationTask(hasContract)] : []),
    ];
  }

  one(kind: FeatureTaskKind): TaskDraft {
    const { declarations, items, qualities, scenarios } = this.#work;
    switch (kind) {
      case 'implementation':
        return this.#part(items);
      case 'contract':
        return this.#contractTask(declarations);
      case 'quality':
        return this.#qualityTask(qualities, false);
      case 'verification':
        return this.#verificationTask(scenarios, false);
      case 'documentation':
        return this.#documentationTask(false);
      default:
        throw new TypeError(`no such kind: ${String(kind satisfies never)}`);
    }
  }

  /** What is added to a contract that stands. */
  #furtherContract(declarations: readonly RequirementUnit[]): TaskDraft {
    const [name = '', version = '1'] = this.#contract.split(':v');
    const next = /^\d{1,6}$/.test(version) ? Number(version) + 1 : 2;
    return { ...this.#contractTask(declarations), produces: [`${name}:v${next}`], consumes: [this.#contract] };
  }

  #part(group: readonly WorkItem[]): TaskDraft {
    const { draft } = this.#work;
    const { layout, commands } = this.#context;
    const titles = group.map(({ lead }) => asClause(lead.text));
    const title = titleOf(titles);
    const units = group.flatMap((item) => item.units);
    const text = units.map((unit) => unit.text).join('\n');
    const candidates = this.#context.reuse.candidates(text);
    const own = candidates.filter(({ likeness }) => likeness >= EXTENDS);
    const extended = own.filter(({ kind }) => kind !== 'function' && kind !== 'endpoint');
    const efforts = group.map(({ units: [lead, ...others] }) => {
      const effort = effortOf(lead as RequirementUnit);
      // What is said about it makes it larger, but not as large as each alone.
      const more = others.filter(({ parent }) => parent !== undefined || others.length < 6).reduce((hours, unit) => hours + effortOf(unit).hours * 0.2, 0);
      return { ...effort, hours: halves((effort.hours + Math.min(4, more)) * (extended.length > 0 ? 1 - SAVED : 1)) };
    });
    const mentioned = mentionedPaths(text);
    const name = withoutVerb(title);
    const file = layout.source(draft.slug, name);
    const tests = layout.tests(draft.slug, name);
    const writes = [...new Set([...(mentioned.length > 0 ? mentioned : extended.length > 0 ? extended.map((each) => each.file) : [file]), tests])];
    return {
      kind: 'implementation',
      feature: draft,
      title: placed(title, extended[0]),
      units,
      parts: group.map((item, at) => ({ title: titles[at] ?? title, hours: efforts[at]?.hours ?? 1, units: item.units })),
      hours: efforts.reduce((hours, effort) => hours + effort.hours, 0),
      isUncertain: efforts.some((effort) => effort.isUncertain),
      writes,
      reads: [],
      produces: [],
      consumes: [],
      extends: extended.map(({ name }) => name),
      imports: own.filter((each) => !extended.includes(each)).map(({ name }) => name),
      rationale: rationaleOf(extended, candidates),
      checks: [...commandCheck(commands, tests.replace(/\*+$/, '')), ...metrics(units), ...writes.map((path): WrittenCheck => ({ type: 'artifact', path, expect: { exists: true } }))],
    };
  }

  #contractTask(declarations: readonly RequirementUnit[]): TaskDraft {
    const { draft, items } = this.#work;
    const { layout, commands } = this.#context;
    const name = draft.feature.title;
    const file = layout.source(draft.slug, 'contract');
    const subjects = declarations.map((unit) => shorten(unit.text.split(/\s*[:–—|]\s/)[0] ?? unit.text, 40));
    const cited = declarations.length > 0 ? declarations : items.slice(0, 3).map(({ lead }) => lead);
    const hours = halves(Math.max(2, 1 + declarations.reduce((total, unit) => total + effortOf(unit).hours * 0.6, 0) + items.length * 0.2));
    const what = subjects.length > 0 ? `: ${listed(subjects, 3)}` : '';
    return this.#task('contract', {
      title: shorten(`Define the contract of ${small(name)}${what}`, MAX_TITLE),
      units: cited,
      parts: declarations.length > 0 ? divided(declarations, hours, subjects) : [{ title: `Define the contract of ${small(name)}`, hours, units: cited }],
      hours,
      writes: [file],
      produces: [this.#contract],
      rationale: 'Contract first: implementation, tests and documentation can begin side by side once it stands.',
      checks: [...(commands.typecheck === undefined ? [] : [{ type: 'command', cmd: commands.typecheck } satisfies WrittenCheck]), { type: 'artifact', path: file, expect: { exists: true } }],
    });
  }

  #qualityTask(qualities: readonly RequirementUnit[], hasContract: boolean): TaskDraft {
    const { draft } = this.#work;
    const { layout, commands } = this.#context;
    const titles = qualities.map((unit) => asClause(unit.text));
    const hours = halves(qualities.reduce((total, unit) => total + effortOf(unit).hours, 0));
    const file = layout.tests(draft.slug, 'qualities');
    return this.#task('quality', {
      title: titleOf(titles),
      units: qualities,
      parts: qualities.map((unit, at) => ({ title: titles[at] ?? '', hours: effortOf(unit).hours, units: [unit] })),
      hours,
      writes: [file],
      consumes: hasContract ? [this.#contract] : [],
      rationale: 'Qualities are measured by tests of their own.',
      checks: [...commandCheck(commands, file.replace(/\*+$/, '')), ...metrics(qualities), { type: 'artifact', path: file, expect: { exists: true } }],
    });
  }

  #verificationTask(scenarios: readonly RequirementUnit[], hasContract: boolean): TaskDraft {
    const { draft, items } = this.#work;
    const { layout } = this.#context;
    const file = layout.tests(draft.slug, 'acceptance');
    const cited = scenarios.length > 0 ? scenarios : items.map(({ lead }) => lead);
    const hours = halves(Math.max(2, scenarios.length > 0 ? scenarios.reduce((total, unit) => total + effortOf(unit).hours, 1) : 1 + items.length * 0.4));
    const by = scenarios.length === 0 ? 'from end to end' : scenarios.length === 1 ? 'by its scenario' : `by its ${scenarios.length} scenarios`;
    const what = `Write tests of ${small(draft.feature.title)} ${by}`;
    return this.#task('verification', {
      title: shorten(what, MAX_TITLE),
      units: cited,
      parts: divided(cited, hours, cited.map((unit) => shorten(asClause(unit.text), MAX_TITLE))),
      hours,
      writes: [file],
      produces: [`${this.#name}AcceptanceTests:v1`],
      consumes: hasContract ? [this.#contract] : [],
      rationale: 'Written against the contract, beside the implementation; they are run when all of it is there.',
      checks: [{ type: 'artifact', path: file, expect: { exists: true } }],
    });
  }

  #documentationTask(hasContract: boolean): TaskDraft {
    const { draft, items } = this.#work;
    const file = this.#context.layout.docs(draft.slug);
    const hours = halves(Math.max(2, 1 + items.length * 0.2));
    const cited = items.map(({ lead }) => lead);
    return this.#task('documentation', {
      title: shorten(`Document ${small(draft.feature.title)} for its users`, MAX_TITLE),
      units: cited,
      parts: [{ title: `Document ${small(draft.feature.title)}`, hours, units: cited }],
      hours,
      writes: [file],
      consumes: hasContract ? [this.#contract] : [],
      rationale: 'Written against the contract, beside the implementation.',
      checks: [{ type: 'artifact', path: file, expect: { exists: true } }],
    });
  }

  #task(kind: TaskDraft['kind'], own: Pick<TaskDraft, 'title' | 'units' | 'parts' | 'hours' | 'writes' | 'rationale' | 'checks'> & Partial<TaskDraft>): TaskDraft {
    return { kind, feature: this.#work.draft, isUncertain: false, reads: [], produces: [], consumes: [], extends: [], imports: [], ...own };
  }
}

/** Its hours shared out evenly. */
const divided = (units: readonly RequirementUnit[], hours: number, titles: readonly string[]): TaskDraft['parts'] =>
  units.map((unit, at) => ({ title: titles[at] ?? unit.text, hours: hours / units.length, units: [unit] }));

/** Files are called after things. */
const withoutVerb = (title: string): string => title.replace(/^(?:implement|provide|support|ensure that|let|make|avoid|keep|allow|set up|create|build|add|define)\s+(?:the |an? )?/i, '');

const listed = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;

/** Of several, the first, and how many more; both of two where they fit. */
const titleOf = (titles: readonly string[]): string => {
  const [first = '', second] = titles.map((title) => shorten(title, MAX_TITLE));
  if (second === undefined) return first;
  const both = `${first} and ${small(second)}`;
  if (titles.length === 2 && both.length <= MAX_TITLE) return both;
  return `${shorten(first, MAX_TITLE - 16)} (and ${titles.length - 1} more)`;
};

/** Where the code base has it: titles name the symbol. */
const placed = (title: string, symbol: Candidate | undefined): string => (symbol && !title.includes(symbol.name) && title.length + symbol.name.length <= 100 ? `${title} in ${symbol.name}` : title);

const rationaleOf = (extended: readonly Candidate[], candidates: readonly Candidate[]): string => {
  const [best] = extended;
  if (best) return `${best.name} (${best.file}:${best.line}) does part of it: extending it saves about ${SAVED * 100} % of the effort.`;
  const [near] = candidates;
  return near ? `Nothing in the code base does it: ${near.name} (${near.file}:${near.line}) comes nearest, with ${Math.round(near.likeness * 100)} % of its name in common.` : 'Nothing in the code base has a name that is like it.';
};

/** Runs the tests at a path, or all of them, as the project does. */
export const commandCheck = ({ testOnly, test }: ProjectCommands, path: string): readonly WrittenCheck[] => {
  const cmd = testOnly === undefined ? test : testOnly.replaceAll('{}', shellWord(path));
  return cmd === undefined ? [] : [{ type: 'command', cmd }];
};

/** What its qualities state in numbers. */
export const metrics = (units: readonly RequirementUnit[]): readonly WrittenCheck[] => {
  const found = new Map<string, WrittenCheck>();
  for (const unit of units) {
    const metric = unit.kind === 'quality' ? metricOf(unit.text) : undefined;
    if (metric) found.set(metric.name, metric);
  }
  return [...found.values()].slice(0, 5);
};

