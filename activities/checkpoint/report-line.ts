/**
 * The line by which a command reports on its own output, alone on its line and from its very beginning:
 *
 *     ::tasks progress 40::
 *     ::tasks checkpoint NAME percent=50 paths=out/a.txt,out/b rollback=no::
 *
 * Any language can print it, and nothing prints it by accident. Commas, spaces and `%` in a path are written as in an
 * address (`%2C`, `%20`, `%25`).
 */
import { fail } from '../../model/problem.ts';
import { checkpointReport, progressReport } from './report.ts';
import type { ReportResult } from './report.ts';

/** What such a line begins with. */
export const REPORT_MARK = '::tasks ';
const END = '::';

const ROLLBACK: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
]);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const readCheckpoint = ([name, ...settings]: readonly string[]): ReportResult => {
  const given = new Map<string, string>();
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const key = setting.slice(0, at);
    if (at < 1 || !['percent', 'paths', 'rollback'].includes(key)) return fail('a checkpoint takes percent=, paths= and rollback= after its name');
    if (given.has(key)) return fail(`${key}= stands twice`);
    given.set(key, setting.slice(at + 1));
  }
  const rollback = given.get('rollback');
  if (rollback !== undefined && !ROLLBACK.has(rollback)) return fail('rollback= takes yes or no');
  const percent = given.get('percent');
  return checkpointReport({
    name,
    ...(percent !== undefined && { percent }),
    paths: (given.get('paths') ?? '').split(',').filter((path) => path !== '').map(decoded),
    rollbackCapable: rollback === undefined || ROLLBACK.get(rollback),
  });
};

/** `line` begins with {@link REPORT_MARK} and holds no line end. */
export const readReportLine = (line: string): ReportResult => {
  const text = line.trimEnd();
  if (!text.endsWith(END)) return fail('the line must end with "::"');
  const [word, ...rest] = text.slice(REPORT_MARK.length, -END.length).split(' ').filter((part) => part !== '');
  if (word === 'checkpoint') return readCheckpoint(rest);
  if (word === 'progress' && rest.length === 1) return progressReport(rest[0]);
  return fail('it is "progress PERCENT" or "checkpoint NAME"');
};
