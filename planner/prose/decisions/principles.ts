/** What the decisions above have in common: only what this plan does. */
import { isMechanical } from '../facts/checks.ts';
import { pointsOf } from '../facts/checkpoints.ts';
import { buildsOn } from '../facts/reuse.ts';
import type { View } from '../facts/view.ts';
import type { Block, Line } from '../markdown/nodes.ts';
import { heading, numbered, strong } from '../markdown/nodes.ts';
import { counted, figure, hours, percent, ratio } from '../numbers.ts';

interface Principle {
  readonly applies: boolean;
  readonly name: string;
  readonly how: string;
}

const all = ({ tasks: { tasks, dependencies }, dag, forecast, options, shared, coverage }: View): readonly Principle[] => {
  const building = tasks.filter((task) => buildsOn(task).length > 0).length;
  const checked = tasks.filter((task) => task.acceptance_checks.some(isMechanical)).length;
  const safe = tasks.filter((task) => pointsOf(task).length > 0).length;
  const exclusive = shared.filter(({ resource, units }) => resource.type === 'exclusive' && units.size > 1).length;
  const cited = [...tasks.map((task) => task.source_evidence), ...dependencies.map(({ evidence }) => evidence)];
  const low = dag.lowConfidenceDeps.length;
  return [
    { applies: dag.metrics.mutualExclusionEdges > 0, name: 'Explicit over Implicit', how: `${counted(dag.metrics.mutualExclusionEdges, 'mutual exclusion')} ${dag.metrics.mutualExclusionEdges === 1 ? 'is' : 'are'} part of the plan` },
    { applies: exclusive > 0, name: 'Safety over Speed', how: `${counted(exclusive, 'exclusive resource')} ${exclusive === 1 ? 'is' : 'are'} used by one task at a time, whatever that costs` },
    { applies: building > 0, name: 'Reuse over Rewrite', how: `${percent(ratio(building, tasks.length) ?? 0)} of tasks build on what is there` },
    { applies: checked > 0, name: 'Measurable Everything', how: checked === tasks.length ? 'All tasks have a check that a machine can run' : `${figure(checked, 0)} of ${counted(tasks.length, 'task')} have a check that a machine can run` },
    { applies: cited.length > 0 && cited.every((each) => each.length > 0), name: 'Evidence over Assumption', how: `Every task and every dependency cites its source${low > 0 ? `; ${counted(low, 'dependency', 'dependencies')} too uncertain to gate ${low === 1 ? 'holds' : 'hold'} up nobody` : ''}` },
    { applies: safe > 0, name: 'Gradual Rollout', how: `${counted(safe, 'task')} can go on from a checkpoint` },
    { applies: forecast.byResource.length > 0, name: 'Resource Awareness', how: `${counted(forecast.byResource.length, 'resource')} that somebody waits for ${forecast.byResource.length === 1 ? 'is' : 'are'} known, with what more of ${forecast.byResource.length === 1 ? 'it' : 'them'} would save` },
    { applies: options.executionModel === 'rolling_frontier', name: 'Adaptive Execution', how: `A rolling frontier of at most ${counted(options.maxConcurrent, 'task')}, ${hours(forecast.rolling.completion.p50)} at the median` },
    { applies: options.executionModel === 'wave_based', name: 'Review Before Progress', how: `${counted(forecast.waveBased.waves.length, 'wave')}, each with its checks` },
    { applies: coverage.requirements.length > 0 && coverage.requirements.every((each) => each.tasks.length > 0 || each.reason !== undefined), name: 'Nothing Dropped Silently', how: 'Every requirement has a task, or a reason why not' },
  ];
};

export const principlesSection = (view: View): readonly Block[] => {
  const lines = all(view)
    .filter(({ applies }) => applies)
    .map(({ name, how }): Line => [strong(name), `: ${how}`]);
  return lines.length === 0 ? [] : [heading(2, 'Key Design Principles Applied'), numbered(lines)];
};
