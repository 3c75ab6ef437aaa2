/** `coordinator.json`: the policies of either shape, and, where it holds one, the graph. */
import { DEFAULT_MIN_CONFIDENCE } from '../../model/edge.schema.ts';
import { coordinatorSchema } from './coordinator.schema.ts';
import type { Coordinator } from './coordinator.schema.ts';
import { joinDeclared, readCoordinatorDeclared, readResourcesFile } from '../resources/declared.ts';
import { v3Declared } from '../resources/v3-declared.ts';
import type { Declared, Draft, Findings, PolicyChanges } from './draft.ts';
import { readEnvelope, top, without } from './envelope.ts';
import type { WrittenPolicies } from './policies.schema.ts';
import { idsOf, readEdges, withAsks } from './read-edges.ts';
import { combinePolicies, mapPolicies, readPolicies, warnDisagreement, warnPolicies } from './read-policies.ts';
import { readTasks } from './read-task.ts';
import type { SourceDocument, Where } from './source.ts';
import { inside } from './source.ts';

export interface CoordinatorPolicies {
  readonly changes: PolicyChanges;
  readonly minConfidence?: number | undefined;
}

/** Top-level `policies` win over `coordinator.policies`, key by key; where both differ, that is said. What stands in `monitoring` beside them is a policy as well. */
const policiesOf = (coordinator: Coordinator, where: Where, findings: Findings): CoordinatorPolicies => {
  const stated = (value: unknown, at: Where): { written: WrittenPolicies; where: Where } | undefined => {
    const written = value === undefined ? undefined : readPolicies(value, at, findings);
    if (written) warnPolicies(written, at, findings);
    return written && { written, where: at };
  };
  const nested = stated(coordinator.coordinator?.policies, inside(where, 'coordinator', 'policies'));
  const own = stated(coordinator.policies, inside(where, 'policies'));
  const watched = [{ at: inside(where, 'coordinator'), monitoring: coordinator.coordinator?.monitoring }, { at: where, monitoring: coordinator.monitoring }].flatMap(({ at, monitoring }) => {
    const written = monitoring === undefined ? undefined : readPolicies({ monitoring }, at, findings);
    return written ? [mapPolicies(written, at)] : [];
  });
  if (own && nested) warnDisagreement({ winner: own, loser: nested, findings });
  return {
    changes: combinePolicies(...watched, ...[nested, own].flatMap((one) => (one ? [mapPolicies(one.written, one.where)] : []))),
    minConfidence: own?.written.min_confidence ?? nested?.written.min_confidence,
  };
};

export interface ReadCoordinator extends CoordinatorPolicies {
  readonly written: Coordinator;
  readonly declared: Declared;
}

export const readCoordinatorFile = (doc: SourceDocument, findings: Findings): ReadCoordinator | undefined => {
  const where = top(doc);
  const written = readEnvelope({ schema: coordinatorSchema, value: doc.value, where, findings });
  return written && { written, declared: readCoordinatorDeclared(written, where, findings), ...policiesOf(written, where, findings) };
};

export interface CoordinatorFiles {
  readonly main: SourceDocument;
  readonly resources?: SourceDocument | undefined;
}

/** A coordinator file that is the whole plan. */
export const readCoordinator = (
  { main: doc, resources }: CoordinatorFiles,
  options: { readonly minConfidence?: number | undefined },
  findings: Findings,
): Draft | undefined => {
  const read = readCoordinatorFile(doc, findings);
  if (!read) return undefined;
  const { written, changes } = read;
  const where = top(doc);
  const graph = inside(where, 'graph');
  const nodes = written.graph?.nodes ?? [];
  const { tasks, edges } = readTasks({ raw: nodes, where: inside(graph, 'nodes'), findings });
  const listed = readEdges({
    raw: written.graph?.edges ?? [],
    where: inside(graph, 'edges'),
    minConfidence: options.minConfidence ?? read.minConfidence ?? DEFAULT_MIN_CONFIDENCE,
    ids: idsOf(nodes),
    findings,
  });
  return {
    format: 'coordinator',
    name: written.name,
    codebasePath: written.codebase_path,
    where: written.graph ? graph : where,
    tasks: withAsks(tasks, listed.asks),
    edges: [...edges, ...listed.edges],
    policies: combinePolicies(changes),
    declared: joinDeclared(read.declared, v3Declared({ meta: undefined, where, coordinator: { written, where } }), readResourcesFile(resources, findings)),
    fields: { ...without(doc.value, 'graph'), graph: without(written.graph, 'nodes'), ...(resources ? { [resources.name]: resources.value } : {}) },
  };
};
