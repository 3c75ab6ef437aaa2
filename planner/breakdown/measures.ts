/** Numbers that a requirement states, as metrics that a machine can check: "within 200 ms", "at least 99.9 %". */
import type { WrittenCheck } from '../../model/check.schema.ts';
import { slug } from '../wording/slug.ts';

const NUMBER = String.raw`(\d{1,9}(?:[.,]\d{1,6})?)\s?(ms|milliseconds?|s|secs?|seconds?|min(?:utes?)?|%|percent|mb|gb|kb|requests?(?: per second|\/s)|rps|users?|connections?|records?|rows?|items?)\b`;
const AT_MOST = new RegExp(String.raw`(?:within|under|below|less than|at most|no more than|not exceed(?:ing)?|up to|maximum(?: of| limit of)?|<=?|≤)\s{0,3}${NUMBER}`, 'i');
const AT_LEAST = new RegExp(String.raw`(?:at least|no less than|more than|over|above|minimum(?: of)?|>=?|≥)\s{0,3}${NUMBER}`, 'i');

const UNITS: readonly (readonly [RegExp, string, number])[] = [
  [/^(?:ms|millisecond)/i, 'ms', 1],
  [/^min/i, 'ms', 60_000],
  [/^s(?:ec|$)/i, 'ms', 1_000],
  [/^(?:%|percent)/i, 'percent', 1],
  [/^(?:requests?|rps)/i, 'per_second', 1],
  [/^gb/i, 'mb', 1_024],
  [/^mb/i, 'mb', 1],
  [/^kb/i, 'kb', 1],
];

/** The metric is reported by whoever does the task (`docs/plans.md`, "metric"). Undefined where no bound is stated. */
export const metricOf = (text: string): Extract<WrittenCheck, { type: 'metric' }> | undefined => {
  const most = AT_MOST.exec(text);
  const least = most ? undefined : AT_LEAST.exec(text);
  const [, number = '', written = ''] = most ?? least ?? [];
  if (number === '') return undefined;
  const [, unit, scale] = UNITS.find(([pattern]) => pattern.test(written)) ?? [undefined, 'count', 1];
  const bound = Number(number.replace(',', '.')) * scale;
  return { type: 'metric', name: `${slug(text, 'measure').replaceAll('-', '_')}_${unit}`, expect: most ? { lte: bound } : { gte: bound } };
};
