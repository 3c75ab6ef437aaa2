/**
 * What commands need from the rest of the system, behind one interface: tests put fakes here, and a command
 * that needs none of it (`--help`, `--dry-run`) loads none of it.
 */
import type { MachineLimits, StoredPlan } from '../../model/graph.ts';
import type { Problem, Result } from '../../model/problem.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { QuarantineEntry } from '../../model/quarantine.ts';
import type { Stock } from '../../store/checkpoint/stock.ts';
import type { PlaybookRun } from '../../planner/healing/playbook-plan.ts';
import type { BuildOptions } from '../../planner/preflight/build/check-build.ts';
import type { Finding as PreflightFinding } from '../../planner/preflight/finding.ts';
import type { Operation } from '../../planner/preflight/patch.ts';
import type { PreflightReport, PreflightRequest } from '../../planner/preflight/preflight.ts';
import type { Finding } from '../../planner/validate/finding.ts';
import type { RenewedFile } from '../../planner/validate/renew-hashes.ts';
import type { Validation } from '../../planner/validate/validate-plan.ts';
import type { PlanStore } from '../../store/plan-store.ts';
import type { WorktreeOutlook } from '../../store/repository.ts';
import type { TasksClient } from '../api.ts';
import type { DevConfig, LoadDevConfigOptions } from '../dev/config.ts';
import type { DevServer, DevStatus, StartDevOptions } from '../dev/server.ts';
import type { DevServerInfo } from '../dev/state.ts';
import type { DemandSource } from '../pool/demand.ts';
import type { PoolLink } from '../pool/link.ts';
import type { WorkerChild, WorkerChildOptions } from '../pool/worker-child.ts';
import type { FoundPlan } from '../plans/find-plans.ts';
import type { LogLevel } from './common-options.ts';

export interface ConnectionChoice {
  readonly address?: string;
  readonly namespace?: string;
  /** Connection profile of the Temporal configuration file. */
  readonly profile?: string;
  /** Nothing but `address` and `namespace` counts: neither variables nor files. For a server of our own. */
  readonly isolated?: true;
  /** Task queue of executions and workers; `tasks` unless stated. */
  readonly queue?: string;
  /** As `TASKS_PLAN_STORE` takes it. */
  readonly planStore?: string;
  /** Base address of the web UI, when the caller knows it. */
  readonly webUi?: string;
}

export interface ReadPlanRequest {
  /** A directory, a file, or `-` for standard input. */
  readonly reference: string;
  readonly cwd: string;
  /** Profile whose capacities count; the plan's own unless stated. */
  readonly profile?: string;
}

export interface PlanRead {
  readonly plan: StoredPlan;
  readonly warnings: readonly Problem[];
  /** Where it lies: also of a path that stood on standard input. */
  readonly path?: string;
}

export type BuildChoice = BuildOptions;

export interface PreflightChoice extends Omit<PreflightRequest, 'home'> {
  /** As the plan was read: places are found by it. */
  readonly reference: string;
  readonly cwd: string;
}

export interface WorkspaceRequest {
  readonly reference: string;
  readonly plan: StoredPlan;
  /** As `--codebase-path` gave it. */
  readonly codebasePath?: string;
  readonly cwd: string;
}

export interface WorkerRequest extends ConnectionChoice {
  readonly slots: number;
  /** None for a worker that takes any task. */
  readonly capabilities?: readonly string[];
  /** Percent of its machine that may be in use; what is not stated has its default. */
  readonly limits?: MachineLimits;
  readonly graceSeconds: number;
  readonly metricsPort?: number;
  readonly logLevel: LogLevel;
  /** Called with the number of commands it runs, whenever that changes. */
  readonly onRunning?: (commands: number) => void;
}

export interface RunningWorker {
  readonly identity: string;
  /** Takes nothing new, lets commands end within the grace, then ends them. */
  stop(): Promise<void>;
  /** Rejects when the worker breaks down by itself; resolves after {@link stop}. */
  readonly done?: Promise<void>;
}

export interface Services {
  connect(choice: ConnectionChoice): Promise<TasksClient>;
  readPlan(request: ReadPlanRequest): Promise<Result<PlanRead>>;
  /** Whether a plan is what it has to be, beyond what reading it needs. */
  validatePlan(request: ReadPlanRequest & { readonly document?: string }): Promise<Validation>;
  /** What spec/001 rejects a plan for; nothing of a plan that no planner wrote. */
  hardFails(request: ReadPlanRequest): Promise<readonly Finding[]>;
  /** The files of a plan whose hashes have to be made anew, with them. */
  newHashes(request: ReadPlanRequest): Promise<readonly RenewedFile[]>;
  /** Plan directories below a directory, the newest first. */
  findPlans(directory: string): Promise<readonly FoundPlan[]>;
  /** All of standard input, as text. */
  readStdin(): Promise<string>;
  resolveWorkspace(request: WorkspaceRequest): Promise<string>;
  /** Top of the git repository that holds a directory. */
  repositoryTop(directory: string): Promise<string | undefined>;
  /** Whether tasks can have git worktrees of a workspace, and what these would lack. */
  worktreeOutlook(workspace: string): Promise<WorktreeOutlook>;
  preflight(request: PreflightChoice): Promise<PreflightReport>;
  /** What mends these findings. */
  preflightPatch(findings: readonly PreflightFinding[]): Promise<readonly Operation[]>;
  applyPreflight(plan: StoredPlan, operations: readonly Operation[]): Promise<Result<StoredPlan>>;
  /** A playbook as a plan of its own. */
  playbookPlan(run: PlaybookRun): Promise<Result<StoredPlan>>;
  startWorker(request: WorkerRequest): Promise<RunningWorker>;
  /** What waits for workers of the choice's queue. */
  openDemand(choice: ConnectionChoice): Promise<DemandSource & AsyncDisposable>;
  /** A worker process of this program. */
  startWorkerChild(options: Omit<WorkerChildOptions, 'program'>): WorkerChild;
  /** The pool that started this process; undefined when something else did. */
  readonly pool?: PoolLink;
  /** Where an execution of the plan keeps checkpoints: beside it. Undefined where it lies nowhere, or nothing can be written there. */
  checkpointDirectory(request: { readonly reference: string; readonly cwd: string }): Promise<string | undefined>;
  checkpointStock(directory: string, execution: ExecutionId): Promise<Stock>;
  pruneCheckpoints(directory: string, execution: ExecutionId): Promise<{ readonly tasks: number; readonly bytes: number }>;
  /** Tasks of the plan of that name that are quarantined; undefined when no server, or nobody there, says so at once. */
  quarantinedOf(choice: ConnectionChoice, plan: string): Promise<readonly QuarantineEntry[] | undefined>;
  openPlanStore(choice: ConnectionChoice): Promise<PlanStore & AsyncDisposable>;
  loadDevConfig(options: LoadDevConfigOptions): Promise<DevConfig>;
  startDev(options: StartDevOptions): Promise<DevServer>;
  devStatus(): Promise<DevStatus>;
  stopDev(): Promise<DevServerInfo | undefined>;
  /** The directory of a packaged example, such as `quickstart`. */
  exampleDirectory(name: string): string;
}
