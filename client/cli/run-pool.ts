/** `tasks worker --pool`: the pool around one invocation. */
import { EXIT } from '../../model/problem.ts';
import type { ExitCode } from '../../model/problem.ts';
import { startPool } from '../pool/pool.ts';
import type { Role } from '../pool/role.ts';
import type { OptionSpec } from './command-spec.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import type { Context } from './context.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS, MAX_GRACE_S } from './execute-options.ts';
import { interrupted } from './interrupt.ts';
import { POOL_OPTIONS, poolSettings, withoutPool } from './pool-options.ts';
import { connectionChoice } from './with-client.ts';

/** Said by the pool, each in its own way, to every worker. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([...POOL_OPTIONS.map(({ name }) => name), 'grace', 'capability', 'output', 'log-level', 'color', 'json']);

/** Of the flags; a worker reads the environment and the files itself. */
const passedOn = ({ values }: Context, options: readonly OptionSpec[]): readonly string[] =>
  options.flatMap(({ name, value }) => {
    if (NOT_PASSED_ON.has(name) || values.source(name) !== 'flag') return [];
    if (value === undefined) return [`--${name}`];
    const given = values.text(name) ?? values.number(name);
    return (given === undefined ? values.list(name) : [given]).flatMap((text) => [`--${name}`, String(text)]);
  });

/** A retired worker lets its commands end, however long they take. */
export const workerArguments = (context: Context, options: readonly OptionSpec[], role: Role): readonly string[] => [
  'worker',
  ...passedOn(context, [...options, ...COMMON_OPTIONS]),
  ...role.capabilities.flatMap((name) => ['--capability', name]),
  '--grace',
  String(MAX_GRACE_S),
  '--output',
  'none',
  '--color',
  'never',
  '--log-level',
  context.values.text('log-level') === 'debug' ? 'debug' : 'warn',
];

export const runPool = async (context: Context, options: readonly OptionSpec[]): Promise<ExitCode> => {
  const { values, out, interrupt, services } = context;
  const { roles, limits } = poolSettings(context);
  const { signal } = interrupt;
  const graceSeconds = values.number('grace') ?? DEFAULT_GRACE_S;
  const environment = withoutPool(context.environment);
  await using demand = await services.openDemand(connectionChoice(context));
  const pool = startPool({
    roles,
    limits,
    demand,
    slots: values.number('slots') ?? DEFAULT_SLOTS,
    graceMs: graceSeconds * 1_000,
    startWorker: (role, on) => services.startWorkerChild({ ...on, environment, args: workerArguments(context, options, role) }),
    say: (text) => out.progress(text),
    repeat: (text) => out.error(text),
  });
  // A second Ctrl-C ends this process, and with it every worker at once.
  const abandon = (): void => pool.abandon();
  process.once('exit', abandon);
  try {
    const stopped = interrupted(signal);
    const workers = await Promise.race([pool.ready, pool.failed, stopped]);
    if (workers) {
      const names = workers.map(({ identity, role }) => (roles.length > 1 ? `${identity} (${role})` : identity)).join(', ');
      const { min, max, alpha, quietMs } = limits;
      out.answer({ pool: { min, max, alpha, shrinkAfterSeconds: quietMs / 1_000, roles: roles.map(({ name }) => name) }, workers }, () => `Pool of ${min} to ${max} workers: ${names}; Ctrl-C drains it`);
      await Promise.race([stopped, pool.failed]);
    }
    out.progress(`Draining: running commands have ${graceSeconds} s to end; Ctrl-C again ends at once`);
  } finally {
    await pool.stop();
    process.off('exit', abandon);
  }
  out.progress('Stopped');
  return EXIT.ok;
};
