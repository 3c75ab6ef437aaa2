/**
 * The one model that every plan format compiles to. The *graph* is the skeleton that the execution's
 * workflow carries; {@link TaskSpec} (commands, checks, prose) stays in the plan store and is read by the
 * worker that runs the task.
 */
import type { Profile } from './catalogue.ts';
import type { Calendar } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import type { AcceptanceCheck } from './check.ts';
import { DEFAULT_CHECKPOINTS } from './checkpoint.ts';
import type { CheckpointPolicy } from './checkpoint.ts';
import type { FailureClass } from './attempt.ts';
import { DEFAULT_BREAKERS } from './breaker.ts';
import type { Breaker } from './breaker.ts';
import type { ContentHash, TaskId } from './ids.ts';
import type { Healing } from './healing.ts';
import type { PlanExecutor } from './executor.ts';
import type { Resource } from './resource.ts';
import type { ErrorPolicy } from './self-heal.ts';
import type { WorkspaceTerms } from './workspace.ts';

/** Limits of one graph; a plan beyond them is refused before anything starts. */
export const MAX_TASKS = 10_000;
export const MAX_DEPENDENCIES = 50_000;
/** Tasks of one execution at once: pending children that Temporal serves well in one run. */
export const MAX_CONCURRENCY = 500;

/** Priority classes; a plan's number is taken as it is, lower is sooner. */
export const PRIORITY = { critical: 1, high: 2, medium: 3, low: 4, background: 5 } as const;
export const CONFIDENCE = { high: 0.9, medium: 0.7, low: 0.4 } as const;
export const ROLLBACK_COST = { low: 1, medium: 2, high: 3 } as const;

export const DEFAULT_PRIORITY = PRIORITY.medium;
export const DEFAULT_CONFIDENCE = CONFIDENCE.medium;
export const DEFAULT_ROLLBACK_COST = ROLLBACK_COST.medium;
/** Whether a task of this priority runs only in what others leave. */
export const isBackground = ({ priority = DEFAULT_PRIORITY }: { readonly priority?: number | undefined }): boolean => priority >= PRIORITY.background;

/** Estimate of a task that states none, in milliseconds. */
export const DEFAULT_ESTIMATE_MS = 60_000;

/** Executor of a task that has neither a command nor an executor: the execution's default takes its place. */
export const UNASSIGNED = 'unassigned';

export interface RetryPolicy {
  /** Attempts in all, the first one counted. */
  readonly maxAttempts: number;
  readonly backoff: 'exponential' | 'linear';
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
  /** Classes that are tried again; `logic` is not among them unless the plan says so. */
  readonly retryOn: readonly FailureClass[];
  /** Delays of some classes; `external` has {@link EXTERNAL_DELAYS} times those above unless it is here. */
  readonly byClass?: Readonly<Partial<Record<FailureClass, ClassDelays>>>;
  /** How far a task's limits are raised after it ran out of one, as a multiple of what the plan says; 1 raises none. */
  readonly raiseUpTo: number;
}

/** Milliseconds. */
export interface ClassDelays {
  readonly initialDelayMs?: number;
  readonly maxDelayMs?: number;
}

/** Whoever is down or busy elsewhere is given longer. */
export const EXTERNAL_DELAYS = 5;

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  backoff: 'exponential',
  initialDelayMs: 1_000,
  maxDelayMs: 60_000,
  jitter: true,
  retryOn: ['transient', 'systemic', 'resource', 'external'],
  raiseUpTo: 4,
};

/** What a task needs of a resource. Compiled and kept; granted by the resource allocator. */
export interface Ask {
  readonly resource: string;
  readonly units: number;
  readonly access: 'read' | 'write';
  /** As many units as there are: they follow the capacity. */
  readonly whole?: boolean;
}

/** How an attempt is dispatched: a child workflow of its own, or an activity straight from the execution. */
export type Dispatch = 'child' | 'activity';

/**
 * A node as the workflow carries it. Fields that hold their default are left out: 10,000 tasks are about
 * 540 KB of JSON. `deps` and `soft` are indices into {@link Graph.tasks}.
 */
