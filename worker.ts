/**
 * Composition root of a worker: workflows, activities, plan store and launcher on one connection. Run as a
 * program it is a worker process; `tasks worker` does the same with options.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import type { InjectedSinks } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { guardMachine, overText } from './activities/machine-guard.ts';
import type { MachinePressure } from './activities/machine-guard.ts';
import { countRunning } from './activities/count-running.ts';
import { createLauncher } from './activities/command/launcher/launcher.ts';
import { createRelief } from './activities/command/relief.ts';
import type { ReliefAct } from './activities/command/relief.ts';
import { createSeats } from './activities/command/seats.ts';
import { TASK_QUEUE } from './model/ids.ts';
import { capabilityProblem } from './model/pool-guard.ts';
import { TasksError } from './model/problem.ts';
import type { HostProbe } from './resources/host/host-probe.ts';
import { createSystemProbe } from './resources/host/system-probe.ts';
import { pressureLimits } from './resources/pressure.ts';
import type { LimitSettings } from './resources/pressure.ts';
import { openPlanStore } from './store/open.ts';
import { startAnnouncer } from './temporal/announcer.ts';
import { workflowBundlePath } from './temporal/bundle.ts';
import { connectConfig } from './temporal/connect-config.ts';
import type { ConnectConfig } from './temporal/connect-config.ts';
import { connectWorker } from './temporal/connect-worker.ts';
import { dataConverter } from './temporal/data-converter.ts';
import { installRuntime } from './temporal/runtime.ts';
import type { RuntimeOptions } from './temporal/runtime.ts';
import { createController, createTuner, NO_TARGET } from './temporal/tuner.ts';
import { VERSION } from './temporal/version.ts';
import { createWorkers } from './temporal/workers.ts';
import type { EventSinks } from './workflows/execution/event-log.ts';

/** Commands that one worker runs at once unless told otherwise. */
export const DEFAULT_SLOTS = 50;
/** How long a worker that was told to stop lets its commands run on, in seconds. */
export const DEFAULT_GRACE_SECONDS = 10;

export interface WorkerOptions extends RuntimeOptions {
  /** Where the server is, and as whom: `connectConfig()` or the `config` of `connect()`. */
  readonly connect: ConnectConfig;
  /** Queue of workflows and activities; `tasks` unless stated. */
  readonly taskQueue?: string;
  /** Commands at once, from whatever queue. */
  readonly slots?: number;
  /** What it can do; the first is the primary one. With any, it takes only tasks that are placed on it. */
  readonly capabilities?: readonly string[];
  readonly graceSeconds?: number;
  /** How much of its machine may be in use; {@link pressureLimits} says what holds unless stated. */
  readonly limits?: LimitSettings;
  /** What it looks at its machine with; the system's unless stated. */
  readonly probe?: HostProbe;
  /** `file:`, `file:/dir` or `temporal:`; `TASKS_PLAN_STORE` unless stated. */
  readonly planStore?: string;
  /** Called with the number of commands it runs, whenever that changes. */
  readonly onRunning?: (commands: number) => void;
  /** Executions kept in memory between their workflow tasks; 0 replays each time. */
  readonly cachedWorkflows?: number;
}

export interface RunningWorker {
  readonly identity: string;
  /**
   * Leaves the pool, so that nothing more is placed on it, takes no more work, lets running commands end within the grace, then ends their process groups; those
   * attempts are tried again elsewhere. Resolves when nothing of the worker is left.
   */
  stop(): Promise<void>;
  /** Settles when the worker has ended: rejects when it failed. */
  readonly done: Promise<void>;
}

/**
 * @throws TasksError TASKS2001 when the server cannot be reached, TASKS2007 when the worker cannot start, TASKS3010 for
 * a capability that cannot be one.
 */
