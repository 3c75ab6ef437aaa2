/**
 * Circuit breakers: rules that spot a failure which is not one task's own, and what is done about it. Workers say what
 * an output matches (`AttemptFailure.matches`, `.signature`), because patterns that a plan brings may take long to try;
 * the scheduler counts, trips and holds.
 */
import type { FailureClass } from './attempt.ts';
import type { TaskId } from './ids.ts';

/** What trips a breaker. Windows are in milliseconds, and failures before the breaker's last trip do not count. */
export type Trigger =
  /** So many failed attempts within the window whose outputs match. `pattern` is one of {@link PATTERNS}, or the name of the breaker that brings its own. */
  | { readonly type: 'match'; readonly pattern: string; readonly threshold: number; readonly windowMs: number }
  /** So many failed attempts within the window, of any tasks, whose normalised texts are alike: Dice's coefficient of their words, 0 to 1. */
  | { readonly type: 'similar_errors'; readonly threshold: number; readonly windowMs: number; readonly similarity: number }
  /** A task that states an estimate runs longer than so many times that. */
  | { readonly type: 'time_overrun'; readonly factor: number }
  /** A task that failed, passed and failed again. */
  | { readonly type: 'flapping' }
  /**
   * The share of failed attempts among those that ended within the window, once there are `minimum`: above `reduceAt` half as many tasks
   * run at once; above `openAt` nothing starts for a cool-down, and then one task at a time until one succeeds.
   */
  | { readonly type: 'error_rate'; readonly openAt: number; readonly reduceAt: number; readonly minimum: number; readonly windowMs: number };

/** What workers look for in the output of every failed attempt. */
export const PATTERNS = ['missing_dependency', 'rate_limit', 'schema_drift', 'out_of_memory'] as const;
export type PatternName = (typeof PATTERNS)[number];

/**
 * - `playbook`: its steps become tasks of the graph, and what the breaker holds waits for them;
 * - `inject_task`: so does the task that the breaker brings;
 * - `replan`: so does a command that is given the errors and the graph, and answers with a hot update;
 * - `throttle`: what it holds starts again later, one task after the other;
 * - `gate`, `escalate`: what it holds waits for a person; `pause`: so does the whole execution;
 * - `quarantine`: the task is parked for good;
 * - `diagnose`: diagnostic tasks come before all others;
 * - `report`: an event, and nothing else.
 */
export type BreakerAction =
  | { readonly type: 'playbook'; readonly playbook: string }
  | { readonly type: 'inject_task' | 'replan' | 'gate' | 'escalate' | 'pause' | 'quarantine' | 'diagnose' | 'report' }
  /** Nothing starts for `forMs`, or for as long as the other side asks; then one task in `everyMs`. */
  | { readonly type: 'throttle'; readonly forMs: number; readonly everyMs: number };

export interface Breaker {
  readonly name: string;
  readonly on: Trigger;
  /** Failures of other classes do not count. */
  readonly classes?: readonly FailureClass[];
  /** Globs: only tasks count, and are held, one of whose id, labels or paths they match. Without them all count, and those that failed are held. */
  readonly scope?: readonly string[];
  readonly action: BreakerAction;
  /** How often it may trip in one execution. */
  readonly budget: number;
  /** After what it did has ended: for so long it does not trip again. Milliseconds. */
  readonly coolDownMs: number;
}

/** Repairs that are made with the plan's own means: they ask an activity for a patch. */
export type RepairAction = Extract<BreakerAction, { readonly type: 'playbook' }> | { readonly type: 'inject_task' | 'replan' };

export const isRepair = (action: BreakerAction): action is RepairAction => action.type === 'playbook' || action.type === 'inject_task' || action.type === 'replan';

/** The playbook that spec/000 asks for; a plan may bring its own under this name. */
export const INSTALL_PLAYBOOK = 'batch_install_by_import_scan';

const MINUTE = 60_000;
export const DEFAULT_THRESHOLD = 2;
export const DEFAULT_WINDOW_MS = 10 * MINUTE;
export const DEFAULT_SIMILARITY = 0.8;
export const DEFAULT_BUDGET = 2;
export const DEFAULT_COOL_DOWN_MS = 30_000;

/** What every execution has unless its plan says otherwise, by name. */
export const DEFAULT_BREAKERS: readonly Breaker[] = [
  {
    name: 'missing-dependencies',
    on: { type: 'match', pattern: 'missing_dependency', threshold: DEFAULT_THRESHOLD, windowMs: DEFAULT_WINDOW_MS },
    action: { type: 'playbook', playbook: INSTALL_PLAYBOOK },
    budget: DEFAULT_BUDGET,
    coolDownMs: DEFAULT_COOL_DOWN_MS,
  },
  {
    name: 'rate-limit',
    on: { type: 'match', pattern: 'rate_limit', threshold: 1, windowMs: MINUTE },
    action: { type: 'throttle', forMs: 30_000, everyMs: 1_000 },
    budget: 20,
    coolDownMs: 0,
  },
  { name: 'flapping', on: { type: 'flapping' }, action: { type: 'quarantine' }, budget: 1_000, coolDownMs: 0 },
];

/** What made a breaker trip. */
export interface Evidence {
  readonly task: TaskId;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

/** Failures that a trip names: the newest. */
export const MAX_EVIDENCE = 10;
