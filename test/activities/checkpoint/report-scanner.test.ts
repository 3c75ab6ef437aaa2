import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReportJson } from '../../../activities/checkpoint/report-json.ts';
import { createReportScanner, MAX_REPORT_LINE } from '../../../activities/checkpoint/report-scanner.ts';
import type { ReportResult } from '../../../activities/checkpoint/report.ts';
import { isCheckpointName } from '../../../model/checkpoint.ts';

const scan = (chunks: readonly string[]): readonly ReportResult[] => {
  const found: ReportResult[] = [];
  const scanner = createReportScanner((report) => found.push(report));
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return found;
};
const only = (line: string): ReportResult | undefined => scan([`${line}\n`])[0];

/** Lines that are reports, nearly reports, and anything else. */
const piece = fc.oneof(
  fc.constantFrom('::tasks ', '::tasks', '::', 'progress', 'checkpoint', ' ', '40', 'half', 'percent=50', 'paths=a,b', '\n', '\r', '\r\n', '::tasks progress 40::', '::tasks checkpoint half percent=50::\n', ':', 't'),
  fc.string({ maxLength: 12 }),
  fc.integer({ min: 4_000, max: 5_000 }).map((length) => 'x'.repeat(length)),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

/** What the scanner must find, said without streaming: whole lines of a whole text. */
const naive = (whole: string): number => whole.split(/[\r\n]/).filter((line) => line.startsWith('::tasks ')).length;

test('however a text is cut into chunks, the same is found in it', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(200), { minLength: 1, maxLength: 60 }), (whole, sizes) => {
      const chunks: string[] = [];
      for (let at = 0, turn = 0; at < whole.length; turn += 1) {
        const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
        chunks.push(whole.slice(at, at + size));
        at += size;
      }
      const expected = scan([whole]);
      expect(scan(chunks)).toEqual(expected);
      expect(expected).toHaveLength(naive(whole));
    }),
    { numRuns: 500 },
  );
});

test('whatever follows the mark, what is accepted is harmless', () => {
  const word = fc.oneof(fc.constantFrom('progress', 'checkpoint', 'a', 'percent=', 'percent=10', 'paths=', 'paths=../x', 'paths=/etc/passwd', 'paths=a%2F..%2Fb', 'paths=.git/hooks', 'paths=%00', 'rollback=no', 'rollback=maybe', '1e9', '-1', '101', 'NaN', '__proto__', '%', '$(id)'), fc.string({ maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      for (const result of scan([`::tasks ${words.join(' ')}::\n`])) {
        if (!result.ok) continue;
        const report = result.value;
        if (report.percent !== undefined) expect(report.percent).toSatisfy((percent: number) => percent >= 0 && percent <= 100);
        if (report.kind === 'progress') continue;
        expect(isCheckpointName(report.name)).toBe(true);
        for (const path of report.paths) expect([path.startsWith('/'), path.split('/').includes('..'), path.split('/').includes('.git'), path.includes('\0')]).toEqual([false, false, false, false]);
      }
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['::tasks progress 40::', { kind: 'progress', percent: 40 }],
  ['::tasks progress 40.55%::', { kind: 'progress', percent: 40.6 }],
  ['::tasks progress 40::   ', { kind: 'progress', percent: 40 }],
  ['::tasks checkpoint half::', { kind: 'checkpoint', name: 'half', paths: [] }],
  ['::tasks checkpoint half percent=50 paths=a%2Cb,c%20d/ rollback=no::', { kind: 'checkpoint', name: 'half', percent: 50, paths: ['a,b', 'c d'], rollbackCapable: false }],
])('%s is understood', (line, report) => {
  expect(only(line)).toEqual({ ok: true, value: report });
});

test.each([
  '::tasks progress forty::',
  '::tasks progress 140::',
  '::tasks progress 40',
  '::tasks ::',
  '::tasks checkpoint::',
  '::tasks checkpoint -rf::',
  '::tasks checkpoint half 50::',
  '::tasks checkpoint half percent=1 percent=2::',
  '::tasks checkpoint half speed=9::',
  '::tasks checkpoint half paths=/etc/passwd::',
  '::tasks checkpoint half paths=a/../../b::',
  '::tasks checkpoint half paths=.tasks/x::',
  '::tasks checkpoint half paths=.::',
  '::tasks checkpoint half paths=a//b::',
  `::tasks checkpoint ${'n'.repeat(65)}::`,
  `::tasks progress ${'4'.repeat(MAX_REPORT_LINE)}::`,
])('%s is not understood, and that is said once', (line) => {
  expect(scan([`${line}\n`])).toEqual([{ ok: false, error: expect.any(String) }]);
});

test.each([' ::tasks progress 40::', 'done ::tasks progress 40::', '::task progress 40::', '::tasksprogress 40::', ''])('%j is output like any other', (line) => {
  expect(scan([`${line}\n`])).toEqual([]);
});

describe('the file', () => {
  test.each([
    ['{"progress":40}', { kind: 'progress', percent: 40 }],
    ['{"checkpoint":"half","percent":50,"paths":["a,b"],"rollback_capable":false}', { kind: 'checkpoint', name: 'half', percent: 50, paths: ['a,b'], rollbackCapable: false }],
  ])('%s is understood', (line, report) => {
    expect(readReportJson(line)).toEqual({ ok: true, value: report });
  });

  test.each(['', '{', '[]', 'null', '40', '{"progress":"x"}', '{"progress":40,"more":1}', '{"checkpoint":"a b"}', '{"checkpoint":"a","paths":"b"}', '{"checkpoint":"a","paths":["../b"]}', '{"checkpoint":"a","rollback_capable":"no"}', '{"checkpoint":"a","extra":1}', '{"__proto__":{"progress":1}}'])('%s is not', (line) => {
    expect(readReportJson(line)).toEqual({ ok: false, error: expect.any(String) });
  });
});
