/**
 * Acceptance checks of a draft. A command is run on somebody's machine, so none is taken on a model's word: it is one that the
 * project's own manifests name, with paths of tests after it and no options. A metric has a bound that the document states.
 */
import type { WrittenCheck } from '../../../model/check.schema.ts';
import type { ProjectCommands } from '../../codebase/analysis.ts';
import { counted, quote } from '../../read/words.ts';
import { slug } from '../../wording/slug.ts';
import { draftCheckSchema } from '../draft.schema.ts';
import type { DraftCheck } from '../draft.schema.ts';
import { checkPaths } from './paths.ts';
import type { Cited, View } from './view.ts';

const MAX_CHECKS = 12;
const TEST_PATH = /^[A-Za-z0-9_@][\w@+=:,./-]{0,199}$/;

const isTestPath = (word: string): boolean => TEST_PATH.test(word) && !word.split('/').includes('..') && !word.includes('://');

/** Words of it that are not the project's; undefined where it is none of the project's. */
const argumentsOf = (command: string, { test, testOnly, lint, typecheck, build }: ProjectCommands): readonly string[] | undefined => {
  const whole = [test, lint, typecheck, build].filter((each) => each !== undefined);
  if (whole.includes(command)) return [];
  const [before, after] = testOnly?.includes('{}') ? [testOnly.slice(0, testOnly.indexOf('{}')), testOnly.slice(testOnly.indexOf('{}') + 2)] : [undefined, ''];
  if (before !== undefined && command.startsWith(before) && command.endsWith(after) && command.length > before.length + after.length) return command.slice(before.length, command.length - after.length).trim().split(/\s+/);
  const head = test !== undefined && command.startsWith(`${test} `) ? test : undefined;
  return head === undefined ? undefined : command.slice(head.length).trim().replace(/^-- /, '').split(/\s+/);
};

const commandCheck = (view: View, where: string, command: string): WrittenCheck | undefined => {
  // A line end would begin another command.
  const paths = /\p{Cc}/u.test(command) ? undefined : argumentsOf(command, view.commands);
  if (paths?.every(isTestPath)) return { type: 'command', cmd: command };
  view.findings.add('dropped', where, `the check ${quote(command)}: ${paths === undefined ? 'it is no command of the project' : 'only paths of tests may follow a command of the project'}`);
  return undefined;
};

const NUMBER = /\d{1,12}(?:[.,]\d{1,6})?/g;
/** The same quantity in seconds and milliseconds, minutes, gigabytes and megabytes, percent and shares. */
const SCALES = [1, 1_000, 60_000, 60, 1_024, 0.01] as const;

const isStated = (number: number, { units, evidence }: Cited): boolean =>
  [...units.map(({ text }) => text), ...evidence.map(({ quote: text }) => text)].some((text) =>
    [...text.matchAll(NUMBER)].some(([written]) => [Number(written.replace(',', '.')), Number(written.replace(',', ''))].some((value) => SCALES.some((scale) => Math.abs(value * scale - number) <= 1e-9 * Math.max(1, Math.abs(number))))),
  );

const metricCheck = (view: View, where: string, { value, bound, number }: DraftCheck, cited: Cited): WrittenCheck | undefined => {
  const name = slug(value, '').replaceAll('-', '_');
  const wrong = name === '' ? 'it has no name' : bound === 'none' || !Number.isFinite(number) ? 'it has no bound' : isStated(number, cited) ? undefined : `nothing that the task cites states ${number}`;
  if (wrong !== undefined) {
    view.findings.add('dropped', where, `the metric ${quote(value)}: ${wrong}`);
    return undefined;
  }
  return { type: 'metric', name, expect: bound === 'at_most' ? { lte: number } : { gte: number } };
};

/** None where nothing holds: the caller adds what the rules would. */
export const checkChecks = (view: View, where: string, checks: readonly unknown[], cited: Cited): readonly WrittenCheck[] => {
  if (checks.length > MAX_CHECKS) view.findings.add('dropped', where, `${counted(checks.length - MAX_CHECKS, 'check')} beyond ${MAX_CHECKS}`);
  const held = new Map<string, WrittenCheck>();
  for (const each of checks.slice(0, MAX_CHECKS)) {
    const parsed = draftCheckSchema.safeParse(each);
    if (!parsed.success) {
      view.findings.add('dropped', where, 'a check that is neither a command, an artifact nor a metric');
      continue;
    }
    const check = checked(view, where, parsed.data, cited);
    if (check) held.set(JSON.stringify(check), check);
  }
  return [...held.values()];
};

const checked = (view: View, where: string, check: DraftCheck, cited: Cited): WrittenCheck | undefined => {
  if (check.type === 'command') return commandCheck(view, where, check.value.trim());
  if (check.type === 'metric') return metricCheck(view, where, check, cited);
  const [path] = checkPaths(view, where, [check.value]);
  return path === undefined ? undefined : { type: 'artifact', path, expect: { exists: true } };
};
