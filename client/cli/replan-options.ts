/** Options of `tasks replan`: those of `tasks plan` without defaults, for the plan says how it was made, and its own. */
import type { OptionSpec } from './command-spec.ts';
import { PLAN_OPTIONS } from './plan-options.ts';

const KEPT = new Set(['min-confidence', 'max-wave-size', 'execution-model', 'max-concurrent', 'verbose']);

/** A default would hide what the plan was made with. */
const withoutDefault = (option: OptionSpec): OptionSpec => {
  const { default: _, ...rest } = option;
  return rest;
};

export const REPLAN_OPTIONS: readonly OptionSpec[] = [
  { name: 'plan-doc', short: 'f', value: 'FILE', env: false, description: 'The document as it is now; needed. - reads standard input' },
  { name: 'output-dir', short: 'o', value: 'DIR', env: false, description: 'Directory of the new plan; that of the plan unless stated' },
  { name: 'codebase-path', short: 'p', value: 'DIR', description: 'Root of the code base; the one that the plan states unless stated' },
  ...PLAN_OPTIONS.filter(({ name }) => KEPT.has(name)).map((option): OptionSpec => (option.value === undefined ? option : { ...withoutDefault(option), env: false, description: `${option.description}; as the plan was made unless stated` })),
  { name: 'execution', value: 'ID', env: false, description: 'What has succeeded or was skipped in this execution is finished; @latest is the latest one of the plan' },
  { name: 'finished', value: 'TASKS', kind: 'list', env: false, description: 'Tasks that are finished, with commas between them' },
  { name: 'refresh', env: false, description: 'Draft unfinished tasks anew also where the document asks for what it did: the code base may have more to offer. Edits of these tasks are lost' },
  { name: 'no-keep', env: false, description: 'Do not keep the plan as it was' },
  { name: 'dry-run', short: 'd', description: 'Print what would change, and write nothing' },
];
