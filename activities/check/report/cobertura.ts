import { numberIn, reportOf, share, type ReportReader } from './report.ts';
import { attribute, elements, parseXml } from './xml.ts';

/** Lines: by their counts where given, else by the rate. */
export const readCobertura: ReportReader = (text) => {
  const [root] = elements(parseXml(text) ?? {}, 'coverage');
  if (!root) return undefined;
  const covered = numberIn(root, attribute('lines-covered'));
  const valid = numberIn(root, attribute('lines-valid'));
  const counted = covered !== undefined && valid !== undefined ? share(covered, valid) : undefined;
  return reportOf({ coverage: counted ?? share(numberIn(root, attribute('line-rate')) ?? Number.NaN, 1) });
};
