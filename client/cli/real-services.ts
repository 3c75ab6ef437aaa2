/** The services of a real `tasks`. Everything is loaded when it is first needed: `--help` must not wait for gRPC. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { TASK_QUEUE } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';
import type { TasksClient } from '../api.ts';
import { startWorkerChild } from '../pool/worker-child.ts';
import { readStream } from './commands/shared.ts';
import type { ConnectionChoice, ReadPlanRequest, Services } from './services.ts';

export interface RealServicesOptions {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const realServices = ({ stdin, environment }: RealServicesOptions): Services => {
  const settings = async (choice: ConnectionChoice) => {
    const { address, namespace, profile } = choice;
    const chosen = { ...(address !== undefined && { address }), ...(namespace !== undefined && { namespace }) };
    if (choice.isolated) return { ...chosen, env: ISOLATED };
    const { devAddress } = await import('../dev/server.ts');
    const fallback = await devAddress();
    return { ...chosen, env: environment, ...(profile !== undefined && { profile }), ...(fallback && { fallback }) };
  };

  const connected = async (choice: ConnectionChoice) => {
    const { connect } = await import('../../temporal/connect.ts');
    return connect(await settings(choice));
  };

  // It can be read once, and a plan is looked at more than once.
  let text: Promise<string> | undefined;
  const stdinText = (): Promise<string> => {
    text ??= readStream(stdin);
    return text;
  };
  const sourceOf = async ({ reference, cwd }: Pick<ReadPlanRequest, 'reference' | 'cwd'>) => (reference === '-' ? { stdin: await stdinText() } : { path: resolve(cwd, reference) });

  return {
    connect: async (choice): Promise<TasksClient> => {
      const { connectTasks } = await import('../connect-tasks.ts');
      const { planStore, webUi, queue } = choice;
      return connectTasks({ ...(await settings(choice)), ...(planStore !== undefined && { planStore }), ...(webUi !== undefined && { webUi }), ...(queue !== undefined && { taskQueue: queue }) });
    },

    readPlan: async ({ reference, cwd, profile }) => {
      const { readPlan } = await import('../../planner/read/read-plan.ts');
      return readPlan({ source: await sourceOf({ reference, cwd }), options: { ...(profile !== undefined && { profile }) } });
    },

    validatePlan: async ({ reference, cwd, document }) => {
      const { validatePlan } = await import('../../planner/validate/validate-plan.ts');
      return validatePlan({ source: await sourceOf({ reference, cwd }), ...(document !== undefined && { document: resolve(cwd, document) }) });
    },
    hardFails: async (request) => (await import('../../planner/validate/validate-plan.ts')).hardFails(await sourceOf(request)),
    newHashes: async (request) => (await import('../../planner/validate/validate-plan.ts')).withNewHashes(await sourceOf(request)),
    findPlans: async (directory) => (await import('../plans/find-plans.ts')).findPlans(directory),

    readStdin: stdinText,

    resolveWorkspace: async ({ reference, plan, codebasePath, cwd }) => {
      const { resolveWorkspace } = await import('../../planner/read/workspace.ts');
      const given = codebasePath === undefined ? {} : { codebasePath: resolve(cwd, codebasePath) };
      return resolveWorkspace({ plan, planPath: reference === '-' ? cwd : resolve(cwd, reference), ...given });
    },

    repositoryTop: async (directory) => {
      const { repositoryTop } = await import('../../planner/read/workspace.ts');
      return repositoryTop(directory);
    },

    worktreeOutlook: async (workspace) => {
      const { worktreeOutlook } = await import('../../store/repository.ts');
      return worktreeOutlook(workspace);
    },

    preflight: async ({ reference, cwd, ...request }) => {
      const { preflight } = await import('../../planner/preflight/preflight.ts');
      return preflight({ ...request, ...(reference !== '-' && { home: await planHome(resolve(cwd, reference)) }) });
    },
    preflightPatch: async (findings) => (await import('../../planner/preflight/patch.ts')).patchOf(findings),
    applyPreflight: async (plan, operations) => (await import('../../planner/preflight/apply.ts')).applyToPlan(plan, operations),

    playbookPlan: async (run) => (await import('../../planner/healing/playbook-plan.ts')).playbookPlan(run),

    startWorker: async ({ slots, capabilities, limits, graceSeconds, queue, metricsPort, logLevel, onRunning, ...choice }) => {
      const [{ startWorker }, { connectConfig }] = await Promise.all([import('../../worker.ts'), import('../../temporal/connect-config.ts')]);
      return startWorker({
        connect: connectConfig(await settings(choice)),
        slots,
        graceSeconds,
        ...(capabilities && { capabilities }),
        ...(limits && { limits }),
        logLevel: LOG_LEVEL[logLevel],
        ...(queue !== undefined && { taskQueue: queue }),
        ...(metricsPort !== undefined && { metricsPort }),
        ...(onRunning && { onRunning }),
        ...(choice.planStore !== undefined && { planStore: choice.planStore }),
      });
    },

    openDemand: async (choice) => {
      const { temporalDemand } = await import('../pool/temporal-demand.ts');
      const connectedTo = await connected(choice);
      return disposable(temporalDemand(connectedTo.client, choice.queue ?? TASK_QUEUE), () => connectedTo.close());
    },

    startWorkerChild: (options) => startWorkerChild({ ...options, program: PROGRAM }),

    checkpointDirectory: async ({ reference, cwd }) => {
      const { checkpointsBeside } = await import('../../planner/read/workspace.ts');
      return reference === '-' ? undefined : checkpointsBeside(resolve(cwd, reference));
    },
    checkpointStock: async (directory, execution) => (await import('../../store/checkpoint/stock.ts')).stockOf(directory, execution),
    pruneCheckpoints: async (directory, execution) => {
      const { removeExecution, sweepBlobs } = await import('../../store/checkpoint/prune.ts');
      const { tasks, freed } = await removeExecution(directory, execution);
      return { tasks, bytes: (await sweepBlobs(directory, freed)).bytes };
    },

    quarantinedOf: async (choice, plan) => {
      const { glanceAtQuarantine } = await import('../quarantine-glance.ts');
      return glanceAtQuarantine({ settings: await settings(choice), taskQueue: choice.queue ?? TASK_QUEUE, plan });
    },

    openPlanStore: async (choice) => {
      const { openPlanStore, PLAN_STORE_VARIABLE } = await import('../../store/open.ts');
      const location = choice.planStore ?? environment[PLAN_STORE_VARIABLE];
      if (location !== 'temporal:') {
        const store = openPlanStore({ ...(location !== undefined && { location }) });
        return disposable(store, async () => {});
      }
      const connectedTo = await connected(choice);
      return disposable(openPlanStore({ client: connectedTo.client, location }), () => connectedTo.close());
    },

    loadDevConfig: async (options) => (await import('../dev/config.ts')).loadDevConfig(options),
    startDev: async (options) => (await import('../dev/server.ts')).startDev(options),
    devStatus: async () => (await import('../dev/server.ts')).devStatus(),
    stopDev: async () => (await import('../dev/server.ts')).stopDev(),
    exampleDirectory,
  };
};

/** The entry beside this file, built or not. */
const PROGRAM = join(import.meta.dirname, `main${extname(import.meta.filename)}`);

/** Without a file to read, Temporal's own settings are empty. */
const ISOLATED = { TEMPORAL_CONFIG_FILE: '/dev/null' } as const;

const LOG_LEVEL = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** The directory that a plan's places are within. */
const planHome = async (path: string): Promise<string> => ((await stat(path)).isDirectory() ? path : dirname(path));

const disposable = <T extends object>(value: T, close: () => Promise<void>): T & AsyncDisposable => Object.assign(value, { [Symbol.asyncDispose]: close });

/** From the sources and from the build alike: the nearest `examples` upwards. */
const exampleDirectory = (name: string): string => {
  for (let directory = import.meta.dirname; dirname(directory) !== directory; directory = dirname(directory)) {
    const path = join(directory, 'examples', name);
    if (existsSync(path)) return path;
  }
  throw new TasksError({ code: 'TASKS1001', message: `the example ${JSON.stringify(name)} is missing from this installation` });
};
