/** The plan in figures, and what each means. */
import { buildsOn } from '../facts/reuse.ts';
import type { View } from '../facts/view.ts';
import type { Block, Phrase } from '../markdown/nodes.ts';
import { heading, table } from '../markdown/nodes.ts';
import { counted, figure, hours, percent, ratio } from '../numbers.ts';
import { TARGET, tasksWithin } from '../facts/task-hours.ts';
import { densityWords, VERB_FIRST } from '../facts/quality.ts';

export const metricsSection = (view: View): readonly Block[] => {
  const { dag, tasks, forecast, coverage } = view;
  const { metrics } = dag;
  const all = tasks.tasks.length;
  const building = tasks.tasks.filter((task) => buildsOn(task).length > 0).length;
  const uncovered = coverage.requirements.filter((each) => each.tasks.length === 0).length;
  const stated = ratio(coverage.requirements.length - uncovered, coverage.requirements.length);
  const rows: readonly (readonly Phrase[])[] = [
    ['Metric', 'Value', 'Impact'],
    ['Total Tasks', figure(all, 0), `${counted(view.features.length, 'feature')}; ${hours(forecast.serialHours)} of work`],
    ['Tasks of 2 to 8 Hours', percent(ratio(tasksWithin(tasks.tasks, TARGET), all) ?? 0), 'Small enough to check, large enough to matter'],
    ['Total Dependencies', figure(tasks.dependencies.length, 0), `Including ${counted(metrics.mutualExclusionEdges, 'mutual exclusion')}; ${figure(metrics.edges, 0)} after reduction`],
    ['Edge Density', figure(metrics.edgeDensity, 3), densityWords(metrics.edgeDensity)],
    ['Critical Path', counted(metrics.longestPath, 'task'), `${hours(forecast.optimalHours)}: nothing ends sooner`],
    ['Max Parallelization', counted(metrics.widthApprox, 'task'), `By dependencies alone; ${figure(forecast.rolling.maxConcurrency, 0)} at once in the simulated walk`],
    ['Verb-First Compliance', percent(metrics.verbFirstPct), metrics.verbFirstPct >= VERB_FIRST ? 'Clear, action-oriented naming' : `Below ${percent(VERB_FIRST)}: some titles do not say what is done`],
    ['Codebase Reuse', percent(ratio(building, all) ?? 0), `${counted(building, 'task')} of ${figure(all, 0)} ${building === 1 ? 'builds' : 'build'} on existing code`],
    ['Resource Conflicts', counted(metrics.resourceConstrainedTasks, 'task'), metrics.resourceConstrainedTasks > 0 ? 'Take turns at shared resources' : 'No task waits for another but by dependency'],
    ['Requirement Coverage', stated === undefined ? '-' : percent(stated), uncovered === 0 ? 'Every requirement has a task' : `${counted(uncovered, 'requirement')} without a task, listed below`],
  ];
  return [heading(2, 'Execution Metrics'), table(rows)];
};
