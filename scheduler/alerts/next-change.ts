/** When a condition may be another one although nothing happens, so that nobody has to look before. */
import type { Condition, Metric, Operand } from '../../model/alert.ts';
import { earliest } from '../deadlines.ts';
import { measure, RATE_FROM_MS } from './measure.ts';
import type { Moment } from './measure.ts';
import { knownSince, WINDOW_MS } from './state.ts';

const MINUTE = 60_000;

/** Attempts that have succeeded within the window. */
const passedOf = ({ alerts, now }: Moment): number => alerts.ended.filter(({ at, failed }) => !failed && now - at < WINDOW_MS).length;

const ofMetric = (metric: Metric, other: Operand, moment: Moment): number | undefined => {
  const { alerts, now } = moment;
  const oldest = alerts.ended.find(({ at }) => now - at < WINDOW_MS);
  const leaves = oldest && oldest.at + WINDOW_MS;
  switch (metric.metric) {
    case 'failure_rate':
    case 'checkpoint_success_rate':
      return leaves;
    case 'task_throughput': {
      if (now - alerts.since < RATE_FROM_MS) return alerts.since + RATE_FROM_MS;
      if ('metric' in other) return now;
      // Until the window is full it falls by and by: past the other when so much time has gone by.
      const since = knownSince(alerts, now);
      const passes = other.value === 0 ? Infinity : since + Math.floor((passedOf(moment) / other.value) * MINUTE) + 1;
      return passes > now && passes < since + WINDOW_MS ? passes : leaves;
    }
    case 'average_wait_time': {
      // It grows as fast as time goes by, while any task waits.
      const mean = measure(metric, moment) ?? 0;
      if (!moment.state.records.some(({ state }) => state === 'READY')) return undefined;
      if ('metric' in other) return now;
      return mean > other.value ? undefined : now + Math.floor(other.value - mean) + 1;
    }
    case 'resource_utilization':
    case 'running':
    case 'ready':
    case 'pending':
    case 'queue_depth':
    case 'succeeded':
    case 'failed':
    case 'retries':
    default:
      return undefined;
  }
};

export const nextChange = (condition: Condition, moment: Moment): number | undefined => {
  if ('parts' in condition) return earliest(...condition.parts.map((part) => nextChange(part, moment)));
  if ('part' in condition) return nextChange(condition.part, moment);
  const { left, right } = condition;
  return earliest('metric' in left ? ofMetric(left, right, moment) : undefined, 'metric' in right ? ofMetric(right, left, moment) : undefined);
};
