/** Waves, or a rolling frontier. */
import { compareModels, walkOf } from '../facts/models.ts';
import type { View } from '../facts/view.ts';
import { agrees, counted, figure, hours, percent } from '../numbers.ts';
import type { Decision } from './decision.ts';
import type { Walk } from '../../simulate/forecast.ts';
import { code } from '../markdown/nodes.ts';

const completion = ({ completion: { p50, p80, p95 } }: Walk): readonly [string, string] => ['Completion', `P50 ${hours(p50)}, P80 ${hours(p80)}, P95 ${hours(p95)}`];
const atOnce = ({ averageConcurrency, maxConcurrency }: Walk): readonly [string, string] => ['Tasks at Once', `${figure(averageConcurrency)} on average, ${figure(maxConcurrency, 0)} at most`];

const verdict = ({ forecast, options }: View): string => {
  const { favoured, saved, share } = compareModels(forecast);
  if (favoured === undefined) return 'The forecast makes no difference between the two: what was asked for decides';
  return favoured === options.executionModel ? `It saves ${hours(saved)} at the median (${percent(share)})` : `It was asked for, although it costs ${hours(saved)} at the median: the other model takes ${percent(share)} less`;
};

export const modelDecisions = (view: View): readonly Decision[] => {
  const { forecast, options, waves } = view;
  const isRolling = options.executionModel === 'rolling_frontier';
  const barriers = waves.execution_models.wave_based.total_waves;
  const p50 = walkOf(forecast, options.executionModel).completion.p50;
  const { waits } = forecast.rolling;
  return [
    {
      title: 'Execution Model Selection',
      context: [`${counted(view.tasks.tasks.length, 'task')} of ${hours(forecast.serialHours)} in all can run beside each other as far as dependencies and resources allow. No execution takes less than ${hours(forecast.optimalHours)}, the longest chain.`],
      options: [
        {
          title: 'Wave-Based Execution',
          isSelected: !isRolling,
          pros: `${counted(barriers, 'phase')} with a gate after each: what is done is reviewed before what builds on it`,
          cons: 'Whoever is done early waits for the slowest of the wave',
          more: [completion(forecast.waveBased), atOnce(forecast.waveBased), ['Best For', 'Work that is released or signed off phase by phase']],
        },
        {
          title: 'Rolling Frontier',
          isSelected: isRolling,
          pros: 'A task starts as soon as it can; late tasks delay only what builds on them',
          cons: `No common point at which everything is reviewed${waits.length > 0 ? `; tasks still take turns at ${counted(waits.length, 'resource')}` : ''}`,
          more: [completion(forecast.rolling), atOnce(forecast.rolling), ['Best For', 'Getting done early']],
        },
        {
          title: 'One Task at a Time',
          pros: 'Nothing to coordinate: one worker, no shared resource in anybody\'s way',
          cons: forecast.serialHours > p50 ? `${hours(forecast.serialHours - p50)} longer than what is selected, at most likely durations` : 'No shorter than what is selected',
          more: [['Completion', hours(forecast.serialHours)], ['Best For', 'Plans that are one chain anyway']],
        },
      ],
      rationale: [verdict(view), `${agrees(barriers, 'One barrier', `${figure(barriers, 0)} barriers`)} of the waves against none; the same dependencies, resources and checks bind both`],
      notes: [
        ['Both models are in ', code('waves.json'), '; ', code('--execution-model'), ' chooses'],
        ...(isRolling ? ['Where a phase has to be reviewed before the next one, execute by waves'] : ['The quality gates of each wave are its tasks\' acceptance checks, in Plan.md']),
      ],
    },
  ];
};
