import { reportOf, share, type ReportReader } from './report.ts';

const TEST = /^(not )?ok\b(?:[^#\n]|#(?! ?(?:skip|todo)))*(?:# ?(skip|todo)\b)?/i;

/** Top-level test points of TAP 12 to 14. A plan that promises more than came counts the missing as failed. */
export const readTap: ReportReader = (text) => {
  let planned: number | undefined;
  let seen = 0;
  let ran = 0;
  let good = 0;
  let isTap = false;
  for (const line of text.split(/\r?\n/)) {
    const plan = /^1\.\.(\d{1,9})/.exec(line);
    if (plan) {
      planned = Number(plan[1]);
      isTap = true;
      continue;
    }
    if (/^Bail out!/i.test(line)) return reportOf({ passRate: 0 });
    const test = TEST.exec(line);
    if (!test) continue;
    isTap = true;
    seen += 1;
    if (test[2] !== undefined) continue;
    ran += 1;
    if (test[1] === undefined) good += 1;
  }
  if (!isTap) return undefined;
  return reportOf({ passRate: share(good, ran + Math.max(0, (planned ?? seen) - seen)) });
};
