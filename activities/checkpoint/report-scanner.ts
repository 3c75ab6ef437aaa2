/**
 * Finds the lines of a stream of output that report something: the same ones however it is cut into chunks. Costs one
 * search per chunk while there are none. The text itself goes its own way, with these lines in it.
 */
import { readReportLine, REPORT_MARK } from './report-line.ts';
import type { ReportResult } from './report.ts';
import { fail } from '../../model/problem.ts';

/** A longer line is no report. */
export const MAX_REPORT_LINE = 4_096;

export interface ReportScanner {
  /** Printable and redacted: a secret in a name or a path makes it one that is not accepted. */
  push(text: string): void;
  /** What is left is a line, too. */
  end(): void;
}

const LINE_END = /[\r\n]/g;
const lastLineEnd = (text: string): number => Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
/** Whether a beginning may still become a report. */
const mayReport = (text: string): boolean => text.startsWith(REPORT_MARK) || REPORT_MARK.startsWith(text);

export const createReportScanner = (found: (report: ReportResult) => void): ReportScanner => {
  /** Of the line that has not ended. */
  let held = '';
  /** The line that has not ended is none of ours. */
  let isOther = false;

  const add = (part: string): void => {
    if (isOther) return;
    held += part;
    if (mayReport(held) && held.length <= MAX_REPORT_LINE) return;
    if (held.startsWith(REPORT_MARK)) found(fail(`the line is longer than ${MAX_REPORT_LINE} characters`));
    isOther = true;
    held = '';
  };
  const endLine = (): void => {
    if (held.startsWith(REPORT_MARK)) found(readReportLine(held));
    held = '';
    isOther = false;
  };

  return {
    push: (text) => {
      let rest = text;
      if (held === '' && !text.includes(REPORT_MARK)) {
        const last = lastLineEnd(text);
        if (last !== -1) isOther = false;
        rest = text.slice(last + 1);
      }
      let at = 0;
      for (const { index } of rest.matchAll(LINE_END)) {
        add(rest.slice(at, index));
        endLine();
        at = index + 1;
      }
      add(rest.slice(at));
    },
    end: endLine,
  };
};
