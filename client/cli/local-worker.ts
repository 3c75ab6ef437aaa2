/** A worker inside the command: only when somebody asked for it. */
import type { MachineLimits } from '../../model/graph.ts';
import { TasksError } from '../../model/problem.ts';
import type { LogLevel } from './common-options.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS, DEFAULT_WORKER_MAX, OF_WORKER } from './execute-options.ts';
import type { ConnectionChoice, RunningWorker } from './services.ts';
import { connectionChoice } from './with-client.ts';

/**
 * Slots of the worker to start, or undefined for none. A worker of `--worker-min/-max` runs one command at a
 * time, so a pool of N is one process with N slots: the engine's workers share nothing that would be gained
 * by more processes on one machine.
 */
export const localSlots = ({ values }: Context): number | undefined => {
  const [min, max] = [values.number('worker-min'), values.number('worker-max')];
  if (min !== undefined && max !== undefined && min > max) throw usageError(`--worker-min ${min} is more than --worker-max ${max}`);
  if (min !== undefined || max !== undefined) return max ?? Math.max(min ?? 1, DEFAULT_WORKER_MAX);
  return values.flag('with-worker') ? (values.number('slots') ?? DEFAULT_SLOTS) : undefined;
};

/** Says which options nobody makes use of, as no worker runs inside the command. */
export const warnWithoutWorker = ({ values, out }: Context): void => {
  for (const name of OF_WORKER) if (values.isGiven(name)) out.warn(`--${name} has an effect only with a worker inside this command; \`tasks worker\` takes it too`);
};

/** What its machine bears: as stated, else as the plan says. */
const limitsOf = ({ values }: Context, { cpu, memory }: MachineLimits = {}): MachineLimits => {
  const merged = (plan: MachineLimits['cpu'], soft: number | undefined) => (plan || soft !== undefined ? { ...plan, ...(soft !== undefined && { soft }) } : undefined);
  const [processors, storage] = [merged(cpu, values.number('cpu-threshold')), merged(memory, values.number('memory-threshold'))];
  return { ...(processors && { cpu: processors }), ...(storage && { memory: storage }) };
};

export interface WorkerOptions {
  readonly slots: number;
  readonly capabilities?: readonly string[];
  /** Of the plan that it is started for. */
  readonly machine?: MachineLimits | undefined;
  readonly connection?: ConnectionChoice;
  readonly onRunning?: (commands: number) => void;
  /** `error` unless stated. */
  readonly logLevel?: LogLevel;
}

/** @throws TasksError TASKS2007, or what the connection says: both end the command with 6. */
export const startLocalWorker = async (context: Context, options: WorkerOptions): Promise<RunningWorker> => {
  const { values, services, out } = context;
  const level = values.text('log-level');
  const metricsPort = values.number('metrics-port');
  const limits = limitsOf(context, options.machine);
  try {
    return await services.startWorker({
      ...(options.connection ?? connectionChoice(context)),
      slots: options.slots,
      ...(options.capabilities && { capabilities: options.capabilities }),
      ...(Object.keys(limits).length > 0 && { limits }),
      graceSeconds: values.number('grace') ?? DEFAULT_GRACE_S,
      ...(options.onRunning && { onRunning: options.onRunning }),
      // Between lines of progress the worker's own messages are only for whoever looks for a fault.
      logLevel: level === 'debug' ? level : (options.logLevel ?? 'error'),
      ...(metricsPort !== undefined && { metricsPort }),
    });
  } catch (error) {
    if (error instanceof TasksError) throw error;
    out.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    throw new TasksError({ code: 'TASKS2007', message: `the worker could not be started: ${error instanceof Error ? error.message : String(error)}` }, { cause: error });
  }
};

/** Rejects when the worker breaks down; never resolves. */
export const breakdownOf = (worker: RunningWorker | undefined): Promise<never> | undefined => {
  const done = worker?.done;
  if (!done) return undefined;
  const broken = done.then(
    () => new Promise<never>(() => {}),
    (error: unknown): never => {
      throw new TasksError(
        { code: 'TASKS2007', message: `the worker broke down: ${error instanceof Error ? error.message : String(error)}`, hint: 'the execution goes on as soon as a worker runs: `tasks worker`' },
        { cause: error },
      );
    },
  );
  broken.catch(() => {});
  return broken;
};
