/** `tasks diff-plan`: what has changed from one plan to another. */
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { StoredPlan } from '../../../model/graph.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { choosePlan, PLAN_OR_STDIN } from '../plan-choice.ts';
import { planDifferenceText } from '../view/plan-difference-text.ts';
import { sayWaitingForPlan } from '../waiting.ts';

export const diffPlan: CommandSpec = {
  name: 'diff-plan',
  group: 'Plan',
  summary: 'Show what has changed from one plan to another',
  description: ['Tasks by their ids, with the fields that changed; dependencies; estimates; resources. The plans may be of different formats. Fields that follow from others (hashes) are left out.', 'Exit codes: 0, also where they differ; with --exit-code 1 where they do; 5 for a plan that cannot be read.'],
  arguments: [
    { ...PLAN_OR_STDIN, name: 'before' },
    { ...PLAN_OR_STDIN, name: 'after' },
  ],
  options: [{ name: 'exit-code', env: false, description: 'End with 1 where the plans differ' }],
  examples: [
    { says: 'What a new version changes', command: 'tasks diff-plan ./plans/v1 ./plans/v2' },
    { says: 'In a script: has anything changed?', command: 'tasks diff-plan ./tasks_output @latest --exit-code -o none' },
  ],
  run: async (context) => {
    const { out, values } = context;
    if (argument(context, 0) === '-' && argument(context, 1) === '-') throw usageError('both plans cannot come from standard input', 'name one of them by its path');
    const before = await planOf(context, argument(context, 0));
    const after = await planOf(context, argument(context, 1));
    const { comparePlans } = await import('../../../planner/outline/compare.ts');
    const difference = comparePlans(before, after);
    out.answer(difference, () => planDifferenceText(difference));
    return values.flag('exit-code') && !difference.isSame ? EXIT.invalid : EXIT.ok;
  },
};

const planOf = async (context: Context, given: string): Promise<StoredPlan> => {
  const { services, cwd } = context;
  const reference = await choosePlan(context, given);
  const read = await sayWaitingForPlan(context, reference, services.readPlan({ reference, cwd }));
  if (!read.ok) throw new TasksError(read.error);
  return read.value.plan;
};
