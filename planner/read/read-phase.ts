/** Phase plans (spec/003): one file or many, one graph. */
import { isBackground } from '../../model/graph.ts';
import { errorPolicyOf } from '../healing/map-error-policy.ts';
import { joinDeclared, readDeclared, readResourcesFile } from '../resources/declared.ts';
import { limitsDeclared } from '../resources/v3-declared.ts';
import type { Draft, DraftEdge, Findings, PolicyChanges } from './draft.ts';
import { readEnvelope, top, without } from './envelope.ts';
import { lowest, mapMachine, mapParallelism, withMachine } from './map-pressure.ts';
import { writtenPriority } from './map-task.ts';
import { KEPT_BLOCKS, phaseSchema, phaseTaskSchema } from './phase.schema.ts';
import type { Phase } from './phase.schema.ts';
import { endsOf, readPhaseNode, readPhaseNodes } from './phase-nodes.ts';
import type { PhaseNode } from './phase-nodes.ts';
import { combinePolicies, mapPolicies, readPolicies, warnPolicies } from './read-policies.ts';
import { warnLimits, warnParallelism } from './read-limits.ts';
import { isRecord } from './read-task.ts';
import type { SourceDocument, Where } from './source.ts';
import { inside, placeOf, problemAt } from './source.ts';
import { quote } from './words.ts';

interface ReadPhase {
  readonly id: string;
  readonly where: Where;
  readonly written: Phase;
  readonly raw: unknown;
  readonly nodes: readonly PhaseNode[];
  readonly roots: readonly string[];
  readonly sinks: readonly string[];
}

/** A phase without a list of tasks is a task itself; an empty list is a phase without work. */
const nodesOf = (doc: SourceDocument, written: Phase, findings: Findings): readonly PhaseNode[] => {
  const where = top(doc);
  const phaseId = written.phase_id;
  const background = isBackground({ priority: writtenPriority(written) });
  const errorPolicy = errorPolicyOf(written);
  const lists = (['tasks', 'subtasks'] as const).filter((key) => written[key] !== undefined);
  if (lists.length > 0) {
    return lists.flatMap((key) => readPhaseNodes({ raw: written[key] ?? [], where: inside(where, key), phaseId, background, errorPolicy, findings }));
  }
  return readPhaseNode({ raw: { ...without(doc.value, 'depends_on', 'phase_id'), id: phaseId }, where, phaseId, background: false, errorPolicy: undefined, findings });
};

const warnBlocks = (written: Phase, where: Where, findings: Findings): void => {
  warnLimits(written.resource_limits, inside(where, 'resource_limits'), findings);
  warnParallelism(written.parallelism_policy, inside(where, 'parallelism_policy'), findings);
  const kept = KEPT_BLOCKS.filter((key) => written[key] !== undefined);
  if (kept.length === 0) return;
  const message = `phase ${quote(written.phase_id)}: kept, and without effect yet: ${kept.join(', ')}`;
  findings.warnings.push(problemAt({ code: 'TASKS1007', message, where: inside(where, kept[0] ?? '') }));
};

const TASK_KEYS = Object.keys(phaseTaskSchema.shape);
const isTask = (value: unknown): boolean => isRecord(value) && value['tasks'] === undefined && value['subtasks'] === undefined;

const readOne = (doc: SourceDocument, findings: Findings): ReadPhase | undefined => {
  const where = top(doc);
  const written = readEnvelope({ schema: phaseSchema, value: doc.value, where, findings, more: isTask(doc.value) ? TASK_KEYS : [] });
  if (!written) return undefined;
  warnBlocks(written, where, findings);
  const nodes = nodesOf(doc, written, findings);
  return { id: written.phase_id, where, written, raw: doc.value, nodes, ...endsOf(nodes) };
};

/** Phases by id. A task with the id of a phase is a duplicate, unless it is the phase itself. */
const indexPhases = (phases: readonly ReadPhase[], findings: Findings): ReadonlyMap<string, ReadPhase> => {
  const byId = new Map<string, ReadPhase>();
  const report = (id: string, where: Where, first: ReadPhase): void => {
    const related = [{ message: `phase ${quote(id)} stands here`, place: placeOf(inside(first.where, 'phase_id')) }];
    findings.problems.push(problemAt({ code: 'TASKS1202', message: `${quote(id)} is already the id of a phase`, where, related }));
  };
  for (const phase of phases) {
    const first = byId.get(phase.id);
    if (first) report(phase.id, inside(phase.where, 'phase_id'), first);
    else byId.set(phase.id, phase);
  }
  for (const { task } of phases.flatMap((phase) => phase.nodes)) {
    const phase = byId.get(task.id);
    if (phase && task.where.path.length > 0) report(task.id, inside(task.where, 'id'), phase);
  }
  return byId;
};

