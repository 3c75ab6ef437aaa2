/** Reads the report that a check names. No report, one older than the attempt, or one not understood: no pass. */
import { fail, ok, type Result } from '../../../model/problem.ts';
import type { ReportFormat } from '../../../model/check.ts';
import { readBounded } from '../read-bounded.ts';
import { readCobertura } from './cobertura.ts';
import { readIstanbul } from './istanbul.ts';
import { readJson } from './json.ts';
import { readJunit } from './junit.ts';
import { readLcov } from './lcov.ts';
import type { Report, ReportReader } from './report.ts';
import { readTap } from './tap.ts';

const READERS: Readonly<Record<ReportFormat, ReportReader>> = {
  junit: readJunit,
  tap: readTap,
  json: readJson,
  lcov: readLcov,
  cobertura: readCobertura,
  istanbul: readIstanbul,
};

/** By what the text starts with; used when the plan names no format. */
const guess = (text: string): Report | undefined => {
  const start = text.slice(0, 200).trimStart();
  if (start.startsWith('<')) return readJunit(text) ?? readCobertura(text);
  if (!start.startsWith('{')) return readLcov(text) ?? readTap(text);
  const report = readJson(text);
  return report && Object.keys(report).length > 0 ? report : readIstanbul(text);
};

export interface ReadReportRequest {
  readonly workspace: string;
  readonly path: string;
  readonly format: ReportFormat | undefined;
  readonly startedAt: number;
}

export const readReport = async ({ workspace, path, format, startedAt }: ReadReportRequest): Promise<Result<Report, string>> => {
  const text = await readBounded({ workspace, path, notBefore: startedAt });
  if (!text.ok) return fail(`its report ${text.error}`);
  const report = format ? READERS[format](text.value) : guess(text.value);
  return report ? ok(report) : fail(`its report ${path} is not readable${format ? ` as ${format}` : ''}`);
};
