import { reportOf, share, type ReportReader } from './report.ts';

/** Lines found and hit, summed over all records; counted from `DA` where a record has no sums. */
export const readLcov: ReportReader = (text) => {
  if (!/^end_of_record\s*$/m.test(text)) return undefined;
  let found = 0;
  let hit = 0;
  let record = { lines: 0, hit: 0, sums: { lf: undefined as number | undefined, lh: undefined as number | undefined } };
  for (const line of text.split('\n')) {
    const [kind, value = ''] = line.trim().split(':', 2);
    if (kind === 'DA') {
      record.lines += 1;
      if (Number(value.split(',')[1]) > 0) record.hit += 1;
    } else if (kind === 'LF') record.sums.lf = Number(value);
    else if (kind === 'LH') record.sums.lh = Number(value);
    else if (kind === 'end_of_record') {
      found += record.sums.lf ?? record.lines;
      hit += record.sums.lh ?? record.hit;
      record = { lines: 0, hit: 0, sums: { lf: undefined, lh: undefined } };
    }
  }
  return reportOf({ coverage: share(hit, found) });
};