/** What it takes for a phase to be done: its last tasks, or, when it has none, what it waits for itself. */
const lastOf = (phase: ReadPhase, phases: ReadonlyMap<string, ReadPhase>): readonly string[] => {
  const found: string[] = [];
  const seen = new Set([phase]);
  for (const each of seen) {
    found.push(...each.sinks);
    if (each.nodes.length > 0) continue;
    for (const { from } of dependenciesOf(each)) {
      const next = phases.get(from);
      if (next) seen.add(next);
      else found.push(from);
    }
  }
  return found;
};

const dependenciesOf = (phase: ReadPhase): readonly Omit<DraftEdge, 'to'>[] =>
  (phase.written.depends_on ?? []).map((item, index) => ({
    from: typeof item === 'string' ? item : item.id,
    type: typeof item === 'string' ? 'hard' : (item.type ?? 'hard'),
    where: inside(phase.where, 'depends_on', index),
  }));

/** Edges between tasks: those on whole phases spelled out. */
const edgesOf = (phases: readonly ReadPhase[], byId: ReadonlyMap<string, ReadPhase>): readonly DraftEdge[] => {
  const taskIds = new Set(phases.flatMap((phase) => phase.nodes.map((node) => node.task.id)));
  const last = new Map<string, readonly string[]>();
  const sources = (id: string): readonly string[] => {
    const phase = taskIds.has(id) ? undefined : byId.get(id);
    if (!phase) return [id];
    const known = last.get(id) ?? lastOf(phase, byId);
    last.set(id, known);
    return known;
  };
  return phases.flatMap((phase) => [
    ...phase.nodes.flatMap((node) =>
      node.edges.flatMap((edge) =>
        // On its own phase: a dependency on itself, and said as one.
        edge.from === phase.id ? [{ ...edge, from: edge.to }] : sources(edge.from).map((from) => ({ ...edge, from })),
      ),
    ),
    ...dependenciesOf(phase).flatMap((edge) =>
      sources(edge.from).flatMap((from) => phase.roots.map((to): DraftEdge => ({ ...edge, from, to }))),
    ),
  ]);
};

const statedPolicies = (phase: ReadPhase, findings: Findings): PolicyChanges => {
  const { policies, executors } = phase.written;
  const stated = [
    ...(policies === undefined ? [] : [{ value: policies, where: inside(phase.where, 'policies') }]),
    ...(executors === undefined ? [] : [{ value: { executors }, where: phase.where }]),
  ];
  const changes = stated.flatMap(({ value, where }) => {
    const written = readPolicies(value, where, findings);
    if (written) warnPolicies(written, where, findings);
    return written ? [mapPolicies(written, where)] : [];
  });
  return combinePolicies(...changes);
};

/** The graph of several phases is one: limits that phases state beside their policies hold for all of it, the strictest of each. */
const policiesOf = (phases: readonly ReadPhase[], findings: Findings): PolicyChanges => {
  const stated = phases.map((phase) => statedPolicies(phase, findings));
  const limits = phases.map(({ written }) => written.resource_limits).filter((each) => each !== undefined);
  const parallelism = phases.map(({ written }) => written.parallelism_policy).filter((each) => each !== undefined);
  const combined = combinePolicies(mapParallelism(parallelism, limits), ...stated);
  const errorsPerMinute = lowest(stated.map(({ backpressure }) => backpressure?.errorsPerMinute));
  return withMachine(
    errorsPerMinute === undefined ? combined : { ...combined, backpressure: { ...combined.backpressure, errorsPerMinute } },
    [...stated.map(({ machine }) => machine), ...limits.map(mapMachine)],
  );
};

export const looksLikePhase = (value: unknown): boolean => isRecord(value) && Object.hasOwn(value, 'phase_id');

export interface PhaseFiles {
  /** At least one. */
  readonly phases: readonly SourceDocument[];
  readonly resources?: SourceDocument | undefined;
}

export const readPhases = ({ phases: docs, resources }: PhaseFiles, findings: Findings): Draft | undefined => {
  const phases = docs.flatMap((doc) => readOne(doc, findings) ?? []);
  const byId = indexPhases(phases, findings);
  const [first] = docs;
  if (!first) return undefined;
  return {
    format: 'phase',
    name: docs.length === 1 ? phases[0]?.id : undefined,
    codebasePath: phases.find((phase) => phase.written.codebase_path !== undefined)?.written.codebase_path,
    where: top(first),
    tasks: phases.flatMap((phase) => phase.nodes.map((node) => node.task)),
    edges: edgesOf(phases, byId),
    policies: policiesOf(phases, findings),
    declared: joinDeclared(
      ...phases.map(({ written, where }) => readDeclared(written, where, findings)),
      readResourcesFile(resources, findings),
      limitsDeclared(phases.map(({ written, where }) => ({ limits: written.resource_limits, where: inside(where, 'resource_limits') }))),
    ),
    fields: { ...(resources ? { [resources.name]: resources.value } : {}), phases: phases.map((phase) => ({ file: phase.where.doc.name, ...without(phase.raw, 'tasks', 'subtasks') })) },
  };
};
