/** A draft as the task that `tasks.json` holds, with everything that spec/001 asks of one. */
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import { taskHash } from '../artifacts/content-hash.ts';
import type { Category, PlannedTask } from '../artifacts/task.schema.ts';
import type { Exclusion, RequirementUnit } from '../requirements/unit.ts';
import { shorten } from '../wording/shorten.ts';
import { threePoints } from './effort.ts';
import type { TaskResources } from './shared-resources.ts';
import { skillsOf } from './skills.ts';
import type { NamedDraft, TaskKind } from './task-draft.ts';

const CATEGORY: Readonly<Record<TaskKind, Category>> = { contract: 'foundation', implementation: 'implementation', quality: 'optimization', verification: 'integration', documentation: 'integration', integration: 'integration' };
const LINES_PER_HOUR = 30;
const MAX_EVIDENCE = 8;
const MAX_CRITERIA = 12;

export type Sibling = Pick<NamedDraft, 'id' | 'title' | 'kind'>;

export interface PlannedTaskParts {
  readonly draft: NamedDraft;
  readonly resources: TaskResources;
  /** What the document leaves out: so do tasks. */
  readonly excludes: readonly Exclusion[];
  /** Of the same feature: what this one does not do. */
  readonly siblings: readonly Sibling[];
  /** Tasks that pairs are not to run beside. */
  readonly isPausable: boolean;
}

export const plannedTask = ({ draft, resources, excludes, siblings, isPausable }: PlannedTaskParts): PlannedTask => {
  const { id, feature, kind, title, units, hours } = draft;
  const text = [title, ...units.map((unit) => unit.text)].join('\n');
  const skills = skillsOf(kind, text);
  const amounts = amountsOf(kind);
  const task: PlannedTask = {
    id,
    feature_id: feature.feature.id,
    title,
    description: descriptionOf(draft),
    category: isSetUp(title) ? 'foundation' : CATEGORY[kind],
    boundaries: {
      expected_complexity: complexityOf(draft),
      definition_of_done: { criteria: criteriaOf(draft), stop_when: stopOf(draft, siblings, excludes) },
      scope: {
        includes: [...draft.writes],
        excludes: excludedOf(excludes),
        restrictions: `Change nothing but ${draft.writes.join(', ')}, and what cannot work without it; say so where that is needed.`,
      },
    },
    execution_guidance: guidanceOf(draft),
    resource_requirements: {
      estimated: { ...amounts, exclusive_resources: [...resources.exclusive], shared_resources: { ...resources.shared } },
      peak: { cpu_cores: amounts.cpu_cores * 2, memory_mb: amounts.memory_mb * 2, disk_io_mbps: amounts.disk_io_mbps * 5, duration_seconds: 60, during: 'Running its checks' },
      worker_capabilities_required: [...skills],
    },
    scheduling_hints: {
      priority: feature.feature.priority,
      preemptible: kind === 'documentation',
      retry_on_failure: true,
      max_retries: 2,
      avoid_concurrent_with: [],
      can_pause_resume: isPausable,
      checkpoint_capable: hours >= 2,
    },
    reuses_existing: { extends: [...draft.extends], imports: [...draft.imports], rationale: draft.rationale },
    skillsRequired: [...skills],
    duration: threePoints(hours, draft.isUncertain, draft.spread),
    durationUnits: 'hours',
    interfaces_produced: [...draft.produces],
    interfaces_consumed: [...draft.consumes],
    acceptance_checks: [...draft.checks],
    source_evidence: evidenceOf(units, draft.evidence),
    requirements: units.map((unit) => unit.id),
    files_scope: { reads: [...draft.reads], writes: [...draft.writes] },
    contentHash: '',
  };
  return { ...task, contentHash: taskHash(task) };
};

/** Things that others are built upon. */
const isSetUp = (title: string): boolean => /^(?:set up|setup|scaffold|bootstrap|initiali[sz]e|provision|configure|install)\b/i.test(title);

const descriptionOf = ({ units, kind, feature, description }: NamedDraft): string => {
  const said = units.slice(0, 6).map((unit) => `${unit.key ?? unit.id}: ${shorten(unit.text, 200)}`);
  const more = units.length - said.length;
  const head: Readonly<Record<TaskKind, string>> = {
    contract: `Agree on what the parts of "${feature.feature.title}" exchange: names, shapes, errors. It covers:`,
    implementation: 'It covers:',
    quality: 'Make measurable, measure and reach:',
    verification: 'Test, against the contract, what the document says is to hold:',
    integration: 'All parts are there: run the acceptance tests of every feature, and mend what fails. It covers:',
    documentation: `Describe "${feature.feature.title}" for whoever uses it:`,
  };
  const covered = said.length === 0 ? [] : [description === undefined ? head[kind] : 'It covers:', ...said.map((line) => `- ${line}`), ...(more > 0 ? [`- and ${more} more`] : [])];
  return [...(description === undefined ? [] : [description]), ...covered].join('\n');
};

