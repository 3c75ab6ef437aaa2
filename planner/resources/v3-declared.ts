/** What a v3 plan declares without a catalogue: shared resources, and how much CPU, memory and disk there is. */
import type { Coordinator } from '../read/coordinator.schema.ts';
import type { Declared, Definition, Quantities } from '../read/draft.ts';
import type { WrittenLimits } from '../read/pressure.schema.ts';
import type { Where } from '../read/source.ts';
import { inside } from '../read/source.ts';
import type { TasksV3 } from '../read/tasks-v3.schema.ts';
import { NOTHING_DECLARED } from './declared.ts';
import { quotaOf } from './quantities.ts';

type SharedResources = NonNullable<NonNullable<NonNullable<TasksV3['meta']>['codebase_analysis']>['shared_resources']>;

/** A pool such as test databases is there once, whoever uses it: it is shared by all executions (spec/002). */
const sharedOf = (written: SharedResources, where: Where): readonly Definition[] =>
  Object.entries(written).map(([name, shared]): Definition => {
    const at = inside(where, name);
    return shared.type === 'exclusive'
      ? { name, mode: 'exclusive', where: at }
      : { name, mode: 'semaphore', capacity: shared.capacity, scope: 'global', where: at };
  });

interface Amount {
  readonly amount: number;
  readonly where: Where;
}

const LIMITS = [
  { field: 'cpu_cores', key: 'max_cpu_cores', scale: 1 },
  { field: 'memory_mb', key: 'max_memory_gb', scale: 1_024 },
  { field: 'disk_io_mbps', key: 'max_disk_io_mbps', scale: 1 },
] as const;

/** `resource_limits`, and where they stand. */
interface StatedLimits {
  readonly limits: WrittenLimits | undefined;
  readonly where: Where;
}

const limitOf = ({ limits, where }: StatedLimits, { key, scale }: (typeof LIMITS)[number]): readonly Amount[] => {
  const amount = limits?.[key];
  return amount === undefined ? [] : [{ amount: amount * scale, where: inside(where, key) }];
};

/** What all workers have together: nothing is known of it unless the plan says how many there are at most. */
const workersOf = (pool: Coordinator['worker_pool'], field: keyof Quantities, where: Where): readonly Amount[] => {
  const each = pool?.worker_template?.resource_capacity?.[field];
  const workers = pool?.max_workers;
  if (each === undefined || workers === undefined) return [];
  return [{ amount: each * workers, where: inside(where, 'worker_template', 'resource_capacity', field) }];
};

/** Of what the plan allows and what its workers have, the smallest. */
const quotas = (stated: readonly StatedLimits[], pool?: { readonly written: Coordinator['worker_pool']; readonly where: Where }): readonly Definition[] =>
  LIMITS.flatMap((limit): readonly Definition[] => {
    const amounts = [...stated.flatMap((each) => limitOf(each, limit)), ...(pool ? workersOf(pool.written, limit.field, pool.where) : [])];
    const [smallest] = amounts.toSorted((a, b) => a.amount - b.amount);
    return smallest ? [{ ...quotaOf(limit.field, smallest.amount), mode: 'semaphore', where: smallest.where }] : [];
  });

/** What the maxima of phases declare: the phases are one graph. */
export const limitsDeclared = (stated: readonly StatedLimits[]): Declared => ({ ...NOTHING_DECLARED, definitions: quotas(stated) });

export const v3Declared = (options: {
  readonly meta: TasksV3['meta'];
  /** The top of `tasks.json`. */
  readonly where: Where;
  readonly coordinator?: { readonly written: Coordinator; readonly where: Where } | undefined;
}): Declared => {
  const { meta, where, coordinator } = options;
  const analysis = inside(where, 'meta', 'codebase_analysis', 'shared_resources');
  const limits = { limits: meta?.resource_limits, where: inside(where, 'meta', 'resource_limits') };
  return {
    ...NOTHING_DECLARED,
    definitions: [
      ...sharedOf(meta?.codebase_analysis?.shared_resources ?? {}, analysis),
      ...quotas([limits], { written: coordinator?.written.worker_pool, where: inside(coordinator?.where ?? where, 'worker_pool') }),
    ],
  };
};
