/** What a changed task asks for otherwise than before. */
import { isDeepStrictEqual } from 'node:util';
import type { Ask } from '../../model/graph.ts';
import type { TaskUpdate } from '../../model/patch.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { writes } from '../resources/implicit.ts';
import { limitNames } from '../resources/limit-asks.ts';
import { QUANTITIES, unitsNeeded } from '../resources/quantities.ts';
import { askOf, mergeAsks, namedAsks } from './map-asks.ts';
import { present } from './optional.ts';

const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

const named = (task: WrittenTask): ReadonlyMap<string, Ask> => new Map((mergeAsks(namedAsks(task).map(askOf)) ?? []).map((ask) => [ask.resource, ask]));

const limits = (task: WrittenTask): ReadonlySet<string> => new Set(limitNames(task.labels ?? [], task.directory ?? task.workspace));

/** What counts against limits depends on the plan's policies, and whether quotas do: the graph knows. */
export const changedAsks = (before: WrittenTask, after: WrittenTask): Pick<TaskUpdate, 'drop' | 'asks' | 'asksIfThere' | 'asksIfAsked'> => {
  const [was, is] = [named(before), named(after)];
  const [limited, limitedNow] = [limits(before), limits(after)];
  const quotas = QUANTITIES.map(({ field, resource, scale }) => {
    const units = (task: WrittenTask): number => unitsNeeded(task.resource_requirements?.estimated?.[field] ?? 0, scale);
    return { resource, before: units(before), after: units(after) };
  }).filter((quota) => quota.before !== quota.after && !was.has(quota.resource) && !is.has(quota.resource));
  const asked = (quota: (typeof quotas)[number]): Ask => ({ ...writes(quota.resource), units: quota.after });
  return present({
    drop: some([
      ...[...was.keys()].filter((name) => !is.has(name)),
      ...[...limited].filter((name) => !limitedNow.has(name)),
      ...quotas.filter((quota) => quota.after === 0).map(({ resource }) => resource),
    ]),
    asks: some([...is.values()].filter((ask) => !isDeepStrictEqual(ask, was.get(ask.resource)))),
    asksIfThere: some([...[...limitedNow].filter((name) => !limited.has(name)).map(writes), ...quotas.filter((quota) => quota.before === 0).map(asked)]),
    asksIfAsked: some(quotas.filter((quota) => quota.before > 0 && quota.after > 0).map(asked)),
  });
};
