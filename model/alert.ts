/** Alerts of a plan (`monitoring.alerts`): a condition on how an execution does, and what is done while it holds. */
import { isCount, isDuration, isObject, isText, listOf, oneOf, partial, shaped } from './shape.ts';
import type { Check, Shape } from './shape.ts';

/**
 * What conditions are about, by what they are measured in:
 * - `share`: 0 to 1. Of attempts that have failed, of checkpoints that were kept, of what there is of a resource.
 * - `time`: milliseconds.
 * - `rate`: tasks a minute.
 * - `count`: tasks; of `retries`, attempts begun anew.
 */
export const METRICS = {
  failure_rate: 'share',
  checkpoint_success_rate: 'share',
  resource_utilization: 'share',
  average_wait_time: 'time',
  task_throughput: 'rate',
  running: 'count',
  ready: 'count',
  pending: 'count',
  queue_depth: 'count',
  succeeded: 'count',
  failed: 'count',
  retries: 'count',
} as const;
export type MetricName = keyof typeof METRICS;
export type MetricKind = (typeof METRICS)[MetricName];
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export const COMPARISONS = ['>', '>=', '<', '<=', '==', '!='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `of` is a resource; without one, the fullest of all. */
export interface Metric {
  readonly metric: MetricName;
  readonly of?: string;
}

export type Operand = Metric | { readonly value: number };

/** Plain data. Numbers are in what the metric is measured in. */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly op: 'not'; readonly part: Condition }
  | { readonly op: Comparison; readonly left: Operand; readonly right: Operand };

/**
 * - `report`: it is told, and no more.
 * - `reduce_concurrency`: half as many tasks run at once while it holds.
 * - `pause`: nothing more starts until a person says so.
 * - `abort`: the execution is aborted.
 */
export const ALERT_ACTIONS = ['report', 'reduce_concurrency', 'pause', 'abort'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

export interface Alert {
  /** Once in a plan. */
  readonly name: string;
  readonly condition: Condition;
  /** The same as the plan wrote it. */
  readonly text: string;
  readonly action: AlertAction;
  /** A file of the workspace that a line of JSON is appended to when it begins and when it is over. */
  readonly notify?: string;
}

export interface MonitoringPolicy {
  readonly alerts: readonly Alert[];
  /** Least time between two looks at the conditions, in milliseconds. */
  readonly intervalMs: number;
  /** Told with every alert, beside those of its condition. */
  readonly metrics: readonly MetricName[];
}

export const DEFAULT_MONITORING: MonitoringPolicy = { alerts: [], intervalMs: 10_000, metrics: [] };

/** Of one condition. */
export const MAX_CONDITION_DEPTH = 20;
export const MAX_CONDITION_LENGTH = 500;
export const MAX_ALERTS = 50;

/** What was measured; a metric of which nothing is known yet is left out. */
export type Measured = Readonly<Record<string, number>>;

/** `resource_utilization.db`. */
export const metricText = ({ metric, of }: Metric): string => (of === undefined ? metric : `${metric}.${of}`);

export function* metricsOf(condition: Condition): Generator<Metric> {
  if ('parts' in condition) for (const part of condition.parts) yield* metricsOf(part);
  else if ('part' in condition) yield* metricsOf(condition.part);
  else for (const operand of [condition.left, condition.right]) if ('metric' in operand) yield operand;
}

const METRIC: Shape<Metric> = { metric: oneOf(...METRIC_NAMES), of: isText };
const isOperand: Check = (value) => shaped(METRIC, ['metric'])(value) || shaped<{ value: number }>({ value: isDuration }, ['value'])(value);

const isCondition = (value: unknown, depth = 0): boolean => {
  if (!isObject(value) || depth > MAX_CONDITION_DEPTH) return false;
  const isPart: Check = (part) => isCondition(part, depth + 1);
  return (
    shaped<{ op: string; parts: unknown }>({ op: oneOf('and', 'or'), parts: listOf(isPart) }, ['op', 'parts'])(value) ||
    shaped<{ op: string; part: unknown }>({ op: oneOf('not'), part: isPart }, ['op', 'part'])(value) ||
    shaped<{ op: string; left: unknown; right: unknown }>({ op: oneOf(...COMPARISONS), left: isOperand, right: isOperand }, ['op', 'left', 'right'])(value)
  );
};

const ALERT: Shape<Alert> = { name: isText, condition: (value) => isCondition(value), text: isText, action: oneOf(...ALERT_ACTIONS), notify: isText };

/** Without a schema library: what an execution is started with may come from anybody. */
export const isMonitoring: Check = partial<MonitoringPolicy>({
  alerts: listOf(shaped(ALERT, ['name', 'condition', 'text', 'action'])),
  intervalMs: isCount,
  metrics: listOf(oneOf(...METRIC_NAMES)),
});
