/** Whether what tasks ask for is declared, and is there in the amounts they ask for. */
import type { Catalogue } from '../../model/catalogue.ts';
import type { Graph } from '../../model/graph.ts';
import { ID_PATTERN } from '../../model/ids.ts';
import type { Problem } from '../../model/problem.ts';
import type { Resource } from '../../model/resource.ts';
import type { Impossible } from '../../resources/catalogue.ts';
import { applyProfile, tasksThatCannotRun } from '../../resources/catalogue.ts';
import { MAX_PROBLEMS } from '../read/limits.ts';
import type { Definition, DraftAsk, DraftTask, Findings } from '../read/draft.ts';
import { problemAt } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';

const HOW_TO_DECLARE = (name: string): string =>
  ['Declare it in the plan, or in resources.json beside it:', `  "resources": { ${JSON.stringify(name)}: { "mode": "exclusive" } }`].join('\n');

/**
 * Asks that say themselves what kind of thing they ask for (spec/001's `exclusive_resources`, edges of mutual
 * exclusion) declare it where nobody else does, with a warning.
 */
export const definitionsFromAsks = (tasks: readonly DraftTask[], declared: ReadonlySet<string>, findings: Findings): readonly Definition[] => {
  const found = new Map<string, Definition>();
  for (const { resource: name, declares, where } of tasks.flatMap((task) => task.asks)) {
    if (!declares || declared.has(name) || found.has(name) || !ID_PATTERN.test(name)) continue;
    found.set(name, { name, mode: 'exclusive', where });
    const message = `the resource ${quote(name)} is not declared: it is taken to be exclusive`;
    findings.warnings.push(problemAt({ code: 'TASKS1210', message, where, hint: didYouMean(name, declared) ?? HOW_TO_DECLARE(name) }));
  }
  return [...found.values()];
};

const checkAsk = (task: DraftTask, ask: DraftAsk, resources: ReadonlyMap<string, Resource>, guess: boolean): Problem | undefined => {
  const { resource: name, units, access, whole, where } = ask;
  const resource = resources.get(name);
  if (!resource) {
    const hint = (guess ? didYouMean(name, resources.keys()) : undefined) ?? (ID_PATTERN.test(name) ? HOW_TO_DECLARE(name) : undefined);
    return problemAt({ code: 'TASKS1210', message: `task ${quote(task.id)} asks for the resource ${quote(name)}, which nobody declares`, where, hint });
  }
  if (resource.mode !== 'semaphore' || access !== 'write' || units !== undefined || whole) return undefined;
  return problemAt({
    code: 'TASKS1006',
    message: `task ${quote(task.id)} asks to write ${quote(name)}, a semaphore, and does not say how many units`,
    where,
    hint: `Say {"name": ${JSON.stringify(name)}, "units": 1}; only an exclusive resource is written as a whole.`,
  });
};

export const checkAsks = (tasks: readonly DraftTask[], resources: ReadonlyMap<string, Resource>, findings: Findings): void => {
  let count = 0;
  for (const task of tasks) {
    for (const ask of task.asks) {
      // Looking for a likely name takes time: not for thousands of them.
      const problem = checkAsk(task, ask, resources, count < MAX_PROBLEMS / 10);
      if (!problem) continue;
      count += 1;
      findings.problems.push(problem);
    }
  }
};

/** Profiles under which the task has what it lacks. */
const profilesWith = ({ ask }: Impossible, catalogue: Catalogue): readonly string[] =>
  catalogue.profiles.flatMap(({ name }) => {
    const resources = applyProfile(catalogue.resources, catalogue.profiles, name);
    const there = resources.ok ? resources.value.find((resource) => resource.name === ask.resource)?.capacity : undefined;
    return there !== undefined && there >= ask.units ? [name] : [];
  });

/** One problem for each ask that could never be granted. */
export const checkCapacities = (options: {
  readonly graph: Pick<Graph, 'tasks'>;
  readonly resources: readonly Resource[];
  readonly catalogue: Catalogue;
  readonly tasks: readonly DraftTask[];
  readonly findings: Findings;
}): void => {
  const { graph, resources, catalogue, tasks, findings } = options;
  const under = catalogue.profile === undefined ? '' : ` in the profile ${quote(catalogue.profile)}`;
  for (const impossible of tasksThatCannotRun(graph, resources)) {
    const { index, task, ask, capacity } = impossible;
    const draft = tasks[index];
    if (!draft) continue;
    const where = draft.asks.find(({ resource }) => resource === ask.resource)?.where ?? draft.where;
    const needs = `task ${quote(task)} needs ${ask.units === 1 ? '' : `${ask.units} of `}${quote(ask.resource)}`;
    const profiles = profilesWith(impossible, catalogue);
    findings.problems.push(
      problemAt({
        code: 'TASKS1214',
        message: capacity === 0 ? `${needs}, which is not here: its capacity${under} is 0` : `${needs}, and there are ${capacity}${under}`,
        where,
        hint: profiles.length > 0 ? `There is enough of it with --profile ${profiles.join(' or ')}.` : 'Ask for less, or raise its capacity.',
      }),
    );
  }
};
