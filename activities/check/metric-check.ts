/** `metric`: a number that the task wrote into a file must lie within limits. */
import { relative } from 'node:path';
import type { MetricCheck } from '../../model/check.ts';
import { failed, passed, type CheckContext, type CheckResult } from './check.ts';
import { readBounded } from './read-bounded.ts';

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

const fromJson = (text: string, name: string): number | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    const number: unknown = (value as Record<string, unknown>)[name];
    return typeof number === 'number' ? number : undefined;
  } catch {
    return undefined;
  }
};

/** `name value`, `name=value` or `name: value`; the last line counts. */
const fromLines = (text: string, name: string): number | undefined => {
  let found: number | undefined;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (!trimmed.startsWith(name)) continue;
    const rest = trimmed.slice(name.length);
    if (!/^\s|^[=:]/.test(rest)) continue;
    const value = rest.replace(/^\s*[=:]?\s*/, '');
    if (NUMBER.test(value)) found = Number(value);
  }
  return found;
};

export const readMetric = (text: string, name: string): number | undefined => (/^\s*\{/.test(text) ? fromJson(text, name) : fromLines(text, name));

export const metricCheck = async (
  { name, file, expect }: MetricCheck,
  { workspace, metricsFile, startedAt }: Pick<CheckContext, 'workspace' | 'metricsFile' | 'startedAt'>,
): Promise<CheckResult> => {
  if (expect.lte === undefined && expect.gte === undefined) return failed('it states neither "lte" nor "gte"');
  const path = file ?? relative(workspace, metricsFile);
  const text = await readBounded({ workspace, path, notBefore: startedAt });
  if (!text.ok) return failed(text.error);
  const value = readMetric(text.value, name);
  if (value === undefined || !Number.isFinite(value)) return failed(`${path} states no number for ${JSON.stringify(name)}`);
  if (expect.lte !== undefined && value > expect.lte) return failed(`${name} is ${value}, at most ${expect.lte} is allowed`);
  if (expect.gte !== undefined && value < expect.gte) return failed(`${name} is ${value}, at least ${expect.gte} is required`);
  return passed;
};
