/** How many tasks run at once. */
import { isLess } from '../facts/models.ts';
import type { View } from '../facts/view.ts';
import type { Phrase } from '../markdown/nodes.ts';
import { code } from '../markdown/nodes.ts';
import { counted, figure, hours, percent, ratio } from '../numbers.ts';
import type { Decision, Option } from './decision.ts';

/** Within this share of the best, more workers are not worth their keep. */
const FLAT = 0.05;

interface Point {
  readonly concurrency: number;
  readonly hours: number;
}

/** The least number that is about as good as the best. */
export const flattensAt = (curve: readonly Point[]): Point | undefined => {
  const best = Math.min(...curve.map((point) => point.hours));
  return curve.find((point) => point.hours <= best * (1 + FLAT));
};

/** Of the curve, and the number that was asked for. */
const curveOf = ({ forecast, options }: View): readonly Point[] => {
  const all = new Map(forecast.byConcurrency.map(({ concurrency, hours: of }) => [concurrency, of]));
  if (!all.has(options.maxConcurrent)) all.set(options.maxConcurrent, forecast.rolling.completion.p50);
  return [...all].map(([concurrency, of]) => ({ concurrency, hours: of })).sort((a, b) => a.concurrency - b.concurrency);
};

export const concurrencyDecisions = (view: View): readonly Decision[] => {
  const curve = curveOf(view);
  const flat = flattensAt(curve);
  const chosen = curve.find(({ concurrency }) => concurrency === view.options.maxConcurrent);
  if (curve.length < 2 || !flat || !chosen) return [];
  const kept = new Set([curve[0], flat, chosen, curve.at(-1)]);
  const option = (point: Point): Option => {
    const idle = Math.max(0, point.concurrency - view.forecast.rolling.maxConcurrency);
    const cons: Phrase = isLess(flat.hours, point.hours) ? `${hours(point.hours - flat.hours)} longer than with ${counted(flat.concurrency, 'task')} at once` : idle > 0 && point.concurrency > flat.concurrency ? `Room for ${counted(idle, 'task')} that the walk never uses` : point.concurrency < view.forecast.rolling.maxConcurrency ? `Less than the ${figure(view.forecast.rolling.maxConcurrency, 0)} that the walk can use: little room when tasks run late` : 'None that the forecast knows';
    return {
      title: `${counted(point.concurrency, 'Task')} at Once`,
      isSelected: point === chosen,
      pros: point === curve[0] ? 'The fewest workers' : isLess(point.hours, curve[0]?.hours ?? 0) ? `${percent(ratio((curve[0]?.hours ?? 0) - point.hours, curve[0]?.hours ?? 0) ?? 0)} shorter than with ${figure(curve[0]?.concurrency ?? 0, 0)}` : 'No shorter than with fewer',
      cons,
      more: [['Completion (P50)', hours(point.hours)]],
    };
  };
  const options = curve.filter((point) => kept.has(point)).map(option);
  if (options.length < 2) return [];
  const loss = isLess(flat.hours, chosen.hours);
  return [
    {
      title: 'Concurrency',
      context: [`At most ${counted(chosen.concurrency, 'task')} may run at once. By the rolling frontier, the median execution takes:`],
      facts: curve.map((point) => `${counted(point.concurrency, 'task')} at once: ${hours(point.hours)}`),
      options,
      rationale: [
        `The curve flattens at ${counted(flat.concurrency, 'task')}: more of them save less than ${percent(FLAT)}`,
        loss ? `The limit of ${figure(chosen.concurrency, 0)} costs ${hours(chosen.hours - flat.hours)}: it was asked for, or stands for the workers there are` : chosen.concurrency > flat.concurrency ? `The limit of ${figure(chosen.concurrency, 0)} is above that: it leaves room for tasks that run late, and costs nothing while no worker waits` : `The limit of ${figure(chosen.concurrency, 0)} is just that`,
      ],
      notes: [[code('--max-concurrent'), ' changes it; ', `${counted(Math.min(flat.concurrency, chosen.concurrency), 'worker slot')} ${Math.min(flat.concurrency, chosen.concurrency) === 1 ? 'is' : 'are'} about as good as more`]],
    },
  ];
};
