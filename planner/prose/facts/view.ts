/** What several sections look up: made once for a document. */
import type { Feature } from '../../artifacts/features.schema.ts';
import type { PlannedTask } from '../../artifacts/task.schema.ts';
import type { CodeSymbol } from '../../codebase/analysis.ts';
import type { ProseInput } from '../prose-input.ts';
import type { Comparison } from './models.ts';
import { compareModels } from './models.ts';
import type { Shared } from './shared.ts';
import { sharedResources } from './shared.ts';
import type { Usage } from './usage.ts';
import { usageOver } from './usage.ts';

export interface View extends ProseInput {
  readonly title: string;
  readonly taskOf: ReadonlyMap<string, PlannedTask>;
  readonly featureOf: ReadonlyMap<string, Feature>;
  /** The first that has a name. */
  readonly symbolOf: ReadonlyMap<string, CodeSymbol>;
  readonly shared: readonly Shared[];
  readonly comparison: Comparison;
  /** In the walk of the chosen model. */
  readonly usage: ReadonlyMap<string, Usage>;
}

export const viewOf = (input: ProseInput): View => ({
  ...input,
  title: input.tasks.name ?? input.document.title,
  taskOf: new Map(input.tasks.tasks.map((task) => [task.id, task])),
  featureOf: new Map(input.features.map((feature) => [feature.id, feature])),
  symbolOf: new Map(input.codebase.symbols.toReversed().map((symbol) => [symbol.name, symbol])),
  shared: sharedResources(input),
  comparison: compareModels(input.forecast),
  usage: usageOver((input.options.executionModel === 'rolling_frontier' ? input.forecast.rolling : input.forecast.waveBased).snapshots),
});
