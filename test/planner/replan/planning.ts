/** Plans of small documents for tests: each line of a list is a requirement, `##` begins a section. */
import { hashed } from '../../../planner/artifacts/content-hash.ts';
import type { Coverage, Strength } from '../../../planner/artifacts/coverage.schema.ts';
import type { PlannedTask } from '../../../planner/artifacts/task.schema.ts';
import type { Dependency } from '../../../planner/artifacts/tasks.schema.ts';
import { breakDown } from '../../../planner/breakdown/break-down.ts';
import type { Breakdown } from '../../../planner/breakdown/break-down.ts';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import type { CodebaseAnalysis } from '../../../planner/codebase/analysis.ts';
import type { Section, SpecDocument } from '../../../planner/document/document.ts';
import type { PreviousPlan } from '../../../planner/replan/previous-plan.ts';
import { replanBreakdown } from '../../../planner/replan/replan-breakdown.ts';
import type { ReplannedBreakdown } from '../../../planner/replan/replan-breakdown.ts';
import { replanDependencies } from '../../../planner/replan/replan-dependencies.ts';
import type { ReplanRecord } from '../../../planner/artifacts/meta.schema.ts';
import { summarize } from '../../../planner/replan/summarize.ts';
import type { ReplanSummary } from '../../../planner/replan/summary.ts';
import type { Exclusion, Requirements, RequirementUnit, UnitKind } from '../../../planner/requirements/unit.ts';

export interface Specified {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
}

const kindOf = (text: string, section: string): UnitKind => {
  if (text.startsWith('Given ')) return 'scenario';
  if (/entit/i.test(section)) return 'interface';
  if (/\d (?:ms|%|seconds)/.test(text)) return 'quality';
  return /must not/.test(text) ? 'prohibition' : 'functional';
};

const strengthOf = (text: string): Strength => (/\bmust\b/i.test(text) ? 'must' : /\bshould\b/i.test(text) ? 'should' : /\bmay\b/i.test(text) ? 'may' : 'stated');

