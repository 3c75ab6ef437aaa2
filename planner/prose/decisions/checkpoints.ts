/** What a failure may lose. */
import { lossWith, pointsOf } from '../facts/checkpoints.ts';
import type { Loss } from '../facts/checkpoints.ts';
import type { View } from '../facts/view.ts';
import { code } from '../markdown/nodes.ts';
import { agrees, counted, figure, hours, percent, ratio } from '../numbers.ts';
import type { Decision } from './decision.ts';

const TENTHS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

const impact = ({ average, worst }: Loss): readonly [string, string] => ['Impact', `${hours(average)} of work lost on average when a task fails, ${hours(worst)} at worst`];

const named = (points: readonly number[]): string => points.map((at) => percent(at)).join(', ');

export const checkpointDecisions = ({ tasks: { tasks }, options }: View): readonly Decision[] => {
  const capable = tasks.filter((task) => pointsOf(task).length > 0);
  if (capable.length === 0) return [];
  const without = lossWith(tasks, () => []);
  const planned = lossWith(tasks, pointsOf);
  const often = lossWith(tasks, (task) => (pointsOf(task).length > 0 ? TENTHS : []));
  const patterns = [...new Set(capable.map((task) => named(pointsOf(task))))];
  const where = patterns.length === 1 ? ` at ${patterns[0] ?? ''}` : ' where each task states it';
  const irrevocable = capable.flatMap((task) => task.execution_guidance.monitoring.checkpoint_events).filter((event) => !event.rollback_capable).length;
  return [
    {
      title: 'Checkpoint Strategy',
      context: [`${counted(capable.length, 'task')} of ${figure(tasks.length, 0)} can go on from a checkpoint after a failure; the others start again. Figures are of all tasks, at most likely durations.`],
      options: [
        { title: 'No Checkpoints, Start Again on Failure', pros: 'Nothing to write, nothing to restore', cons: 'A failure near the end of a task loses all of it', more: [impact(without)] },
        { title: `Checkpoints${where}`, isSelected: true, pros: `${percent(ratio(without.average - planned.average, without.average) ?? 0)} less work lost on average`, cons: `${counted(planned.checkpoints, 'checkpoint')} to write and keep`, more: [impact(planned)] },
        { title: 'A Checkpoint at Every Tenth', pros: `${percent(ratio(without.average - often.average, without.average) ?? 0)} less work lost on average`, cons: `${counted(often.checkpoints, 'checkpoint')} to write and keep`, more: [impact(often)] },
      ],
      rationale: [
        `${counted(planned.checkpoints, 'checkpoint')} ${agrees(planned.checkpoints, 'saves', 'save')} ${hours(without.average - planned.average)} per failure on average; ${figure(Math.max(0, often.checkpoints - planned.checkpoints), 0)} more would save another ${hours(Math.max(0, planned.average - often.average))}`,
        ...(irrevocable > 0 ? [`After ${counted(irrevocable, 'of the checkpoints', 'of the checkpoints')} there is no way back`] : []),
      ],
      notes: [['Tasks that can do it say ', code('checkpoint_capable')], ...(options.executionModel === 'rolling_frontier' ? ['A task that goes on from a checkpoint gives its resources back before, and asks for them again'] : ['A wave waits for tasks that go on from a checkpoint, up to its timeout'])],
    },
  ];
};
