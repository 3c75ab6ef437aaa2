import { REPORT_MARK } from '../checkpoint/report-line.ts';
const MAX_LINE = 200;
const TELLING = /error|exception|fatal|fail|cannot|denied|refused|not found|no such/i;

/** The line of the output that most likely says why: the last one that sounds like it, else the last one. */
export const tellingLine = (tail: string): string | undefined => {
  const lines = tail.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith(REPORT_MARK));
  const line = lines.findLast((it) => TELLING.test(it)) ?? lines.at(-1);
  return line !== undefined && line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
};