export const startWorker = async (options: WorkerOptions): Promise<RunningWorker> => {
  const { slots = DEFAULT_SLOTS, graceSeconds = DEFAULT_GRACE_SECONDS, taskQueue = TASK_QUEUE, capabilities = [] } = options;
  const problem = capabilityProblem(capabilities);
  if (problem !== undefined) throw new TasksError({ code: 'TASKS3010', message: problem });
  installRuntime(options);
  const { namespace } = options.connect;
  const host = hostname();
  const identity = `${process.pid}@${inName(host)}-${randomBytes(4).toString('hex')}`;
  const connection = await connectWorker(options.connect);
  const limits = pressureLimits(options.limits);
  const relief = createRelief(countActs());
  const launcher = createLauncher();
  launcher.warm();
  try {
    const client = new Client({ connection, namespace, identity, dataConverter });
    const store = openPlanStore({ client, ...(options.planStore !== undefined && { location: options.planStore }) });
    const workers = await createWorkers({
      connection,
      namespace,
      identity,
      dataConverter,
      taskQueue,
      own: { worker: identity, only: capabilities.length > 0 },
      workflowBundle: { codePath: fileURLToPath(workflowBundlePath()) },
      activities: countRunning(createActivities({ store, client, launcher, seats: createSeats(slots), relief, worker: identity, host, program: { node: process.execPath, cli: commandLinePath() } }), options.onRunning),
      sinks: discardEvents,
      tuner: createTuner({ slots, controller: createController({ cpu: limits.cpu?.soft ?? NO_TARGET, memory: limits.memory.soft }) }),
      // A dead worker is known within the heartbeat timeout, a cancellation within a second.
      maxHeartbeatThrottleInterval: '1s',
      defaultHeartbeatThrottleInterval: '1s',
      stickyQueueScheduleToStartTimeout: '2s',
      shutdownGraceTime: `${graceSeconds}s`,
      // By then commands have been ended, whatever grace their execution gives them within reason.
      shutdownForceTime: `${graceSeconds + 60}s`,
      ...(options.cachedWorkflows !== undefined && { maxCachedWorkflows: options.cachedWorkflows }),
    });
    const working = workers.run();
    const announcer = startAnnouncer({
      client,
      taskQueue,
      profile: {
        worker: identity,
        host,
        capabilities,
        slots,
        cpus: availableParallelism(),
        memoryMb: Math.max(1, Math.floor(memoryBytes() / 1_048_576)),
        version: VERSION,
        pressure: 'none',
      },
      onFailure: (error) => Runtime.instance().logger.warn('The worker could not announce itself and tries again', { error }),
    });
    const guard = guardMachine({
      probe: options.probe ?? createSystemProbe(),
      limits,
      relief,
      onPressure: (now) => {
        announcer.update(now);
        sayPressure(now);
      },
      onError: (error) => Runtime.instance().logger.warn('The worker cannot look at its machine, and goes on without', { error }),
    });
    const run = async (): Promise<void> => {
      try {
        await working;
      } finally {
        guard[Symbol.dispose]();
        await announcer.stop();
        await launcher[Symbol.asyncDispose]();
        await connection.close();
      }
    };
    const done = run();
    return {
      identity,
      done,
      stop: async () => {
        await announcer.stop();
        workers.shutdown();
        await done;
      },
    };
  } catch (error) {
    await launcher[Symbol.asyncDispose]();
    await connection.close();
    if (error instanceof TasksError) throw error;
    throw new TasksError({ code: 'TASKS2007', message: `the worker could not start: ${(error as Error).message}` }, { cause: error });
  }
};

/** From the build it is beside this file, from the sources it is in `dist`. */
const commandLinePath = (): string => {
  const places = [new URL('./client/cli/main.js', import.meta.url), new URL('./dist/client/cli/main.js', import.meta.url)];
  return fileURLToPath(places.find((place) => existsSync(place)) ?? (places[0] as URL));
};

/** Of the machine, or of the container. */
const memoryBytes = (): number => {
  const [total, constrained] = [totalmem(), process.constrainedMemory()];
  return constrained > 0 && constrained < total ? constrained : total;
};

const sayPressure = ({ pressure, over }: MachinePressure): void => {
  const { logger } = Runtime.instance();
  if (pressure === 'none') logger.warn('The machine is below its limits again');
  else logger.warn(`The machine is over its ${pressure} limit${over ? `: ${overText(over)}` : ''}`);
};

/** `tasks_attempts_suspended`, `…_resumed` and `…_ended` beside Temporal's own metrics. */
const countActs = (): ((act: ReliefAct) => void) => {
  const { metricMeter } = Runtime.instance();
  const counter = (act: ReliefAct) => metricMeter.createCounter(`tasks_attempts_${act}`, 'attempts', `Attempts that were ${act} because of the worker's machine`);
  const counters = { suspended: counter('suspended'), resumed: counter('resumed'), ended: counter('ended') };
  return (act) => counters[act].add(1);
};

/** A worker's name becomes part of a queue's. */
const inName = (host: string): string => host.replaceAll(/[^A-Za-z0-9._-]/gu, '-').slice(0, 200);

/** Events leave an execution by its queries; the sink is for rebuilding them from a history. */
const discardEvents: InjectedSinks<EventSinks> = { tasksEvents: { event: { fn: () => undefined } } };

/** `node dist/worker.js`: settings from the environment, as every Temporal tool reads them; `tasks worker` has options. */
const main = async (): Promise<void> => {
  const worker = await startWorker({ connect: connectConfig() });
  process.stderr.write(`worker ${worker.identity} takes tasks from the queue ${TASK_QUEUE}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void worker.stop());
  await worker.done;
};

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof TasksError ? error.exit : 1;
  });
}