const complexityOf = ({ hours, parts, kind }: NamedDraft): PlannedTask['boundaries']['expected_complexity'] => {
  const lines = Math.max(10, Math.round((hours * LINES_PER_HOUR) / 10) * 10);
  const what = kind === 'documentation' ? 'lines of text' : 'LoC';
  const each = parts.length === 1 ? '1 part' : `${parts.length} parts (about ${Math.round(lines / parts.length)} ${what} each)`;
  return { value: `~${lines} ${what}`, breakdown: `${each}: ${parts.slice(0, 4).map((part) => shorten(part.title, 60)).join('; ')}${parts.length > 4 ? '; …' : ''}` };
};

const criteriaOf = ({ units, writes, checks }: NamedDraft): string[] => {
  const said = units.slice(0, MAX_CRITERIA - 2).map((unit) => `${unit.key ?? unit.id} holds: ${shorten(unit.text, 160)}`);
  const commands = checks.flatMap((check) => (check.type === 'command' ? [check.cmd] : []));
  return [...said, ...commands.map((cmd) => `\`${cmd}\` succeeds`), `${writes.join(', ')} exist and are reviewed`];
};

export const excludedOf = (excludes: readonly Exclusion[]): string[] => excludes.slice(0, 5).map((each) => shorten(each.text, 120));

/** What comes next is another task's; what the document leaves out is nobody's. */
export const stopOf = ({ id }: Pick<NamedDraft, 'id'>, siblings: readonly Sibling[], excludes: readonly Exclusion[]): string => {
  const others = siblings.filter((other) => other.id !== id && other.kind === 'implementation').slice(0, 2);
  const left = excludes.slice(0, 2).map((each) => shorten(each.text, 80));
  const parts = [...others.map((other) => `"${other.title}" is ${other.id}`), ...left.map((text) => `out of scope: ${text}`)];
  return `Stop when all criteria hold${parts.length > 0 ? `. Not part of it: ${parts.join('; ')}` : ''}.`;
};

const guidanceOf = ({ id, parts, hours, checks }: NamedDraft): PlannedTask['execution_guidance'] => {
  const [check] = checks.flatMap((each) => (each.type === 'command' ? [each.cmd] : []));
  const after = parts.length > 1 ? parts.slice(0, 4).map((part) => `After "${shorten(part.title, 60)}": ${check === undefined ? 'review it' : `run \`${check}\``}`) : [];
  return {
    logging: {
      on_start: `Log "Starting ${id}" with the time`,
      on_progress: parts.length > 1 ? `Log each of its ${parts.length} parts when it is done` : 'Log each file when it is done',
      on_completion: 'Log lines added, checks run and their results, and what was left out',
      log_format: 'JSON with fields: {task_id, timestamp, event, metrics, errors}',
    },
    checkpoints: [...after, `Before the end: ${check === undefined ? 'go through the criteria' : `run \`${check}\``}`],
    monitoring: {
      heartbeat_interval_seconds: 30,
      progress_reporting: 'percentage_and_checkpoint',
      resource_usage_reporting: true,
      checkpoint_events: hours < 2 ? [] : POINTS.map(({ at, name }) => ({ at, name, rollback_capable: true })),
    },
  };
};

const POINTS = [
  { at: '25%', name: 'designed' },
  { at: '50%', name: 'built' },
  { at: '75%', name: 'checked' },
] as const;

/** The binding ones first where there are many, those beside them last; in the order of the document, each place once. */
const evidenceOf = (units: readonly RequirementUnit[], beside: readonly SourceEvidence[] = []): SourceEvidence[] => {
  const all = [...units.filter(({ strength }) => strength === 'must'), ...units.filter(({ strength }) => strength !== 'must')].map(({ evidence }) => evidence);
  const cited: SourceEvidence[] = [];
  for (const each of [...all, ...beside]) {
    const isNew = !beside.includes(each) || cited.every(({ loc }) => each.loc.end <= loc.start || each.loc.start >= loc.end);
    if (cited.length < MAX_EVIDENCE && isNew) cited.push(each);
  }
  return cited.sort((a, b) => a.loc.start - b.loc.start).map((each) => ({ ...each }));
};

const AMOUNTS = { light: { cpu_cores: 0.5, memory_mb: 256, disk_io_mbps: 2 }, usual: { cpu_cores: 1, memory_mb: 512, disk_io_mbps: 5 } } as const;
const amountsOf = (kind: TaskKind): (typeof AMOUNTS)[keyof typeof AMOUNTS] => (kind === 'contract' || kind === 'documentation' ? AMOUNTS.light : AMOUNTS.usual);
