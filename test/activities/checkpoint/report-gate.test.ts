import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReportGate } from '../../../activities/checkpoint/report-gate.ts';
import type { Report } from '../../../activities/checkpoint/report.ts';
import { MAX_CHECKPOINTS } from '../../../model/checkpoint.ts';
import { fail, ok } from '../../../model/problem.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const open = () => {
  const reports: Report[] = [];
  const notes: string[] = [];
  return { reports, notes, gate: createReportGate({ report: (report) => reports.push(report), note: (text) => notes.push(text) }) };
};
const progress = (percent: number) => ok({ kind: 'progress', percent } as const);
const checkpoint = (name: string) => ok({ kind: 'checkpoint', name, paths: [] } as const);

test('of a flood of progress little is passed on, and the last of it always', () => {
  const { reports, gate } = open();
  for (let turn = 0; turn < 10_000; turn += 1) gate.take(progress(turn % 100));
  expect(reports).toEqual([{ kind: 'progress', percent: 0 }]);
  vi.advanceTimersByTime(1_000);
  expect(reports).toEqual([
    { kind: 'progress', percent: 0 },
    { kind: 'progress', percent: 99 },
  ]);
});

test('what is held back comes before a checkpoint, and at the end', () => {
  const { reports, gate } = open();
  for (const percent of [10, 20, 30]) gate.take(progress(percent));
  gate.take(checkpoint('a'));
  gate.take(progress(40));
  gate.end();
  expect(reports.map((report) => (report.kind === 'progress' ? report.percent : report.name))).toEqual([10, 30, 'a', 40]);
});

test('checkpoints without end have one, and so have complaints', () => {
  const { reports, notes, gate } = open();
  for (let turn = 0; turn < 1_000; turn += 1) gate.take(checkpoint(`c${turn}`));
  expect(reports).toHaveLength(MAX_CHECKPOINTS);
  for (let turn = 0; turn < 1_000; turn += 1) gate.take(fail('why'));
  expect(notes.length).toBeLessThan(15);
});
