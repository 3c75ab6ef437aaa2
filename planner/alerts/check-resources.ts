/** An alert on the use of a resource that the plan does not have would never fire. */
import { metricsOf } from '../../model/alert.ts';
import type { Resource } from '../../model/resource.ts';
import type { Draft, Findings } from '../read/draft.ts';
import { problemAt } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';

export const checkAlertResources = ({ policies, where }: Draft, resources: readonly Resource[], findings: Findings): void => {
  const names = resources.map(({ name }) => name);
  for (const { name, condition } of policies.monitoring?.alerts ?? []) {
    for (const { of } of metricsOf(condition)) {
      if (of === undefined || names.includes(of)) continue;
      const hint = didYouMean(of, names) ?? 'Only resources that some task asks for are in use.';
      findings.problems.push(problemAt({ code: 'TASKS1220', message: `the alert ${quote(name)} looks at the resource ${quote(of)}, which no task asks for`, where, hint }));
    }
  }
};