export interface GraphTask {
  readonly id: TaskId;
  /** Hard dependencies: they gate. */
  readonly deps?: readonly number[];
  /** Soft dependencies: the task waits until they have *settled*, however they ended. */
  readonly soft?: readonly number[];
  /** First 80 characters, for summaries in Temporal's own tools. */
  readonly title?: string;
  readonly estimateMs?: number;
  readonly priority?: number;
  readonly confidence?: number;
  readonly rollbackCost?: number;
  /** `command` unless said otherwise; {@link UNASSIGNED} where the plan leaves it open. One of ours, or one of {@link Graph.executors}. */
  readonly executor?: string;
  readonly dispatch?: Dispatch;
  /** True when the task needs something only a child workflow has: checkpoints, compensation, people, steps. */
  readonly needsChild?: boolean;
  /** As the plan states it; the default follows from the estimate. */
  readonly timeoutMs?: number;
  /** Undeclared: tried again. `false`: after a lost worker it waits for a decision. */
  readonly idempotent?: boolean;
  readonly retry?: Partial<RetryPolicy>;
  readonly asks?: readonly Ask[];
  /** What a worker must be able to do to take it, in order of weight. */
  readonly capabilities?: readonly string[];
  /** Names: it goes to the host on which the last task with one of them was placed, while a worker of that host lives. */
  readonly affinity?: readonly string[];
  readonly risk?: RiskLevel;
  /** Whether a person must approve it, whatever the policy says of its risk. */
  readonly approval?: boolean;
  /** It may be stopped for a more urgent task or for the machine, and begins anew later without using up an attempt. */
  readonly preemptible?: boolean;
  /** Its processes may be suspended while the machine is over its hard limit. */
  readonly pausable?: boolean;
  /** A calendar outside of which it starts only after all others that could. */
  readonly preferredWindow?: string;
  readonly labels?: readonly string[];
  /** May be deferred by a wave's `deferOptional`. */
  readonly optional?: boolean;
  /** The plan's own wave, counted from 1; recomputed when the model is forced. */
  readonly wave?: number;
  /** Index into {@link Graph.sources}; 0, the plan itself, unless a patch brought the task. */
  readonly source?: number;
  /** Paths and globs that it is about, for the scopes of breakers. Left out where no breaker has one. */
  readonly area?: readonly string[];
  /** It has a smoke test of its own. */
  readonly diagnostic?: boolean;
  /** The breaker whose repair it is part of. Its failure is no failure of the execution, and trips no breaker. */
  readonly repairs?: string;
  /**
   * Of a task with `idempotent: false` that has a compensation: after a failure of which the outcome is known its attempt
   * runs that, before anybody else gets what it held.
   */
  readonly compensation?: Pick<Compensation, 'timeoutMs'>;
  /** What is done once its retries are used up, instead of what the policies say. */
  readonly errorPolicy?: ErrorPolicy;
  /** It says of which parts it consists. */
  readonly splits?: boolean;
  /** Of a rollback: when no attempt is left it waits for a person's decision, and holds nothing, instead of failing. */
  readonly escalates?: boolean;
  /** Of a rollback: there is nothing to run. It waits for a person who does it, or passes over it; why. */
  readonly byHand?: string;
}

/** How much harm a task can do, the least first. */
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** What becomes of a task whose approval nobody gave or refused in time. */
export const UNANSWERED_OUTCOMES = ['fail', 'skip', 'proceed'] as const;

/** Which tasks start only after a person has said so (the "danger policy" of spec/000). */
export interface ApprovalPolicy {
  /** Tasks of this risk or a higher one. A task that says itself whether it needs one overrides it. */
  readonly risk: RiskLevel | 'none';
  /** Counted from when it is asked for; undefined waits for ever. */
  readonly timeoutMs?: number;
  readonly onTimeout: (typeof UNANSWERED_OUTCOMES)[number];
}

export interface WavePolicy {
  readonly maxWaveSize: number;
  /** Share of a wave's tasks, 0 to 1, that must have settled well before the next wave opens. */
  readonly quorum: number;
  /** After this long the fallback applies; undefined waits for the quorum. */
  readonly timeoutMs?: number;
  readonly fallback: 'deferOptional' | 'wait' | 'fail';
}

