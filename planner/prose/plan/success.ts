/** What the plan can say of itself: what holds, and what does not. */
import { isMechanical } from '../facts/checks.ts';
import { isBalanced, DENSITY, VERB_FIRST } from '../facts/quality.ts';
import { buildsOn } from '../facts/reuse.ts';
import { isContended } from '../facts/shared.ts';
import { LIMIT, TARGET, taskHours, tasksWithin } from '../facts/task-hours.ts';
import type { View } from '../facts/view.ts';
import type { Block } from '../markdown/nodes.ts';
import { bullets, heading, paragraph } from '../markdown/nodes.ts';
import { counted, figure, hours, percent, ratio } from '../numbers.ts';

interface Claim {
  readonly holds: boolean;
  readonly says: string;
  /** Said in its place when it does not hold; nothing, when it is no matter. */
  readonly otherwise?: string;
}

/** Of spec/001's targets. */
const IN_TARGET = 0.8;

const claims = ({ tasks: { tasks }, coverage, dag, waves, shared, dependencies }: View & { readonly dependencies: View['tasks']['dependencies'] }): readonly Claim[] => {
  const all = tasks.length;
  const unchecked = tasks.filter((task) => !task.acceptance_checks.some(isMechanical)).length;
  const bounded = tasks.filter(({ boundaries }) => boundaries.definition_of_done.criteria.length > 0 && boundaries.scope.includes.length > 0).length;
  const unsized = tasks.filter((task) => taskHours(task) > LIMIT.most).length;
  const building = tasks.filter((task) => buildsOn(task).length > 0).length;
  const must = coverage.requirements.filter(({ strength }) => strength === 'must');
  const lost = must.filter((each) => each.tasks.length === 0 && each.reason === undefined).length;
  const { verbFirstPct: verbs, edgeDensity: density, mutualExclusionEdges: exclusions } = dag.metrics;
  const contended = shared.filter(isContended);
  const unresolved = contended.filter(({ conflict, resource }) => conflict === undefined && resource.type === 'exclusive').length;
  const sized = ratio(tasksWithin(tasks, TARGET), all) ?? 0;
  const { wave_based: byWaves, rolling_frontier: rolling } = waves.execution_models;
  return [
    { holds: dag.ok, says: 'The graph has no cycle', otherwise: 'The graph is not in order: see the errors of dag.json' },
    { holds: bounded === all, says: 'All tasks have clear boundaries and completion criteria', otherwise: `${counted(all - bounded, 'task')} without clear boundaries` },
    { holds: unchecked === 0, says: '100% of tasks have machine-verifiable acceptance checks', otherwise: `${counted(unchecked, 'task')} without a check that a machine can run` },
    { holds: dependencies.every(({ evidence }) => evidence.length > 0) && tasks.every((task) => task.source_evidence.length > 0), says: 'Every task and every dependency cites its evidence', otherwise: 'Some tasks or dependencies cite no evidence' },
    {
      holds: lost === 0,
      says: must.length === 0 ? 'No requirement that binds (MUST, SHALL) is stated' : `All ${counted(must.length, 'binding requirement')} (MUST, SHALL) ${must.length === 1 ? 'has' : 'have'} a task, or a reason why not`,
      otherwise: `${counted(lost, 'binding requirement')} (MUST, SHALL) with neither a task nor a reason`,
    },
    { holds: unsized === 0, says: `No task takes more than ${hours(LIMIT.most)}`, otherwise: `${counted(unsized, 'task')} over ${hours(LIMIT.most)}` },
    { holds: sized >= IN_TARGET, says: `${percent(sized)} of tasks take ${TARGET.least} to ${TARGET.most} hours`, otherwise: `${percent(sized)} of tasks take ${TARGET.least} to ${TARGET.most} hours: fewer than ${percent(IN_TARGET)}` },
    { holds: verbs >= VERB_FIRST, says: `${percent(verbs)} verb-first task naming`, otherwise: `${percent(verbs)} verb-first task naming: less than ${percent(VERB_FIRST)}` },
    { holds: isBalanced(density), says: `Edge density ${figure(density, 3)} is within ${DENSITY.least} to ${DENSITY.most}`, otherwise: `Edge density ${figure(density, 3)} is outside ${DENSITY.least} to ${DENSITY.most}` },
    { holds: building > 0, says: `${percent(ratio(building, all) ?? 0)} of tasks reuse existing code, and name what they reuse` },
    { holds: contended.length > 0 && unresolved === 0, says: `Resource conflicts identified and mitigated: ${counted(contended.length, 'resource')}, ${counted(exclusions, 'mutual exclusion')}`, ...(unresolved > 0 && { otherwise: `${counted(unresolved, 'contended resource')} without a resolution` }) },
    { holds: byWaves.waves.length > 0 && rolling.initial_frontier.length > 0, says: 'Both execution models fully specified', otherwise: 'An execution model has nothing to start with' },
    { holds: coverage.clarifications.length === 0, says: 'The document leaves nothing open', otherwise: `${counted(coverage.clarifications.length, 'clarification')} wanted` },
  ];
};

export const successSection = (view: View): readonly Block[] => {
  const all = claims({ ...view, dependencies: view.tasks.dependencies });
  const reached = all.filter(({ holds }) => holds);
  const missed = all.filter(({ holds, otherwise }) => !holds && otherwise !== undefined);
  return [
    heading(2, 'Success Metrics'),
    ...(reached.length === 0 ? [] : [bullets(reached.map(({ says }) => `✅ ${says}`))]),
    ...(missed.length === 0 ? [] : [paragraph('Not reached:'), bullets(missed.map(({ otherwise = '' }) => `⚠️ ${otherwise}`))]),
  ];
};
