/** Plans for the rules to look at: tasks by what matters, and a document whose requirements are its marked lines. */
import type { Feature } from '../../../planner/artifacts/features.schema.ts';
import type { SourceEvidence } from '../../../planner/artifacts/scalars.schema.ts';
import type { Category, PlannedTask } from '../../../planner/artifacts/task.schema.ts';
import type { Dependency, ResourceConflict } from '../../../planner/artifacts/tasks.schema.ts';
import { taskHash } from '../../../planner/artifacts/content-hash.ts';
import type { CodebaseAnalysis } from '../../../planner/codebase/analysis.ts';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import type { DependencyInput } from '../../../planner/dependencies/context.ts';
import { findDependencies } from '../../../planner/dependencies/find-dependencies.ts';
import type { Section, SpecDocument } from '../../../planner/document/document.ts';
import type { RequirementUnit } from '../../../planner/requirements/unit.ts';

export interface Sketch {
  readonly id: string;
  readonly title?: string;
  readonly feature?: string;
  readonly category?: Category;
  readonly produces?: readonly string[];
  readonly consumes?: readonly string[];
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly exclusive?: readonly string[];
  readonly shared?: Readonly<Record<string, number>>;
  readonly requirements?: readonly string[];
}

const EVIDENCE: SourceEvidence = { quote: 'It must work.', loc: { start: 0, end: 13 }, section: 'H1: Plan', startLine: 1, endLine: 1 };

export const planned = (sketch: Sketch): PlannedTask => {
  const { id, title = `Do ${id}`, feature = 'F001', category = 'implementation' } = sketch;
  const amounts = { cpu_cores: 1, memory_mb: 512, disk_io_mbps: 10 };
  const task = {
    id,
    feature_id: feature,
    title,
    description: title,
    category,
    boundaries: {
      expected_complexity: { value: '~100 LoC', breakdown: 'one module' },
      definition_of_done: { criteria: ['it works'], stop_when: 'it works' },
      scope: { includes: ['src/**'], excludes: [], restrictions: 'nothing else' },
    },
    execution_guidance: {
      logging: { on_start: 'start', on_progress: 'progress', on_completion: 'end', log_format: 'JSON' },
      checkpoints: [],
      monitoring: { heartbeat_interval_seconds: 30, progress_reporting: 'percentage', resource_usage_reporting: true, checkpoint_events: [] },
    },
    resource_requirements: {
      estimated: { ...amounts, exclusive_resources: [...(sketch.exclusive ?? [])], shared_resources: { ...sketch.shared } },
      peak: { ...amounts, duration_seconds: 30, during: 'tests' },
      worker_capabilities_required: [],
    },
    scheduling_hints: { priority: 'medium' as const, preemptible: false, retry_on_failure: true, max_retries: 2, avoid_concurrent_with: [], can_pause_resume: false, checkpoint_capable: false },
    reuses_existing: { extends: [], imports: [], rationale: 'nothing is there' },
    skillsRequired: [],
    duration: { optimistic: 2, mostLikely: 4, pessimistic: 8 },
    durationUnits: 'hours' as const,
    interfaces_produced: [...(sketch.produces ?? [])],
    interfaces_consumed: [...(sketch.consumes ?? [])],
    acceptance_checks: [{ type: 'command' as const, cmd: 'npm test' }],
    source_evidence: [EVIDENCE],
    requirements: [...(sketch.requirements ?? [])],
    files_scope: { reads: [...(sketch.reads ?? [])], writes: [...(sketch.writes ?? [])] },
  };
  return { ...task, contentHash: taskHash(task) };
};

const HEADING = /^(#{1,6}) (.*)$/u;

/** Sections by headings; `Non-goals` is not content. */
export const documentOf = (text: string): SpecDocument => {
  const sections: Section[] = [{ index: 0, start: 0, end: text.length, title: '', depth: 0, label: '', kind: 'content' }];
  let at = 0;
  for (const line of text.split('\n')) {
    const [, marks, title] = HEADING.exec(line) ?? [];
    const last = sections.at(-1);
    if (marks && title !== undefined && last) {
      sections[last.index] = { ...last, end: at };
      const parent = sections.findLast(({ depth }) => depth > 0 && depth < marks.length)?.index;
      const kind = title === 'Non-goals' ? 'excludes' : 'content';
      sections.push({ index: sections.length, start: at, end: text.length, title, depth: marks.length, ...(parent !== undefined && { parent }), label: `H${marks.length}: ${title}`, kind });
    }
    at += line.length + 1;
  }
  return { name: 'spec.md', text, hash: '0'.repeat(64), title: 'Spec', sections };
};

/** A line with `[R001]`, or `[R001 FR-001]` with a key, is a requirement; `[R002 FR-002 > R001]` names another. */
const MARK = /\[(R\d+)(?: ([A-Z]+-?\d+[a-z]?))?(?: > ([R\d ]+))?\]/u;

export const unitsOf = (document: SpecDocument): readonly RequirementUnit[] => {
  let start = 0;
  return document.text.split('\n').flatMap((line, number): readonly RequirementUnit[] => {
    const from = start;
    start += line.length + 1;
    const [, id, key, mentions] = MARK.exec(line) ?? [];
    if (id === undefined) return [];
    const span = { start: from, end: from + line.length };
    const section = document.sections.find((each) => each.start <= from && from < each.end)?.index ?? 0;
    const evidence = { quote: line, loc: span, section: document.sections[section]?.label ?? '', startLine: number + 1, endLine: number + 1 };
    const text = line.replace(MARK, '').replaceAll(/[`*]/gu, '').trim();
    return [{ ...span, id, ...(key && { key }), kind: 'functional', strength: 'must', rule: 'modal-must', section, text, evidence, mentions: mentions?.trim().split(' ') ?? [] }];
  });
};

export interface PlanSketch {
  readonly tasks: readonly Sketch[];
  readonly text?: string;
  readonly features?: readonly (readonly [id: string, title: string])[];
  readonly codebase?: Partial<CodebaseAnalysis>;
}

export const inputOf = ({ tasks, text = '', features = [], codebase = {} }: PlanSketch): DependencyInput => {
  const document = documentOf(text);
  const listed = features.map(([id, title]): Feature => ({ id, title, description: title, priority: 'medium', source_evidence: [EVIDENCE] }));
  const requirements = { units: unitsOf(document), excludes: [], alternatives: [], clarifications: [] };
  return { tasks: tasks.map(planned), features: listed, requirements, document, codebase: { ...EMPTY_ANALYSIS, files: ['README.md'], ...codebase } };
};

export interface Found {
  readonly dependencies: readonly Dependency[];
  readonly conflicts: Readonly<Record<string, ResourceConflict>>;
  readonly warnings: readonly string[];
  /** `A>B` of those that are hard and no exclusions; `A-B` of soft ones; `A|B` of exclusions; in order. */
  readonly edges: readonly string[];
  readonly of: (from: string, to: string) => Dependency | undefined;
}

const edgeOf = ({ from, to, type, isHard }: Dependency): string => {
  if (type === 'mutual_exclusion' || type === 'resource_limited') return `${from}|${to}`;
  return `${from}${isHard ? '>' : '-'}${to}`;
};

export const foundIn = (input: DependencyInput): Found => {
  const result = findDependencies(input);
  if (!result.ok) throw new Error(result.error.map(({ message }) => message).join('\n'));
  const { dependencies } = result.value;
  return { ...result.value, edges: dependencies.map(edgeOf), of: (from, to) => dependencies.find((each) => each.from === from && each.to === to) };
};

export const found = (sketch: PlanSketch): Found => foundIn(inputOf(sketch));
