/** Which model the plan runs by, and what the forecast says of it. */
import { agrees, counted, figure, hours, percent, ratio } from '../numbers.ts';
import type { Block, Line } from '../markdown/nodes.ts';
import { bullets, code, heading, paragraph, strong } from '../markdown/nodes.ts';
import { MODEL_NAMES, MODEL_WORDS, otherModel, walkOf } from '../facts/models.ts';
import { machineWords } from '../facts/usage.ts';
import type { View } from '../facts/view.ts';

const verdict = ({ options: { executionModel: model }, comparison: { favoured, saved, share }, forecast }: View): string => {
  const mine = hours(walkOf(forecast, model).completion.p50);
  const other = hours(walkOf(forecast, otherModel(model)).completion.p50);
  const figures = `${mine} against ${other} by ${MODEL_WORDS[otherModel(model)]}, at the median`;
  if (favoured === undefined) return `The plan's options choose ${MODEL_WORDS[model]}. The forecast favours neither model: ${figures}.`;
  if (favoured === model) return `The plan's options choose ${MODEL_WORDS[model]}, and the forecast favours the same: ${figures} (${percent(share)} less).`;
  return `The plan's options choose ${MODEL_WORDS[model]}, although the forecast favours ${MODEL_WORDS[favoured]}, which would save ${hours(saved)}: ${figures}.`;
};

const reasons = (view: View): readonly Line[] => {
  const { options, forecast, waves } = view;
  const walk = walkOf(forecast, options.executionModel);
  const { p50, p80, p95 } = walk.completion;
  const parallel = ratio(forecast.serialHours, p50);
  const { total_waves: barriers } = waves.execution_models.wave_based;
  return [
    `Completion: ${hours(p50)} at the median (P50), ${hours(p80)} at P80, ${hours(p95)} at P95`,
    `All tasks one after the other take ${hours(forecast.serialHours)}${parallel === undefined ? '' : parallel < 1.05 ? ', about as long' : `: ${figure(parallel)} times as long`}; the longest chain of tasks takes ${hours(forecast.optimalHours)}, and nothing ends sooner`,
    `Tasks at once: ${figure(walk.averageConcurrency)} on average, ${figure(walk.maxConcurrency, 0)} at most, ${options.maxConcurrent} allowed`,
    options.executionModel === 'rolling_frontier'
      ? 'A task starts as soon as its dependencies are done and its resources are free; it waits for no other task'
      : `${counted(barriers, 'wave')}, with a barrier and quality gates after each: a task starts when its wave opens`,
  ];
};

const requirements = ({ usage, shared, forecast, options }: View): readonly Line[] => {
  const walk = walkOf(forecast, options.executionModel);
  const machine = (pick: 'peak' | 'average'): string => machineWords(new Map([...usage].map(([name, of]) => [name, of[pick]]))) ?? 'the tasks state nothing';
  const workers = walk.maxConcurrency;
  return [
    [strong('Peak'), `: ${machine('peak')}`],
    [strong('Average'), `: ${machine('average')}`],
    [strong('Worker pool'), `: ${counted(workers, 'task')} at once ${agrees(workers, 'is', 'are')} the most that the simulated walk can use: more worker slots would stay idle`],
    ...shared.flatMap(({ name, capacity }): readonly Line[] => {
      const of = usage.get(name);
      return of ? [[code(name), `: ${figure(of.peak)} of ${capacity} in use at the peak, ${figure(of.average)} on average`]] : [];
    }),
  ];
};

export const strategySection = (view: View): readonly Block[] => {
  const name = MODEL_NAMES[view.options.executionModel];
  return [
    heading(2, `Execution Strategy Recommendation: ${name}`),
    paragraph(verdict(view)),
    heading(3, `Why ${name}?`),
    bullets(reasons(view)),
    heading(3, 'System Resource Requirements'),
    paragraph('As the tasks estimate, in the simulated walk with most likely durations.'),
    bullets(requirements(view)),
  ];
};
