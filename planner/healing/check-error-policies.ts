/** What no schema says of error policies: whom they name must be there, and what a task is split into must be tasks. */
import { isBuiltInExecutor } from '../../model/executor.ts';
import type { ErrorPolicy, Strategy } from '../../model/self-heal.ts';
import { strategyText } from '../../model/self-heal.ts';
import type { Draft, DraftTask, Findings } from '../read/draft.ts';
import { parsePatch } from '../read/parse-patch.ts';
import type { Where } from '../read/source.ts';
import { inside, problemAt } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';
import { splitPatch } from './split.ts';

type Report = (message: string, where: Where, hint?: string) => void;

const executorOf = (strategy: Strategy): string | undefined => (strategy.type === 'switch' || strategy.type === 'review' ? strategy.executor : undefined);

/** Undefined when the strategy can be taken. */
const problemOf = (strategy: Strategy, executors: readonly string[]): { readonly message: string; readonly hint?: string } | undefined => {
  const executor = executorOf(strategy);
  if (executor === undefined) return undefined;
  if (!executors.includes(executor)) {
    const own = executors.filter((name) => !isBuiltInExecutor(name));
    const hint = didYouMean(executor, executors) ?? `Declare it: "executors": {${quote(executor)}: {"command": "…"}}.${own.length > 0 ? ` There are: ${own.join(', ')}.` : ''}`;
    return { message: `${strategyText(strategy)}: there is no executor ${quote(executor)}`, hint };
  }
  if (executor === 'noop') return { message: `${strategyText(strategy)}: it does nothing` };
  if (strategy.type === 'review' && isBuiltInExecutor(executor)) return { message: `${strategyText(strategy)}: only an executor of the plan can review`, hint: 'People come last: "escalation": "HUMAN_REVIEW".' };
  return undefined;
};

const checkPolicy = (policy: ErrorPolicy, executors: readonly string[], say: (message: string, hint?: string) => void): void => {
  for (const strategy of policy.strategies) {
    const problem = problemOf(strategy, executors);
    if (problem) say(problem.message, problem.hint);
  }
};

const checkParts = ({ id, spec, where }: DraftTask, options: { readonly ids: ReadonlySet<string>; readonly executors: readonly string[]; readonly report: Report }): void => {
  const parts = spec.fields['split_into'];
  if (parts === undefined) return;
  const at = inside(where, 'split_into');
  const payload = splitPatch(id, parts);
  const parsed = parsePatch(payload, { fallbackId: id, executors: options.executors });
  if (!parsed.ok) for (const { message, hint } of parsed.error) options.report(`task ${quote(id)}, split_into: ${message}`, at, hint);
  else for (const { id: part } of parsed.value.patch.tasks) if (options.ids.has(part)) options.report(`task ${quote(id)}, split_into: ${quote(part)} is already the id of a task`, at);
};

export const checkErrorPolicies = (draft: Draft, executors: readonly string[], findings: Findings): void => {
  const report: Report = (message, where, hint) => void findings.problems.push(problemAt({ code: 'TASKS1218', message, where, hint }));
  const { errorPolicy } = draft.policies;
  if (errorPolicy) checkPolicy(errorPolicy, executors, (message, hint) => report(`the error policy of the plan: ${message}`, draft.where, hint));
  const ids = new Set(draft.tasks.map(({ id }) => id));
  // One that a phase states is the same object for all of its tasks, and said once.
  const seen = new Set<ErrorPolicy>();
  for (const task of draft.tasks) {
    const own = task.node.errorPolicy;
    if (own && !seen.has(own)) checkPolicy(own, executors, (message, hint) => report(`task ${quote(task.id)}: ${message}`, task.where, hint));
    if (own) seen.add(own);
    checkParts(task, { ids, executors, report });
  }
};
