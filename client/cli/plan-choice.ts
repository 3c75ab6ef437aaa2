/** From what a person calls a plan to its path: a path, a unique beginning of its id or name, `@latest`, or `-`. */
import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { TasksError } from '../../model/problem.ts';
import type { FoundPlan } from '../plans/find-plans.ts';
import type { ArgumentSpec } from './command-spec.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';

export const PLAN: ArgumentSpec = { name: 'plan', description: 'Directory or file of a plan, a beginning of its id or name that only it has, or @latest' };
export const PLAN_OR_STDIN: ArgumentSpec = { ...PLAN, description: `${PLAN.description}; - for standard input` };

const LATEST = '@latest';
const NAMED = 5;

/** As `list-plans` shows it. */
export const shownPath = ({ cwd }: Pick<Context, 'cwd'>, { path }: Pick<FoundPlan, 'path'>): string => relative(cwd, path) || '.';

/** `PLAN-` may be left out. */
const beginsWith = ({ planId, name }: FoundPlan, text: string): boolean => name.startsWith(text) || (planId !== undefined && (planId.startsWith(text) || planId.startsWith(`PLAN-${text}`)));
const isCalled = ({ planId, name }: FoundPlan, text: string): boolean => name === text || planId === text;

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/**
 * What stands for nothing stays a path: reading it says that it is not there.
 *
 * @throws TasksError TASKS3010 for a beginning that several have, TASKS1001 for `@latest` where there is none.
 */
export const choosePlan = async (context: Pick<Context, 'cwd' | 'services'>, reference: string): Promise<string> => {
  const { cwd, services } = context;
  if (reference === '-' || reference === '' || /[/\\]/.test(reference) || (await isThere(resolve(cwd, reference)))) return reference;
  const plans = await services.findPlans(cwd);
  if (reference === LATEST) {
    const [latest] = plans;
    if (!latest) throw new TasksError({ code: 'TASKS1001', message: `there is no plan below ${cwd}`, hint: '`tasks list-plans DIR` looks elsewhere.' });
    return latest.path;
  }
  const exact = plans.filter((plan) => isCalled(plan, reference));
  const matching = exact.length > 0 ? exact : plans.filter((plan) => beginsWith(plan, reference));
  const [first, ...others] = matching;
  if (!first) return reference;
  if (others.length === 0) return first.path;
  const shown = matching.slice(0, NAMED).map((plan) => `${shownPath(context, plan)}${plan.planId === undefined ? '' : ` (${plan.planId})`}`);
  throw usageError(`${JSON.stringify(reference)} could be ${matching.length} plans`, `name one by its path: ${shown.join(', ')}${matching.length > NAMED ? ', …' : ''}`);
};
