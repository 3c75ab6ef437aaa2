import { reportOf, share, type ReportReader } from './report.ts';
import { elements, parseXml } from './xml.ts';

/** Counted from the test cases themselves: the sums in attributes are often wrong or missing. */
export const readJunit: ReportReader = (text) => {
  const root = parseXml(text);
  if (!root) return undefined;
  const open = [...elements(root, 'testsuites'), ...elements(root, 'testsuite')];
  if (open.length === 0) return undefined;
  let ran = 0;
  let good = 0;
  for (let suite = open.pop(); suite; suite = open.pop()) {
    open.push(...elements(suite, 'testsuite'));
    for (const test of elements(suite, 'testcase')) {
      if ('skipped' in test) continue;
      ran += 1;
      if (!('failure' in test) && !('error' in test)) good += 1;
    }
  }
  return reportOf({ passRate: share(good, ran) });
};
