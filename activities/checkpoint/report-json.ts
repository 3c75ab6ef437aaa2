/**
 * A line of the file `TASKS_PROGRESS_FILE`, for commands whose output is not their own:
 * `{"progress": 40}` or `{"checkpoint": "half", "percent": 50, "paths": ["out/a.txt"], "rollback_capable": false}`.
 */
import { fail } from '../../model/problem.ts';
import { isObject } from '../../model/shape.ts';
import { checkpointReport, progressReport } from './report.ts';
import type { ReportResult } from './report.ts';

const KEYS: ReadonlySet<string> = new Set(['checkpoint', 'percent', 'paths', 'rollback_capable']);

export const readReportJson = (line: string): ReportResult => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fail('a line of TASKS_PROGRESS_FILE is no JSON');
  }
  if (!isObject(value)) return fail('a line of TASKS_PROGRESS_FILE is no JSON object');
  const keys = Object.keys(value);
  if ('progress' in value && keys.length === 1) return progressReport(value['progress']);
  if (!('checkpoint' in value) || !keys.every((key) => KEYS.has(key))) {
    return fail('a line of TASKS_PROGRESS_FILE holds {"progress"}, or {"checkpoint"} with "percent", "paths" and "rollback_capable"');
  }
  const { checkpoint, percent, paths, rollback_capable } = value;
  return checkpointReport({ name: checkpoint, percent, ...(paths !== undefined && { paths }), ...(rollback_capable !== undefined && { rollbackCapable: rollback_capable }) });
};