/** How tasks that only some workers can take are placed. */
export interface MatchingPolicy {
  /** Before hybrid ones, and those before generic ones; else the least loaded of all. */
  readonly preferSpecialized: boolean;
  /** One execution's share of one worker's slots; all of them unless stated. */
  readonly maxTasksPerWorker?: number;
}

/** Whether a ready task that lacks only room may stop running ones that are less urgent and allow it. */
export interface PreemptionPolicy {
  readonly enabled: boolean;
  /** Priority classes that may be stopped, those first that are stopped first; a class that is not here never is. */
  readonly order: readonly number[];
}

/** What the execution does about pressure; how much of it a machine bears is its workers' to say. */
export interface BackpressurePolicy {
  /** More failed attempts than this within a minute, and nothing starts. */
  readonly errorsPerMinute?: number;
  /** How long it must have been better before things start again. */
  readonly coolDownMs: number;
  /** Tasks a second that start then at first; as many as there is room for unless stated. */
  readonly resumeRate?: number;
}

/** Before an execution ends as failed: nothing, or a rollback of what failed, or of everything; see `model/rollback.ts`. */
export const ROLLBACKS_ON_FAILURE = ['none', 'failed', 'all'] as const;

export interface RollbackPolicy {
  readonly onFailure: (typeof ROLLBACKS_ON_FAILURE)[number];
}

/** Tasks of the class {@link PRIORITY.background} and beyond run only in what others leave. */
export interface BackgroundPolicy {
  /** At once; all slots but one unless stated. */
  readonly maxTasks?: number;
}

export interface Policies {
  readonly concurrencyMax: number;
  readonly executionModel: 'rolling_frontier' | 'wave_based';
  readonly wave: WavePolicy;
  readonly retry: RetryPolicy;
  readonly approval: ApprovalPolicy;
  readonly matching: MatchingPolicy;
  readonly preemption: PreemptionPolicy;
  readonly backpressure: BackpressurePolicy;
  readonly background: BackgroundPolicy;
  readonly breakers: readonly Breaker[];
  /** Undefined: a task whose retries are used up has failed. */
  readonly errorPolicy?: ErrorPolicy;
  readonly rollback: RollbackPolicy;
  readonly checkpoints: CheckpointPolicy;
  /** For tasks that state nothing else. Absent in graphs of before, and where a plan says nothing. */
  readonly workspaceTerms?: WorkspaceTerms;
  readonly failFast: boolean;
  /** READY for this long lifts a task one priority class, again and again. */
  readonly ageingMs: number;
  /** `auto` sends light tasks as activities. */
  readonly dispatch: 'child' | 'auto';
}

export const DEFAULT_POLICIES: Policies = {
  concurrencyMax: 10,
  executionModel: 'rolling_frontier',
  wave: { maxWaveSize: 30, quorum: 0.95, fallback: 'deferOptional' },
  retry: DEFAULT_RETRY,
  approval: { risk: 'none', onTimeout: 'fail' },
  matching: { preferSpecialized: true },
  preemption: { enabled: false, order: [PRIORITY.background, PRIORITY.low, PRIORITY.medium, PRIORITY.high] },
  backpressure: { coolDownMs: 30_000 },
  background: {},
  breakers: DEFAULT_BREAKERS,
  rollback: { onFailure: 'none' },
  checkpoints: DEFAULT_CHECKPOINTS,
  failFast: false,
  ageingMs: 10 * 60_000,
  dispatch: 'child',
};

export interface Graph {
  readonly schema: 1;
  /** What the plan calls itself, or its file. */
  readonly name: string;
  readonly tasks: readonly GraphTask[];
  /** Plan store objects that hold the tasks' own parts; the first is the plan. */
  readonly sources: readonly ContentHash[];
  readonly policies: Policies;
  /** What its tasks' asks name, with the capacities of the profile it was compiled with. */
  readonly resources?: readonly Resource[];
  /** Those that its resources and tasks name. */
  readonly calendars?: readonly Calendar[];
  /** With headroom taken off: what a hot update may switch to. */
  readonly profiles?: readonly Profile[];
  /** Its plan has rules or patterns of its own for failures: workers must read them. */
  readonly hasFailureRules?: boolean;
  /** Names of the executors that its plan has of its own. */
  readonly executors?: readonly string[];
}

