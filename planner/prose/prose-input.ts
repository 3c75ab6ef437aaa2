/** All that `Plan.md` and `Decisions.md` are written from: nothing in them is said that is not in here. */
import type { Coverage } from '../artifacts/coverage.schema.ts';
import type { Dag } from '../artifacts/dag.schema.ts';
import type { Feature } from '../artifacts/features.schema.ts';
import type { Tasks } from '../artifacts/tasks.schema.ts';
import type { Waves } from '../artifacts/waves.schema.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { PlanOptions } from '../compose/options.ts';
import type { SpecDocument } from '../document/document.ts';
import type { Requirements } from '../requirements/unit.ts';
import type { Forecast } from '../simulate/forecast.ts';

/** A task that was too large or too small, and what became of it. */
export interface Normalization {
  readonly kind: 'split' | 'merge';
  readonly before: readonly { readonly id: string; readonly title: string; readonly hours: number }[];
  readonly after: readonly { readonly id: string; readonly title: string; readonly hours: number }[];
  readonly reason: string;
}

/** Whether something that is there is extended for a feature, or something new is built. */
export interface ReuseChoice {
  readonly feature: string;
  readonly tasks: readonly string[];
  readonly chosen: 'extend' | 'build';
  /** What was considered, the likeliest first: names of the code base, how alike it is to what is wanted (0 to 1). */
  readonly candidates: readonly { readonly name: string; readonly kind: string; readonly file: string; readonly line: number; readonly likeness: number }[];
  readonly reason: string;
  /** Hours that the feature's tasks take as planned, and as they would had it been decided otherwise. */
  readonly hours: { readonly chosen: number; readonly otherwise: number };
}

export interface ProseInput {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
  readonly codebase: CodebaseAnalysis;
  readonly options: PlanOptions;
  readonly features: readonly Feature[];
  readonly tasks: Tasks;
  readonly dag: Dag;
  readonly waves: Waves;
  readonly forecast: Forecast;
  readonly coverage: Coverage;
  readonly normalizations: readonly Normalization[];
  readonly reuse: readonly ReuseChoice[];
}
