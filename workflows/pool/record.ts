/** What a pool hands to its next run, and what it shows in Temporal's own tools. */
import type { ExecutionId } from '../../model/ids.ts';
import type { WorkerView } from '../../model/pool.ts';
import type { Registry, RegistryState } from '../../resources/registry.ts';

/** Schema of {@link PoolRecord}; a change of its shape raises it and migrates what an older run hands over. */
const SCHEMA = 1;

/** Plain data, carried over continue-as-new. */
export interface PoolRecord {
  readonly schema: number;
  readonly registry: RegistryState;
  /** Those that are told of changes; who was told longest ago is first. */
  readonly executions: readonly ExecutionId[];
  /** Of these, those that may not know the table yet. They are told by the next run: twice is no harm. */
  readonly due: readonly ExecutionId[];
}

export const beginPoolRecord = (registry: RegistryState): PoolRecord => ({ schema: SCHEMA, registry, executions: [], due: [] });

const MAX_ROWS = 20;
const MAX_CELL = 100;

/** A Markdown table of who lives. */
export const poolSummary = (registry: Registry): string => {
  const views = registry.views();
  if (views.length === 0) return 'No worker lives.';
  const more = views.length > MAX_ROWS ? [`| and ${views.length - MAX_ROWS} more | | | |`] : [];
  return ['| worker | takes | slots | pressure |', '|---|---|---|---|', ...views.slice(0, MAX_ROWS).map(row), ...more].join('\n');
};

const row = ({ worker, capabilities, slots, pressure }: WorkerView): string => `| ${worker} | ${capabilities.length === 0 ? 'anything' : cell(capabilities.join(', '))} | ${slots} | ${pressure} |`;

const cell = (text: string): string => (text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)}…` : text).replaceAll(/[\\|]/gu, String.raw`\$&`);
