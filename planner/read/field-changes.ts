/** The written fields of a task, with changes in them; and how two versions of them differ. */
import { isDeepStrictEqual } from 'node:util';
import type { TaskId } from '../../model/ids.ts';
import type { FieldChange, TaskDifference } from '../../model/patch.ts';
import { isRecord } from './read-task.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Ways to say the same: what is said now takes the place of all of them. */
const SAME: readonly (readonly string[])[] = [
  ['title', 'name'],
  ['directory', 'workspace'],
  ['idempotent', 'idempotency'],
  ['estimate_minutes', 'duration', 'durationUnits'],
];

/** A plan holds no secrets, and people put some in all the same. */
const HIDDEN = '(not shown)';

const without = (value: unknown, key: string): unknown => (isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([each]) => each !== key)) : value);

/** `null` takes a field out. */
export const withChanges = (fields: Fields, changes: Fields): Fields => {
  const isChanged = (key: string): boolean => Object.hasOwn(changes, key);
  const replaced = new Set(SAME.filter((group) => group.some(isChanged)).flat());
  // `retry` and `retry_on_failure` say more than `retries`, which would have no effect beside them.
  const retriesAlone = isChanged('retries') && !isChanged('retry');
  if (isChanged('retries')) replaced.add('retry_on_failure');
  const kept = Object.entries(fields).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (isChanged(key) || replaced.has(key)) return [];
    return [[key, key === 'retry' && retriesAlone ? without(value, 'max_attempts') : value]];
  });
  return Object.fromEntries([...kept, ...Object.entries(changes).filter(([, value]) => value !== null)]);
};

const hidden = (value: unknown): unknown => (value === undefined ? undefined : HIDDEN);

const variables = (from: unknown, to: unknown): readonly FieldChange[] => {
  const [before, after] = [isRecord(from) ? from : {}, isRecord(to) ? to : {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return names.map((name) => ({ field: `env.${name}`, from: hidden(before[name]), to: hidden(after[name]) }));
};

export const differenceOf = (task: TaskId, before: Fields, after: Fields): TaskDifference => {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return { task, changes: keys.flatMap((field) => (field === 'env' ? variables(before[field], after[field]) : [{ field, from: before[field], to: after[field] }])) };
};
