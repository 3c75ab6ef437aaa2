/** A plan as the planner makes it: all artifacts, and the files and fences they are written as. */
import type { CoordinatorArtifact } from './coordinator.schema.ts';
import type { Coverage } from './coverage.schema.ts';
import type { Dag } from './dag.schema.ts';
import type { Features } from './features.schema.ts';
import type { Meta } from './meta.schema.ts';
import type { Tasks } from './tasks.schema.ts';
import type { Waves } from './waves.schema.ts';

export interface PlanBundle {
  readonly features: Features;
  readonly tasks: Tasks;
  readonly dag: Dag;
  readonly waves: Waves;
  readonly coordinator: CoordinatorArtifact;
  /** Markdown. */
  readonly plan: string;
  readonly decisions: string;
  readonly coverage: Coverage;
  readonly meta: Meta;
}

export const META_NAME = '.tasks-meta.json';
export const COVERAGE_NAME = 'coverage.json';
/** In the order of spec/001: what `tasks plan --stdout` prints. */
export const ARTIFACT_NAMES = ['features.json', 'tasks.json', 'dag.json', 'waves.json', 'coordinator.json', 'Plan.md', 'Decisions.md'] as const;

export interface PlanFile {
  readonly name: string;
  readonly text: string;
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The seven of spec/001. */
export const artifactFiles = (bundle: PlanBundle): readonly PlanFile[] => [
  { name: 'features.json', text: json(bundle.features) },
  { name: 'tasks.json', text: json(bundle.tasks) },
  { name: 'dag.json', text: json(bundle.dag) },
  { name: 'waves.json', text: json(bundle.waves) },
  { name: 'coordinator.json', text: json(bundle.coordinator) },
  { name: 'Plan.md', text: bundle.plan },
  { name: 'Decisions.md', text: bundle.decisions },
];

/** Everything that a plan's directory holds. */
export const bundleFiles = (bundle: PlanBundle): readonly PlanFile[] => [
  ...artifactFiles(bundle),
  { name: COVERAGE_NAME, text: json(bundle.coverage) },
  { name: META_NAME, text: json(bundle.meta) },
];

/** `---file:NAME` before each: what `tasks execute -` reads. */
export const fenced = (files: readonly PlanFile[]): string => files.map(({ name, text }) => `---file:${name}\n${text}`).join('');
