/** Both execution models compared by their forecasts. */
import type { ExecutionModel } from '../../artifacts/scalars.schema.ts';
import type { Forecast, Walk } from '../../simulate/forecast.ts';
import { ratio } from '../numbers.ts';

/** Forecasts that differ by less are alike: durations are estimates. */
const ALIKE = 0.01;

export interface Comparison {
  /** Undefined when both take as long. */
  readonly favoured?: ExecutionModel;
  /** Median hours that the faster saves, and their share of the slower. */
  readonly saved: number;
  readonly share: number;
}

export const MODEL_NAMES: Readonly<Record<ExecutionModel, string>> = { rolling_frontier: 'Rolling Frontier', wave_based: 'Wave-Based' };
export const MODEL_WORDS: Readonly<Record<ExecutionModel, string>> = { rolling_frontier: 'the rolling frontier', wave_based: 'waves' };
export const otherModel = (model: ExecutionModel): ExecutionModel => (model === 'rolling_frontier' ? 'wave_based' : 'rolling_frontier');

export const walkOf = (forecast: Forecast, model: ExecutionModel): Walk => (model === 'rolling_frontier' ? forecast.rolling : forecast.waveBased);

/** Whether `more` is more than `less` by enough to be told. */
export const isLess = (less: number, more: number): boolean => (ratio(more - less, more) ?? 0) >= ALIKE;

export const compareModels = (forecast: Forecast): Comparison => {
  const rolling = forecast.rolling.completion.p50;
  const waves = forecast.waveBased.completion.p50;
  const saved = Math.abs(waves - rolling);
  const share = ratio(saved, Math.max(waves, rolling)) ?? 0;
  if (share < ALIKE) return { saved, share };
  return { favoured: rolling < waves ? 'rolling_frontier' : 'wave_based', saved, share };
};
