import { isObject, numberIn, reportOf, share, type Report, type ReportReader } from './report.ts';

type Json = Record<string, unknown>;

const inside = (value: Json, key: string): Json => {
  const child = Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(child) ? child : {};
};

const rate = (good: number | undefined, bad: number | undefined): number | undefined =>
  good === undefined || bad === undefined ? undefined : share(good, good + bad);

/** Each answers the pass rate of one dialect, or undefined. */
const PASS_RATES: readonly ((value: Json) => number | undefined)[] = [
  /* plain */ (it) => share(numberIn(it, 'passRate') ?? Number.NaN, 1),
  /* Jest, Vitest */ (it) => rate(numberIn(it, 'numPassedTests'), numberIn(it, 'numFailedTests')),
  /* Mocha */ (it) => rate(numberIn(inside(it, 'stats'), 'passes'), numberIn(inside(it, 'stats'), 'failures')),
  /* Playwright: flaky ones passed in the end */ (it) => {
    const stats = inside(it, 'stats');
    const expected = numberIn(stats, 'expected');
    return rate(expected === undefined ? undefined : expected + (numberIn(stats, 'flaky') ?? 0), numberIn(stats, 'unexpected'));
  },
  /* pytest-json-report; left out are the kinds that did not occur */ (it) => {
    const summary = inside(it, 'summary');
    const count = (key: string): number => numberIn(summary, key) ?? 0;
    return numberIn(summary, 'total') === undefined ? undefined : rate(count('passed'), count('failed') + count('error'));
  },
  /* plain counts */ (it) => rate(numberIn(it, 'passed'), numberIn(it, 'failed')),
];

const percentOf = (value: number | undefined): number | undefined => (value === undefined ? undefined : share(value, 100));

const COVERAGES: readonly ((value: Json) => number | undefined)[] = [
  /* plain, 0 to 1 */ (it) => share(numberIn(it, 'coverage') ?? Number.NaN, 1),
  /* istanbul's coverage-summary */ (it) => percentOf(numberIn(inside(inside(it, 'total'), 'lines'), 'pct')),
  /* coverage.py */ (it) => percentOf(numberIn(inside(it, 'totals'), 'percent_covered')),
];

const firstOf = (readers: readonly ((value: Json) => number | undefined)[], value: Json): number | undefined => {
  for (const read of readers) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
};

export const reportFromJson = (value: Json): Report => reportOf({ passRate: firstOf(PASS_RATES, value), coverage: firstOf(COVERAGES, value) });

export const parseJsonObject = (text: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The JSON reports of common test runners, or `{"passRate": 0.97, "coverage": 0.9}`, or `{"passed", "failed"}`. */
export const readJson: ReportReader = (text) => {
  const value = parseJsonObject(text);
  return value ? reportFromJson(value) : undefined;
};
