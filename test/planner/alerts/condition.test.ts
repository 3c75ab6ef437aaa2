/** Conditions of alerts: what they say, what is wrong with them, and that they survive being written. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPARISONS, METRIC_NAMES, METRICS } from '../../../model/alert.ts';
import type { Condition, Metric, MetricKind, Operand } from '../../../model/alert.ts';
import { isMonitoring } from '../../../model/alert.ts';
import { parseCondition } from '../../../planner/alerts/parse-condition.ts';
import { holds } from '../../../scheduler/alerts/evaluate.ts';
import { printCondition } from './print-condition.ts';

const parsed = (text: string): Condition => {
  const result = parseCondition(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

type Refusal = readonly [text: string, at: number, message: string, hint?: string];

describe('a condition', () => {
  test.each<readonly [string, Condition]>([
    ['failure_rate > 0.1', { op: '>', left: { metric: 'failure_rate' }, right: { value: 0.1 } }],
    ['failure_rate>10%', { op: '>', left: { metric: 'failure_rate' }, right: { value: 0.1 } }],
    ['  average_wait_time >= 2m ', { op: '>=', left: { metric: 'average_wait_time' }, right: { value: 120_000 } }],
    ['average_wait_time >= 2.5', { op: '>=', left: { metric: 'average_wait_time' }, right: { value: 2_500 } }],
    ['5 < ready', { op: '<', left: { value: 5 }, right: { metric: 'ready' } }],
    ['ready > running', { op: '>', left: { metric: 'ready' }, right: { metric: 'running' } }],
    ['resource_utilization.db.local == 100 %', { op: '==', left: { metric: 'resource_utilization', of: 'db.local' }, right: { value: 1 } }],
    ['failed = 0', { op: '==', left: { metric: 'failed' }, right: { value: 0 } }],
    ['!ready > 1 || running > 1 && failed > 1', {
      op: 'or',
      parts: [
        { op: 'not', part: { op: '>', left: { metric: 'ready' }, right: { value: 1 } } },
        { op: 'and', parts: [{ op: '>', left: { metric: 'running' }, right: { value: 1 } }, { op: '>', left: { metric: 'failed' }, right: { value: 1 } }] },
      ],
    }],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  test.each<readonly [text: string, at: number, message: string, hint: string | undefined]>(([
    ['', 0, 'a metric or a number was expected'],
    ['failure_rat > 0.1', 0, 'there is no metric "failure_rat"', 'Did you mean "failure_rate"?'],
    ['constructor > 1', 0, 'there is no metric "constructor"'],
    ['failure_rate > 10', 15, 'failure_rate is a share, and never more than 1', 'Write 10 %?'],
    ['failure_rate > 10s', 15, 'failure_rate is a share, and no time'],
    ['ready > 10%', 8, 'ready is no share: it cannot be compared with a percentage'],
    ['ready > 10s', 8, 'ready is no time: it is compared with a plain number'],
    ['ready > average_wait_time', 8, 'ready and average_wait_time are not measured in the same'],
    ['1 > 2', 4, 'two numbers say nothing of the execution'],
    ['ready', 5, 'a comparison was expected'],
    ['(ready > 1', 10, 'a ")" is missing'],
    ['ready > 1 running > 1', 10, '"running" was not expected here', 'Join conditions by "and" or "or".'],
    ['ready > 1; rm -rf /', 9, '";" has no place in a condition'],
    ['ready.x > 1', 0, 'ready is not of one thing among others: "ready.x"'],
    ['resource_utilization. > 1', 0, 'the name of a resource is missing after the "."'],
    ['ready > 9999999999999999', 8, 'the number is too large'],
    [`${'('.repeat(30)}ready > 1${')'.repeat(30)}`, 20, 'the condition is nested too deep'],
    [`${'not '.repeat(100)}ready > 1`, 80, 'the condition is nested too deep'],
    [`ready > 1 ${' '.repeat(500)}`, 0, 'the condition is longer than 500 characters'],
  ] as readonly Refusal[]).map(([text, at, message, hint]) => [text, at, message, hint] as const))('%j is refused', (text, at, message, hint) => {
    const result = parseCondition(text);
    expect(result).toMatchObject({ ok: false, error: { at, message, ...(hint !== undefined && { hint }) } });
  });

  const metric = fc.constantFrom(...METRIC_NAMES).chain((name): fc.Arbitrary<Metric> => (name === 'resource_utilization' ? fc.constantFrom<Metric>({ metric: name }, { metric: name, of: 'db.local' }, { metric: name, of: 'a-b' }) : fc.constant({ metric: name })));
  const number = (kind: MetricKind): fc.Arbitrary<number> => (kind === 'share' ? fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Math.round(value * 1e6) / 1e6) : kind === 'rate' ? fc.nat(1_000).map((value) => value / 8) : fc.nat());
  const comparison: fc.Arbitrary<Condition> = fc.tuple(metric, fc.constantFrom(...COMPARISONS), fc.boolean()).chain(([left, op, turned]) => {
    const kind = METRICS[left.metric];
    const others = metric.filter((other) => METRICS[other.metric] === kind);
    return fc.oneof<fc.Arbitrary<Operand>[]>(number(kind).map((value) => ({ value })), others).map((right): Condition => (turned ? { op, left: right, right: left } : { op, left, right }));
  });
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison,
      tie('condition').map((part): Condition => ({ op: 'not', part })),
      fc.tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('condition'), { minLength: 2, maxLength: 3 })).map(([op, parts]): Condition => ({ op, parts })),
    ),
  }));

  test('that is written and read again is the same, and passes the guard of workflows', () => {
    fc.assert(
      fc.property(condition, (condition) => {
        const text = printCondition(condition);
        fc.pre(text.length <= 500);
        expect(parsed(text)).toEqual(condition);
        expect(isMonitoring({ alerts: [{ name: 'a', condition, text, action: 'report' }] })).toBe(true);
      }),
    );
  });

  test('that is any text is read or refused, and never anything else', () => {
    const words = fc.array(fc.constantFrom(...METRIC_NAMES, ...COMPARISONS, 'and', 'or', 'not', '(', ')', '1', '10%', '5s', '!', '&&', '.', '__proto__'), { maxLength: 12 }).map((list) => list.join(' '));
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 60 }), words), (text) => {
      const result = parseCondition(text);
      if (result.ok) expect(parsed(printCondition(result.value))).toEqual(result.value);
      else expect(result.error.message).not.toBe('');
    }));
  });

  test('of what is not known is neither true nor false, unless the rest decides it', () => {
    const known = (values: Readonly<Record<string, number>>) => ({ metric }: Metric): number | undefined => values[metric];
    expect(holds(parsed('failure_rate > 0.1'), known({}))).toBeUndefined();
    expect(holds(parsed('not failure_rate > 0.1'), known({}))).toBeUndefined();
    expect(holds(parsed('failure_rate > 0.1 or ready > 1'), known({ ready: 2 }))).toBe(true);
    expect(holds(parsed('failure_rate > 0.1 and ready > 1'), known({ ready: 1 }))).toBe(false);
    expect(holds(parsed('failure_rate > 0.1 and ready > 1'), known({ ready: 2 }))).toBeUndefined();
  });
});