/** Where a task stands in its file; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** How what a task has done is undone. */
export interface Compensation {
  readonly command: string;
  /** Limit of one try in milliseconds; the task's own unless stated. */
  readonly timeoutMs?: number;
  /** Whether it may run twice. Undeclared: tried again after a lost worker; `false`: waits for a decision then. */
  readonly idempotent?: boolean;
}

/** A task's own part: what the worker that runs it needs, and what the plan said and later parts act on. */
export interface TaskSpec {
  readonly id: TaskId;
  readonly title?: string;
  readonly description?: string;
  readonly command?: string;
  readonly compensation?: Compensation;
  /** Relative to the workspace. */
  readonly directory?: string;
  /** Which workspace that is: the execution's, or a worktree of it. */
  readonly workspaceTerms?: WorkspaceTerms;
  readonly environment?: Readonly<Record<string, string>>;
  /** Names of variables whose values never reach a log, a result or a page. */
  readonly secrets?: readonly string[];
  /** Globs relative to the workspace. */
  readonly artifacts?: readonly string[];
  readonly smoke?: string;
  readonly checks?: readonly AcceptanceCheck[];
  /** Undefined: it makes none by itself, and those that its command asks for. */
  readonly checkpoints?: CheckpointPlan;
  readonly progress?: ProgressPlan;
  /** Texts that its attempts are given as files, by the environment variable that names the file. */
  readonly briefing?: Readonly<Record<string, string>>;
  /** What an attempt of it writes to the file `$TASKS_PATCH_FILE` is a hot update, which is applied when it succeeds. */
  readonly answersPatch?: boolean;
  /** What the plan said, unchanged, for the parts that act on it. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly place?: Place;
}

/** Of a task that is checkpoint capable: what is made beside what its command asks for. */
export interface CheckpointPlan {
  /** Name of the one at its end: what `rollback --to` and people call it. */
  readonly label?: string;
  /** With a percentage they are made when the command reports it; without one they say what a name means. */
  readonly points?: readonly DeclaredPoint[];
}

export interface DeclaredPoint {
  readonly name: string;
  readonly percent?: number;
  readonly rollbackCapable?: false;
}

/** What of a command's reports is told to the execution. */
export interface ProgressPlan {
  /** At most one report of progress in this time. */
  readonly everyMs?: number;
  readonly reporting?: (typeof PROGRESS_REPORTING)[number];
}

/** spec/001's `progress_reporting`; both unless stated. */
export const PROGRESS_REPORTING = ['percentage_and_checkpoint', 'percentage', 'checkpoint', 'none'] as const;

/** What an object of the plan store was made from. */
export const STORED_FORMATS = ['flowops', 'tasks.v3', 'coordinator', 'phase', 'patch', 'rollback'] as const;
export type StoredFormat = (typeof STORED_FORMATS)[number];

/** One object of the plan store: a compiled plan, the tasks that one patch brought, or the reversed graph of a rollback. */
export interface StoredPlan {
  readonly schema: 1;
  readonly format: StoredFormat;
  /** `sources` is empty here: a plan cannot hold its own hash. */
  readonly graph: Graph;
  /** In the order of `graph.tasks`. */
  readonly tasks: readonly TaskSpec[];
  /** What it declares of resources, with the capacities of the plan itself; undefined when it declares none. */
  readonly catalogue?: Catalogue;
  /** What the plan said beside its tasks (resources, profiles, coordinator, phases), unchanged. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The codebase path that the plan records, if it does. */
  readonly codebasePath?: string;
  /** How much of a machine it may take, for workers that are started with it; percent used. */
  readonly machine?: MachineLimits;
  /** What it says of failures and their repair; undefined when it says nothing. */
  readonly healing?: Healing;
  /** Its own; undefined when it has none. */
  readonly executors?: readonly PlanExecutor[];
}

/** Percent of a machine's processors and memory in use; over `soft` nothing more starts there, over `hard` nothing at all. */
export interface MachineLimits {
  readonly cpu?: { readonly soft?: number; readonly hard?: number };
  readonly memory?: { readonly soft?: number; readonly hard?: number };
}
