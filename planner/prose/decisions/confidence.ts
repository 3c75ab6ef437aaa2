/** How certain a dependency must be to gate. */
import { thresholdAt } from '../facts/gates.ts';
import type { Threshold } from '../facts/gates.ts';
import type { View } from '../facts/view.ts';
import { code } from '../markdown/nodes.ts';
import { agrees, counted, figure, hours } from '../numbers.ts';
import type { Decision, Option } from './decision.ts';

const STEP = 0.2;
const hundredths = (value: number): number => Math.round(value * 100) / 100;

const option = (one: Threshold, chosen: Threshold): Option => {
  const more = one.gates - chosen.gates;
  return {
    title: `Gate at ${figure(one.at, 2)}`,
    isSelected: one === chosen,
    pros: one.at <= chosen.at && more > 0 ? `${counted(more, 'more dependency', 'more dependencies')} ${agrees(more, 'gates', 'gate')}: less that can start too early` : more < 0 ? `${counted(-more, 'dependency', 'dependencies')} fewer to wait for` : `${counted(one.gates, 'dependency', 'dependencies')} that somebody vouches for`,
    cons: one.hours === undefined ? 'The graph would have a cycle' : more > 0 ? 'Tasks wait for what may be no dependency at all' : `${counted(one.ordering, 'dependency', 'dependencies')} only ${agrees(one.ordering, 'orders', 'order')}: if ${agrees(one.ordering, 'it was', 'they were')} real, tasks start too early`,
    more: [['Impact', `${counted(one.gates, 'dependency', 'dependencies')} ${agrees(one.gates, 'gates', 'gate')}${one.hours === undefined ? '' : `; the longest chain takes ${hours(one.hours)}`}`]],
  };
};

export const confidenceDecisions = ({ tasks, options }: View): readonly Decision[] => {
  const chosen = thresholdAt(tasks, options.minConfidence);
  const others = [Math.max(0, hundredths(chosen.at - STEP)), Math.min(1, hundredths(chosen.at + STEP))].filter((at) => at !== chosen.at).map((at) => thresholdAt(tasks, at));
  // Where it makes no difference there is nothing to decide.
  if (others.every(({ gates }) => gates === chosen.gates)) return [];
  const all = [...others, chosen].sort((a, b) => a.at - b.at);
  return [
    {
      title: 'Confidence Threshold',
      context: [`${counted(chosen.gates + chosen.ordering, 'hard dependency', 'hard dependencies')} ${agrees(chosen.gates + chosen.ordering, 'was', 'were')} found, each with a confidence. Those below the threshold order tasks and hold up none.`],
      options: all.map((one) => option(one, chosen)),
      rationale: [
        `At ${figure(chosen.at, 2)}, ${counted(chosen.gates, 'dependency', 'dependencies')} ${agrees(chosen.gates, 'gates', 'gate')} and ${counted(chosen.ordering, 'dependency', 'dependencies')} ${agrees(chosen.ordering, 'does', 'do')} not`,
        'What is below it is listed in Plan.md, so that a person can look at it',
      ],
      notes: [[code('--min-confidence'), ' changes it']],
    },
  ];
};
