/** What patches say of resources, several of them as one. */
import type { TaskId } from '../../model/ids.ts';
import { isTaskId } from '../../model/ids.ts';
import type { ResourceChanges } from '../../model/patch.ts';
import type { WrittenResourceChanges } from '../../model/patch.schema.ts';
import { quotaOf } from '../resources/quantities.ts';
import { present } from './optional.ts';
import { quote } from './words.ts';

export interface WrittenChange {
  /** `` or `[3].`, for messages. */
  readonly label: string;
  readonly changes: WrittenResourceChanges;
  /** Who is to have the locks. */
  readonly tasks: readonly string[];
}

type Report = (message: string, hint?: string) => void;

/** `cpu_cores` and `cpu_millicores` are one resource; of two statements of one capacity nobody could say which counts. */
const once = (stated: Map<string, number>, entries: Readonly<Record<string, number>>, report: (name: string) => void): void => {
  for (const [name, amount] of Object.entries(entries)) {
    const { name: resource, capacity } = quotaOf(name, amount);
    if (stated.has(resource) && stated.get(resource) !== capacity) report(resource);
    stated.set(resource, capacity);
  }
};

const some = <T>(record: ReadonlyMap<string, T>): Readonly<Record<string, T>> | undefined => (record.size > 0 ? Object.fromEntries(record) : undefined);

/** Undefined when there are none. Locks of tasks that the patch itself brings are in `injected`, by task. */
export const resourceChanges = (
  written: readonly WrittenChange[],
  injectedIds: ReadonlySet<string>,
  report: Report,
): { readonly changes?: ResourceChanges; readonly injected: ReadonlyMap<string, readonly string[]> } => {
  const profiles = new Set<string>();
  const locks = new Set<string>();
  const capacities = new Map<string, number>();
  const quotas = new Map<string, number>();
  const byTask = new Map<string, Set<string>>();
  for (const { label, changes, tasks } of written) {
    const { profile, increase_quota: more = {}, decrease_quota: less = {}, set_capacity: set = {}, add_locks: added = [] } = changes;
    if (profile !== undefined) profiles.add(profile);
    for (const lock of added) locks.add(lock);
    once(capacities, set, (name) => report(`${label}resources.set_capacity: ${quote(name)} is set twice, and differently`));
    for (const [entries, sign] of [[more, 1], [less, -1]] as const) {
      for (const [name, amount] of Object.entries(entries)) {
        const { name: resource, capacity } = quotaOf(name, amount);
        quotas.set(resource, (quotas.get(resource) ?? 0) + sign * capacity);
      }
    }
    if (tasks.length > 0 && added.length === 0) report(`${label}tasks: they say who gets the locks of add_locks, and there are none`);
    for (const task of tasks) {
      if (!isTaskId(task)) report(`${label}tasks: ${quote(task)} cannot be an id`);
      byTask.set(task, new Set([...(byTask.get(task) ?? []), ...added]));
    }
  }
  if (profiles.size > 1) report(`only one profile can count, not ${[...profiles].map(quote).join(' and ')}`);
  const asks = [...byTask].filter(([task]) => !injectedIds.has(task)).map(([task, wanted]) => ({ task: task as TaskId, locks: [...wanted] }));
  const injected = new Map([...byTask].filter(([task]) => injectedIds.has(task)).map(([task, wanted]) => [task, [...wanted]]));
  if (written.length === 0) return { injected };
  const [profile] = profiles;
  const changes: ResourceChanges = present({
    profile,
    locks: locks.size > 0 ? [...locks] : undefined,
    capacities: some(capacities),
    quotas: some(quotas),
    asks: asks.length > 0 ? asks : undefined,
  });
  return { changes, injected };
};
