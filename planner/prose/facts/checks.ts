/** Acceptance checks in brief, and those of several tasks as one list. */
import type { WrittenCheck } from '../../../model/check.schema.ts';
import type { PlannedTask } from '../../artifacts/task.schema.ts';
import type { Inline, Phrase } from '../markdown/nodes.ts';
import { code, text } from '../markdown/nodes.ts';
import { joined } from '../lists.ts';
import { figure, percent } from '../numbers.ts';

/** Whether a machine can say if it holds. */
export const isMechanical = ({ type }: WrittenCheck): boolean => type !== 'manual';

const commandWords = ({ expect = {} }: WrittenCheck & { readonly type: 'command' }): readonly Inline[] => {
  const parts: readonly Phrase[] = [
    ...(expect.exitCode === undefined ? [] : [`exits with ${figure(expect.exitCode, 0)}`]),
    ...(expect.contains === undefined ? [] : [['prints ', code(expect.contains, 80)]]),
    ...(expect.matches === undefined ? [] : [['prints what matches ', code(expect.matches, 80)]]),
    ...(expect.passRateGte === undefined ? [] : [`at least ${percent(expect.passRateGte)} of its tests pass`]),
    ...(expect.coverageGte === undefined ? [] : [`coverage is at least ${percent(expect.coverageGte)}`]),
  ];
  return parts.length === 0 ? ['succeeds'] : joined(parts);
};

const artifactWords = ({ expect = {} }: WrittenCheck & { readonly type: 'artifact' }): string => {
  if (expect.exists === false) return 'does not exist';
  const forms = [...(expect.validJSON ? ['valid JSON'] : []), ...(expect.validYAML ? ['valid YAML'] : []), ...(expect.validOpenAPI ? ['valid OpenAPI'] : [])];
  return forms.length === 0 ? 'exists' : `exists and is ${forms.join(' and ')}`;
};

const metricWords = ({ expect: { lte, gte } }: WrittenCheck & { readonly type: 'metric' }): string =>
  [...(lte === undefined ? [] : [`is at most ${figure(lte, 6)}`]), ...(gte === undefined ? [] : [`${lte === undefined ? 'is ' : ''}at least ${figure(gte, 6)}`])].join(' and ');

/** `npm test` exits with 0. */
export const checkWords = (check: WrittenCheck): readonly Inline[] => {
  if (check.type === 'command') return [code(check.cmd, 160), ' ', ...commandWords(check)];
  if (check.type === 'artifact') return [code(check.path, 160), ` ${artifactWords(check)}`];
  return check.type === 'metric' ? [code(check.name, 80), ` ${metricWords(check)}`] : ['by hand: ', text(check.text)];
};

export interface Gate {
  readonly check: WrittenCheck;
  /** Tasks that ask for it, in their order. */
  readonly tasks: readonly string[];
}

/** What makes two checks one; of metrics the name, since the stricter bound holds both. */
const keyOf = (check: WrittenCheck): string => {
  if (check.type === 'command') return JSON.stringify([check.type, check.cmd, check.expect]);
  if (check.type === 'artifact') return JSON.stringify([check.type, check.path, check.expect]);
  return JSON.stringify(check.type === 'metric' ? [check.type, check.name, check.file] : [check.type, check.text]);
};

const least = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? (a ?? b) : Math.min(a, b));
const most = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? (a ?? b) : Math.max(a, b));

const strictest = (one: WrittenCheck, other: WrittenCheck): WrittenCheck => {
  if (one.type !== 'metric' || other.type !== 'metric') return one;
  const lte = least(one.expect.lte, other.expect.lte);
  const gte = most(one.expect.gte, other.expect.gte);
  return { ...one, expect: { ...(lte !== undefined && { lte }), ...(gte !== undefined && { gte }) } };
};

/** The checks of all tasks, each once; those of most tasks first. */
export const gatesOf = (tasks: readonly PlannedTask[]): readonly Gate[] => {
  const gates = new Map<string, Gate>();
  for (const { id, acceptance_checks: checks } of tasks) {
    for (const check of checks) {
      const key = keyOf(check);
      const gate = gates.get(key);
      if (!gate) gates.set(key, { check, tasks: [id] });
      else gates.set(key, { check: strictest(gate.check, check), tasks: gate.tasks.at(-1) === id ? gate.tasks : [...gate.tasks, id] });
    }
  }
  return [...gates.values()].sort((a, b) => b.tasks.length - a.tasks.length);
};
