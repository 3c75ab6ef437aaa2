/** Options of `tasks plan`: those of T.A.S.K.S. v3 with its short forms, and our own. */
import { DEFAULT_PLAN_OPTIONS } from '../../planner/compose/options.ts';
import { EXECUTION_MODELS } from '../../planner/artifacts/scalars.schema.ts';
import { MAX_CONCURRENCY } from '../../model/graph.ts';
import type { OptionSpec } from './command-spec.ts';
import { DRAFTER_OPTIONS } from './drafter-options.ts';

export const DEFAULT_OUTPUT_DIR = './tasks_output/';

export const PLAN_OPTIONS: readonly OptionSpec[] = [
  { name: 'plan-doc', short: 'f', value: 'FILE', description: 'Plan this document (Markdown or text) instead of a description; - reads standard input' },
  { name: 'output-dir', short: 'o', value: 'DIR', default: DEFAULT_OUTPUT_DIR, description: 'Directory of the plan; a plan that is there is replaced, anything else never' },
  { name: 'codebase-path', short: 'p', value: 'DIR', default: './', description: 'Root of the code base that the plan builds upon' },
  { name: 'min-confidence', short: 'c', value: 'SHARE', kind: 'number', minimum: 0, maximum: 1, default: DEFAULT_PLAN_OPTIONS.minConfidence, description: 'Dependencies less certain than this only order, and do not gate' },
  { name: 'max-wave-size', short: 'w', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_PLAN_OPTIONS.maxWaveSize, description: 'Tasks of one wave at most' },
  { name: 'execution-model', short: 'm', value: 'MODEL', choices: EXECUTION_MODELS, default: DEFAULT_PLAN_OPTIONS.executionModel, description: 'How the plan is to be executed; both ways are forecast' },
  { name: 'max-concurrent', short: 'j', value: 'N', kind: 'integer', minimum: 1, maximum: MAX_CONCURRENCY, default: DEFAULT_PLAN_OPTIONS.maxConcurrent, description: 'Tasks at once' },
  { name: 'stdout', env: false, description: 'Print the seven artifacts, each after a line ---file:NAME, and write no directory' },
  { name: 'interactive', short: 'i', description: 'Ask before the plan is written: approve, edit the document, regenerate, abort. Needs a terminal' },
  { name: 'verbose', short: 'v', description: 'Say more of each phase: every feature, rule and resource' },
  ...DRAFTER_OPTIONS,
];