export const specified = (text: string): Specified => {
  const sections: Section[] = [{ index: 0, start: 0, end: text.length, title: '', depth: 0, label: '', kind: 'content' }];
  const units: RequirementUnit[] = [];
  const excludes: Exclusion[] = [];
  let start = 0;
  for (const [at, line] of text.split('\n').entries()) {
    const [, marks, title] = /^(#{1,6}) (.+)$/.exec(line) ?? [];
    const last = sections.at(-1) as Section;
    if (marks !== undefined && title !== undefined) {
      sections[sections.length - 1] = { ...last, end: start };
      sections.push({ index: sections.length, start, end: text.length, title, depth: marks.length, label: `H${marks.length}: ${title}`, kind: title === 'Non-goals' ? 'excludes' : 'content' });
    } else if (line.startsWith('- ')) {
      const own = line.slice(2);
      const [, key] = /^(FR-\d+[a-z]?): /.exec(own) ?? [];
      const span = { start: start + 2, end: start + line.length };
      const evidence = { quote: own, loc: span, section: last.label, startLine: at + 1, endLine: at + 1 };
      if (last.kind === 'excludes') excludes.push({ ...span, text: own, evidence });
      else units.push({ ...span, id: `R${String(units.length + 1).padStart(3, '0')}`, ...(key !== undefined && { key }), kind: kindOf(own, last.title), strength: strengthOf(own), rule: 'list', section: last.index, text: own, evidence, mentions: [] });
    }
    start += line.length + 1;
  }
  return { document: { name: 'spec.md', text, hash: '0'.repeat(64), title: 'Spec', sections }, requirements: { units, excludes, alternatives: [], clarifications: [] } };
};

export const coverageOf = ({ requirements, tasks, reasons }: { readonly requirements: Requirements; readonly tasks: readonly PlannedTask[]; readonly reasons: ReadonlyMap<string, string> }): Coverage =>
  hashed({
    generated: { by: 'test', timestamp: '1970-01-01T00:00:00Z', contentHash: '' },
    requirements: requirements.units.map(({ id, rule, strength, evidence }) => {
      const own = tasks.filter((task) => task.requirements?.includes(id)).map((task) => task.id);
      return { id, rule, strength, evidence, tasks: own, ...(own.length === 0 && { reason: reasons.get(id) ?? 'no task' }) };
    }),
    normative: 1,
    all: 1,
    excludes: requirements.excludes.map(({ evidence }) => evidence),
    clarifications: [],
  });

/** What consumes an interface comes after what produces it. */
export const dependenciesOf = (tasks: readonly PlannedTask[]): readonly Dependency[] => {
  const producers = new Map(tasks.flatMap(({ id, interfaces_produced: own }) => own.map((name) => [name, id] as const)));
  return tasks.flatMap(({ id, interfaces_consumed: own }) =>
    own.flatMap((name): readonly Dependency[] => {
      const from = producers.get(name);
      return from === undefined ? [] : [{ from, to: id, type: 'technical', reason: `uses ${name}`, evidence: [{ type: 'rule', reason: 'interface', confidence: 0.9 }], confidence: 0.9, isHard: true }];
    }),
  );
};

export interface Planned extends Breakdown {
  readonly coverage: Coverage;
  readonly dependencies: readonly Dependency[];
  readonly record?: ReplanRecord;
}

export const planOf = (text: string, codebase: CodebaseAnalysis = EMPTY_ANALYSIS): Planned => {
  const { document, requirements } = specified(text);
  const breakdown = breakDown(document, requirements, codebase);
  return { ...breakdown, coverage: coverageOf({ requirements, ...breakdown }), dependencies: dependenciesOf(breakdown.tasks) };
};

/** As it is read back from its files. */
export const previousOf = ({ features, tasks, coverage, dependencies, resources, record }: Planned, finished: Iterable<string> = []): PreviousPlan => {
  const generated = { by: 'test', timestamp: '1970-01-01T00:00:00Z', contentHash: '0'.repeat(64) };
  const files: Omit<PreviousPlan, 'finished'> = {
    planId: 'PLAN-00000000',
    features: { generated, features: [...features] },
    tasks: {
      generated,
      meta: {
        execution_model: 'rolling_frontier',
        min_confidence: 0.7,
        resource_limits: { max_concurrent_tasks: 4, max_memory_gb: 4, max_cpu_cores: 4, max_disk_io_mbps: 100 },
        codebase_analysis: { existing_apis: [], reused_components: [], extension_points: [], shared_resources: { ...resources } },
        autonormalization: { split: [], merged: [] },
      },
      tasks: [...tasks],
      dependencies: [...dependencies],
      resource_conflicts: {},
    },
    coverage,
    ...(record && { record }),
  };
  return { ...(JSON.parse(JSON.stringify(files)) as typeof files), finished: new Set(finished) };
};

export interface Replanned extends ReplannedBreakdown {
  readonly coverage: Coverage;
  readonly dependencies: readonly Dependency[];
  readonly summary: ReplanSummary;
}

export const replanOf = (previous: PreviousPlan, text: string, options: { readonly codebase?: CodebaseAnalysis; readonly isRefreshing?: boolean } = {}): Replanned => {
  const { document, requirements } = specified(text);
  const { codebase = EMPTY_ANALYSIS, isRefreshing = false } = options;
  const breakdown = replanBreakdown({ document, requirements, codebase, previous, isRefreshing });
  const dependencies = replanDependencies({ found: dependenciesOf(breakdown.tasks), tasks: breakdown.tasks, adaptations: breakdown.adaptations, previous });
  const coverage = coverageOf(breakdown);
  const summary = summarize({ previous, matches: breakdown.matches, tasks: breakdown.tasks, dependencies, excludes: requirements.excludes });
  return { ...breakdown, coverage, dependencies, summary };
};

/** A feature that is large enough for a contract, tests and documentation; a small one; and qualities. */
export const EXAMPLE = `# Flat
## Functional requirements
### Bills
- FR-001: The system must let flatmates record a bill with an amount and a payer
- FR-002: The system must split a bill by percentage and calculate each share
- FR-003: The system must show the balance of each flatmate on a dashboard
- FR-004: The system should export bills to CSV and filter them by month
### Chores
- FR-005: The system must rotate chores with a round-robin schedule
- FR-006: The system should remind flatmates by e-mail of a chore that is due
### Speed
- The dashboard must load within 200 ms
## Key Entities
- Bill: amount, payer, date
- Chore: name, assignee
## Acceptance scenarios
- Given two flatmates, when one records a bill of 10, then the other owes 5
- Given a chore that is due, when a day passes, then a reminder is sent
`;
