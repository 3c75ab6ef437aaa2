/** Options of `tasks worker --pool`. */
import { readRoles } from '../pool/role.ts';
import type { Role } from '../pool/role.ts';
import type { Limits } from '../pool/sizing.ts';
import { TasksError } from '../../model/problem.ts';
import type { OptionSpec } from './command-spec.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';
import { DEFAULT_WORKER_MAX } from './execute-options.ts';

const DEFAULT = { min: 1, alpha: 2, shrinkAfter: 30 } as const;

export const POOL_OPTIONS: readonly OptionSpec[] = [
  { name: 'pool', description: 'Run worker processes on this machine, as many as the waiting work needs' },
  { name: 'min', value: 'N', kind: 'integer', minimum: 1, maximum: 1_000, description: `With --pool: workers at least; ${DEFAULT.min} unless stated` },
  { name: 'max', value: 'N', kind: 'integer', minimum: 1, maximum: 1_000, description: `With --pool: workers at most; ${DEFAULT_WORKER_MAX}, or --min when that is more, unless stated` },
  { name: 'alpha', value: 'N', kind: 'number', minimum: 0, maximum: 1_000, description: `With --pool: tasks that may wait for each worker before another one starts; ${DEFAULT.alpha} unless stated` },
  { name: 'shrink-after', value: 'SECONDS', kind: 'number', minimum: 1, maximum: 86_400, description: `With --pool: time without waiting work after which a worker is retired; ${DEFAULT.shrinkAfter} unless stated` },
  {
    name: 'role',
    value: 'NAMES',
    kind: 'list',
    separator: ';',
    description: 'With --pool: a kind of worker that it may run, by its capabilities (db,testing), or generic; one for each kind. The work that waits decides how many of each. generic unless stated',
  },
];

const NAMES = POOL_OPTIONS.map(({ name }) => name);

/** Environment of a pool's worker: what was said to the pool is not meant for it. */
export const withoutPool = (environment: Context['environment']): Context['environment'] => {
  const variables = new Set(NAMES.map((name) => `TASKS_${name.toUpperCase().replaceAll('-', '_')}`));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !variables.has(name)));
};

export interface PoolSettings {
  readonly roles: readonly Role[];
  readonly limits: Limits;
}

/** @throws TasksError TASKS3010 for options of a pool without one. */
export const checkPoolOptions = ({ values, services }: Context): void => {
  if (values.flag('pool') || services.pool) return;
  const stray = NAMES.filter((name) => name !== 'pool' && values.isGiven(name));
  if (stray.length > 0) throw usageError(`${stray.map((name) => `--${name}`).join(', ')} without --pool`, 'add --pool, or leave it out');
};

/** @throws TasksError TASKS3010 for options that contradict each other. */
export const poolSettings = ({ values }: Context): PoolSettings => {
  if (values.isGiven('metrics-port')) throw usageError('--metrics-port with --pool: its workers cannot share a port', 'leave it out');
  const own = values.list('capability');
  if (own.length > 0 && values.isGiven('role')) throw usageError('--capability with --role: a role says what its workers can do', 'leave --capability out');
  const read = readRoles(values.isGiven('role') ? values.list('role') : own.length > 0 ? [own.join(',')] : []);
  if (!read.ok) throw new TasksError(read.error);
  const roles = read.value;
  const min = values.number('min') ?? DEFAULT.min;
  const max = values.number('max') ?? Math.max(min, DEFAULT_WORKER_MAX);
  if (min > max) throw usageError(`--min ${min} is more than --max ${max}`);
  if (roles.length > max) throw usageError(`${roles.length} roles need --max ${roles.length} or more, not ${max}`);
  return { roles, limits: { min, max, alpha: values.number('alpha') ?? DEFAULT.alpha, quietMs: (values.number('shrink-after') ?? DEFAULT.shrinkAfter) * 1_000 } };
};
