/** T.A.S.K.S. v3 plans (spec/001): `tasks.json`, and `coordinator.json` and `waves.json` beside it. */
import { DEFAULT_MIN_CONFIDENCE } from '../../model/edge.schema.ts';
import { joinDeclared, NOTHING_DECLARED, readDeclared, readResourcesFile } from '../resources/declared.ts';
import { v3Declared } from '../resources/v3-declared.ts';
import type { Draft, Findings, PolicyChanges } from './draft.ts';
import { readEnvelope, top, without } from './envelope.ts';
import { mapMachine, withMachine } from './map-pressure.ts';
import { present } from './optional.ts';
import { readCoordinatorFile } from './read-coordinator.ts';
import { idsOf, readEdges, withAsks } from './read-edges.ts';
import { combinePolicies } from './read-policies.ts';
import { warnLimits } from './read-limits.ts';
import { readTasks } from './read-task.ts';
import { readWaves, withWaves } from './read-waves.ts';
import type { SourceDocument } from './source.ts';
import { inside, problemAt } from './source.ts';
import { tasksV3Schema } from './tasks-v3.schema.ts';
import type { TasksV3 } from './tasks-v3.schema.ts';

export interface TasksV3Files {
  readonly main: SourceDocument;
  readonly coordinator?: SourceDocument | undefined;
  readonly waves?: SourceDocument | undefined;
  readonly resources?: SourceDocument | undefined;
}

const metaPolicies = (written: TasksV3): PolicyChanges =>
  present({
    executionModel: written.meta?.execution_model,
    concurrencyMax: written.meta?.resource_limits?.max_concurrent_tasks,
  });

/** `tasks.json` says which tasks there are; a graph in `coordinator.json` that says otherwise is not read. */
const warnOtherGraph = (coordinator: SourceDocument, nodes: readonly unknown[] | undefined, ids: ReadonlySet<string>, findings: Findings): void => {
  if (!nodes) return;
  const others = idsOf(nodes);
  if (others.size === ids.size && [...others].every((id) => ids.has(id))) return;
  findings.warnings.push(
    problemAt({
      code: 'TASKS1006',
      message: 'the graph here has other tasks than tasks.json, which counts',
      where: inside(top(coordinator), 'graph', 'nodes'),
    }),
  );
};

/** What is said of policies: by `tasks.json`, then by `waves.json`, then by `coordinator.json`, which wins. */
export const readTasksV3 = (
  files: TasksV3Files,
  options: { readonly minConfidence?: number | undefined },
  findings: Findings,
): Draft | undefined => {
  const { main } = files;
  const where = top(main);
  const written = readEnvelope({ schema: tasksV3Schema, value: main.value, where, findings });
  const coordinator = files.coordinator && readCoordinatorFile(files.coordinator, findings);
  const limits = written?.meta?.resource_limits;
  warnLimits(limits, inside(where, 'meta', 'resource_limits'), findings);
  const ids = idsOf(written?.tasks ?? []);
  const waves = files.waves && readWaves(files.waves, ids, findings);
  if (!written) return undefined;
  if (files.coordinator) warnOtherGraph(files.coordinator, coordinator?.written.graph?.nodes, ids, findings);
  const { tasks, edges } = readTasks({ raw: written.tasks, where: inside(where, 'tasks'), findings });
  const listed = readEdges({
    raw: written.dependencies ?? [],
    where: inside(where, 'dependencies'),
    minConfidence:
      options.minConfidence ?? written.meta?.min_confidence ?? coordinator?.minConfidence ?? DEFAULT_MIN_CONFIDENCE,
    ids,
    findings,
  });
  const beside = [files.coordinator, files.waves, files.resources].flatMap((doc) => (doc ? [[doc.name, doc.value] as const] : []));
  return {
    format: 'tasks.v3',
    name: written.name,
    codebasePath: written.meta?.codebase_path ?? written.meta?.codebase_analysis?.codebase_path,
    where,
    tasks: withWaves(withAsks(tasks, listed.asks), waves?.waveOf ?? new Map()),
    edges: [...edges, ...listed.edges],
    declared: joinDeclared(
      readDeclared(written, where, findings),
      coordinator?.declared ?? NOTHING_DECLARED,
      readResourcesFile(files.resources, findings),
      v3Declared({ meta: written.meta, where, coordinator: coordinator && files.coordinator && { written: coordinator.written, where: top(files.coordinator) } }),
    ),
    policies: withMachine(combinePolicies(metaPolicies(written), waves?.changes ?? {}, coordinator?.changes ?? {}), limits && [mapMachine(limits)]),
    fields: { ...without(main.value, 'tasks'), ...Object.fromEntries(beside) },
  };
};
