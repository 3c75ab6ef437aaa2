/** Which format a plan is in: one small detector each, asked in this order. By content, and by a file's name only to find it. */
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import type { CoordinatorFiles } from './read-coordinator.ts';
import type { FlowopsFiles } from './read-flowops.ts';
import { looksLikePhase } from './read-phase.ts';
import type { PhaseFiles } from './read-phase.ts';
import { isRecord } from './read-task.ts';
import type { TasksV3Files } from './read-tasks-v3.ts';
import type { SourceDocument } from './source.ts';
import { quote } from './words.ts';

export type Detected =
  | { readonly format: 'flowops'; readonly files: FlowopsFiles }
  | { readonly format: 'tasks.v3'; readonly files: TasksV3Files }
  | { readonly format: 'coordinator'; readonly files: CoordinatorFiles }
  | { readonly format: 'phase'; readonly files: PhaseFiles };

/** Parsed files by their name within the plan; a YAML file may hold several documents. */
export type Documents = ReadonlyMap<string, readonly SourceDocument[]>;

/** Names that a plan directory is known by; they come first, in this order. */
export const MAIN_NAMES = ['tasks.v2.json', 'tasks.json', 'coordinator.json'] as const;
export const RESOURCES_NAME = 'resources.json';
export const BESIDE_NAMES = ['flowops.config.json', RESOURCES_NAME, 'waves.json'] as const;

const has = (value: unknown, ...keys: readonly string[]): boolean =>
  isRecord(value) && keys.some((key) => Object.hasOwn(value, key));

interface Detector {
  readonly looksFor: string;
  readonly detect: (main: SourceDocument, beside: (name: string) => SourceDocument | undefined) => Detected | undefined;
}

const phase: Detector = {
  looksFor: 'phase plan: YAML or JSON with "phase_id"',
  detect: (main) => (looksLikePhase(main.value) ? { format: 'phase', files: { phases: [main] } } : undefined),
};

const coordinator: Detector = {
  looksFor: 'coordinator.json v1.x: an object with "graph"',
  detect: (main, beside) => (has(main.value, 'graph') ? { format: 'coordinator', files: { main, resources: beside(RESOURCES_NAME) } } : undefined),
};

const tasksV3: Detector = {
  looksFor: 'T.A.S.K.S. v3: tasks.json with "tasks" and "dependencies", beside it coordinator.json',
  detect: (main, beside) =>
    has(main.value, 'tasks') && has(main.value, 'dependencies', 'generated', 'resource_conflicts')
      ? { format: 'tasks.v3', files: { main, coordinator: beside('coordinator.json'), waves: beside('waves.json'), resources: beside(RESOURCES_NAME) } }
      : undefined,
};

const flowops: Detector = {
  looksFor: 'FlowOps: tasks.v2.json, an object with "tasks" or a list of tasks',
  detect: (main, beside) =>
    Array.isArray(main.value) || has(main.value, 'tasks')
      ? { format: 'flowops', files: { main, config: beside('flowops.config.json'), resources: beside(RESOURCES_NAME) } }
      : undefined,
};

const DETECTORS: readonly Detector[] = [phase, coordinator, tasksV3, flowops];

const unknown = (label: string, documents: Documents): Problem => {
  const half = documents.get('coordinator.json')?.some((doc) => has(doc.value, 'coordinator', 'worker_pool'));
  const seen = documents.size > 1 ? `; there is ${[...documents.keys()].slice(0, 10).map(quote).join(', ')}` : '';
  return {
    code: 'TASKS1005',
    message: `${quote(label)} is not a plan in any format there is${seen}`,
    place: { file: label },
    hint: [
      half ? 'This coordinator.json has no graph: it needs tasks.json beside it.' : undefined,
      'Looked for:',
      ...DETECTORS.map((detector) => `  ${detector.looksFor}`),
    ]
      .filter((line) => line !== undefined)
      .join('\n'),
  };
};

/** `label` is what people call the plan: its path, or standard input. */
export const detectFormat = (label: string, documents: Documents): Result<Detected> => {
  const beside = (name: string): SourceDocument | undefined => documents.get(name)?.[0];
  const all = [...documents.values()].flat();
  const named = MAIN_NAMES.flatMap((name) => documents.get(name) ?? []);
  const phases = all.filter((doc) => looksLikePhase(doc.value));
  const project: Detected = { format: 'phase', files: { phases, resources: beside(RESOURCES_NAME) } };
  const mains = named.length > 0 ? named : all.slice(0, 1);
  for (const main of mains) {
    for (const detector of DETECTORS) {
      const found = detector.detect(main, beside);
      if (found) return ok(found.format === 'phase' ? project : found);
    }
  }
  return phases.length > 0 ? ok(project) : fail([unknown(label, documents)]);
};
