/**
 * Whether a plan is what it has to be, beyond what executing it needs: everything that is wrong at once, each with its place and
 * the way out. Every format is held to its structure; a directory that a planner wrote to spec/001 as well, whoever has edited it
 * since; phase plans and FlowOps plans to spec/003's guardrails. Nothing is started and nothing is written.
 *
 * @example
 * const { isValid, findings } = await validatePlan({ source: { path: './tasks_output' } });
 */
import type { StoredPlan } from '../../model/graph.ts';
import { TasksError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { compilePlan, inputOf, parsePlan } from '../read/read-plan.ts';
import type { ParsedPlan, PlanSource } from '../read/read-plan.ts';
import { resolveWorkspace } from '../read/workspace.ts';
import type { Finding } from './finding.ts';
import { inOrder, structural } from './finding.ts';
import type { PlanMetrics } from './metrics.ts';
import { metricsOf } from './metrics.ts';
import { incompleteNodes } from './nodes/complete.ts';
import { nodesOf } from './nodes/node-view.ts';
import { overlappingWrites } from './nodes/overlaps.ts';
import { nodeWriters, taskWriters } from './nodes/writers.ts';
import { at, textOf } from './item.ts';
import { holds } from './pointer.ts';
import { findDocument, homeOf, readArtifacts } from './read-artifacts.ts';
import type { ReadArtifacts } from './read-artifacts.ts';
import { renewedHashes } from './renew-hashes.ts';
import type { RenewedFile } from './renew-hashes.ts';
import { HARD_FAILS, RULES } from './rules.ts';
import type { Rule } from './rule.ts';
import { viewOf } from './view.ts';
import type { FoundDocument, PlanFiles, V3View } from './view.ts';

export interface ValidateRequest {
  readonly source: PlanSource;
  /** Path of the specification that quotes are compared with; looked for by its hash unless stated. */
  readonly document?: string;
}

export interface Validation {
  /** No errors. */
  readonly isValid: boolean;
  /** Of a plan that could be told by its format. */
  readonly format?: StoredPlan['format'];
  /** A planner wrote it: it was held to spec/001, not to its structure alone. */
  readonly isDirectory: boolean;
  readonly name?: string;
  /** Errors first, then by code. */
  readonly findings: readonly Finding[];
  readonly metrics?: PlanMetrics;
  /** Path of the document that quotes were compared with. */
  readonly document?: string;
  /** What the reader says of a plan that it takes. */
  readonly warnings: readonly Problem[];
}

/** Hard fails that point at the very thing that is missing. */
const PRECISE: ReadonlySet<string> = new Set(['TASKS1303', 'TASKS1305', 'TASKS1306', 'TASKS1308']);

/** What a hard fail says of a place the schema need not say again. */
const withoutEchoes = (findings: readonly Finding[]): readonly Finding[] => {
  const hard = new Map<string, string[]>();
  for (const { code, file = '', pointer = '' } of findings) if (PRECISE.has(code)) hard.set(file, [...(hard.get(file) ?? []), pointer]);
  const isEcho = ({ code, file = '', pointer = '' }: Finding): boolean => code === 'TASKS1309' && pointer !== '' && (hard.get(file) ?? []).some((other) => holds(other, pointer) || holds(pointer, other));
  const hasCycle = findings.some(({ code }) => code === 'TASKS1301');
  return findings.filter((finding) => !isEcho(finding) && !(hasCycle && finding.code === 'TASKS1205'));
};

const applied = (view: V3View, rules: readonly Rule[]): readonly Finding[] => rules.flatMap(({ check }) => check(view));

/** As the plan states it; undefined where it states none, or one that is not there. */
const codebaseOf = async (files: PlanFiles, home: string | undefined): Promise<string | undefined> => {
  const main = viewOf(files).file('tasks.json');
  const stated = textOf(at(main, 'meta', 'codebase_path')) ?? textOf(at(main, 'meta', 'codebase_analysis', 'codebase_path'));
  return stated === undefined || home === undefined ? undefined : resolveWorkspace({ plan: { codebasePath: stated }, planPath: home }).catch(() => undefined);
};

interface Structure {
  readonly plan?: StoredPlan;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const structureOf = (parsed: ParsedPlan): Structure => {
  const compiled = compilePlan(parsed);
  return compiled.ok ? { plan: compiled.value.plan, problems: [], warnings: compiled.value.warnings } : { problems: compiled.error, warnings: [] };
};

const ofDirectory = (parsed: ParsedPlan, artifacts: ReadArtifacts, document: FoundDocument | undefined): Validation => {
  const { plan, problems, warnings } = structureOf(parsed);
  const view = viewOf(artifacts, document);
  const documents = [...artifacts.documents.values()];
  const findings = [
    ...[...problems, ...artifacts.problems].map((problem) => structural(problem, documents)),
    ...applied(view, RULES),
    ...(plan ? overlappingWrites(taskWriters(view, plan.graph), plan.graph) : []),
  ];
  const ordered = inOrder(withoutEchoes(findings));
  return {
    isValid: ordered.every(({ severity }) => severity === 'warning'),
    format: 'tasks.v3',
    isDirectory: true,
    name: plan?.graph.name ?? parsed.input.name,
    findings: ordered,
    metrics: metricsOf(view),
    ...(document && { document: document.file }),
    warnings,
  };
};

const ofNodes = (parsed: ParsedPlan): Validation => {
  const { plan, problems, warnings } = structureOf(parsed);
  const { detected, documents } = parsed;
  const nodes = nodesOf(detected);
  const findings = [
    ...problems.map((problem) => structural(problem, [...documents.values()].flat())),
    // The fields are those of phase plans (spec/003); what FlowOps asks for itself is its structure.
    ...incompleteNodes(nodes, detected.format === 'phase' ? 'error' : 'warning'),
    ...(plan ? overlappingWrites(nodeWriters(nodes, plan.graph), plan.graph) : []),
  ];
  const ordered = inOrder(findings);
  return { isValid: ordered.every(({ severity }) => severity === 'warning'), format: detected.format, isDirectory: false, name: plan?.graph.name ?? parsed.input.name, findings: ordered, warnings };
};

const unread = (problems: readonly Problem[]): Validation => ({ isValid: false, isDirectory: false, findings: problems.map((problem) => structural(problem, [])), warnings: [] });

/** Of what has been read. Pure. `artifacts` are those of a plan that a planner wrote. */
export const judge = (parsed: ParsedPlan, artifacts?: ReadArtifacts, document?: FoundDocument): Validation => (artifacts ? ofDirectory(parsed, artifacts, document) : ofNodes(parsed));

/** @throws TasksError TASKS1602 when the document that was named cannot be read. */
export const validatePlan = async (request: ValidateRequest): Promise<Validation> => {
  const input = await inputOf(request.source);
  if (!input.ok) return unread(input.error);
  const parsed = parsePlan(input.value);
  if (!parsed.ok) return unread(parsed.error);
  const artifacts = await readArtifacts(parsed.value, request.source);
  if (!artifacts) return judge(parsed.value);
  const home = homeOf(input.value);
  const codebase = await codebaseOf(artifacts, home);
  return judge(parsed.value, artifacts, await findDocument({ files: artifacts, home, codebase, named: request.document }));
};

/**
 * The files of a directory whose hashes are not those of what they stand for any more, with hashes made anew.
 *
 * @throws TasksError with what keeps a file from being read; TASKS1005 for a plan that no planner wrote, which has no hashes.
 */
export const withNewHashes = async (source: PlanSource): Promise<readonly RenewedFile[]> => {
  const input = await inputOf(source);
  const parsed = input.ok ? parsePlan(input.value) : input;
  if (!parsed.ok) throw new TasksError(parsed.error);
  const artifacts = await readArtifacts(parsed.value, source);
  if (!artifacts) throw new TasksError({ code: 'TASKS1005', message: 'there is no hash to make anew: no planner wrote this plan', hint: 'Hashes are those of a T.A.S.K.S. v3 directory: features.json, tasks.json, dag.json and what lies beside them.' });
  if (artifacts.problems.length > 0) throw new TasksError(artifacts.problems);
  try {
    return renewedHashes(artifacts, artifacts.sources);
  } catch (cause) {
    throw new TasksError({ code: 'TASKS1310', message: `a file holds what has no hash: ${cause instanceof Error ? cause.message : String(cause)}` }, { cause });
  }
};

/** The hard fails alone, of a plan that executing is asked for: none of one that no planner wrote. */
export const hardFails = async (source: PlanSource): Promise<readonly Finding[]> => {
  const input = await inputOf(source);
  const parsed = input.ok ? parsePlan(input.value) : input;
  // The reader says what is wrong with it.
  if (!parsed.ok) return [];
  const artifacts = await readArtifacts(parsed.value, source);
  return artifacts ? applied(viewOf(artifacts), HARD_FAILS) : [];
};
