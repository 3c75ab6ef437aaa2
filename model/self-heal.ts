/**
 * The ladder ERR-EXEC (spec/003 section 3.2): what is done about a task that has failed for good by its retry policy,
 * step by step and bounded, before it counts as failed.
 *
 * A *turn* is one strategy, taken once. The backoff retries come first, and are the turn of a strategy `rerun` that stands first.
 */

/** Auto retry, context repair, agent review. `ERR-EXEC-04`, human escalation, is the decision that the task waits for. */
export type LadderStep = 'ERR-EXEC-01' | 'ERR-EXEC-02' | 'ERR-EXEC-03';

export type Strategy =
  /** The same again, with all its retries. Passed over where that is of no use: after a failure of the class `logic`. */
  | { readonly type: 'rerun' }
  /** Another executor from now on. */
  | { readonly type: 'switch'; readonly executor: string }
  /** The workspace is looked at before the next attempt, which is told what went wrong. In a worktree of its own it begins from a clean one. */
  | { readonly type: 'repair_context' }
  /** An executor of the plan is given the error, the task and the graph, and may answer with a hot update; then the task is tried again. */
  | { readonly type: 'review'; readonly executor: string }
  /** The parts that the task says it consists of take its place. Once. */
  | { readonly type: 'split' };

/** What becomes of the task when no turn is left: a person decides, it is parked for good, or it fails. */
export const ESCALATIONS = ['review', 'quarantine', 'fail'] as const;

export interface ErrorPolicy {
  readonly strategies: readonly Strategy[];
  /** More than there are strategies: they are gone through again. */
  readonly maxTurns: number;
  readonly escalation: (typeof ESCALATIONS)[number];
}

/** Of one task: a poison task cannot loop. */
export const MAX_TURNS = 20;

/** In whose name the tasks of a turn are injected: `AUTO.ERROR-POLICY.<n>.review`. No breaker may be called so. */
export const ERROR_POLICY = 'error-policy';

/** Turns that ask an activity for a patch. */
export type MendAction = Extract<Strategy, { readonly type: 'review' | 'split' }>;

export const stepOf = ({ type }: Strategy): LadderStep => {
  if (type === 'rerun' || type === 'switch') return 'ERR-EXEC-01';
  return type === 'repair_context' ? 'ERR-EXEC-02' : 'ERR-EXEC-03';
};

/** For people: `switch_tool_to claude`. */
export const strategyText = (strategy: Strategy): string => {
  switch (strategy.type) {
    case 'rerun':
      return 'rerun_same_tool';
    case 'switch':
      return `switch_tool_to ${strategy.executor}`;
    case 'repair_context':
      return 'context_repair';
    case 'review':
      return `agent_review by ${strategy.executor}`;
    case 'split':
    default:
      return 'split_task';
  }
};

/** How what a task met on its way ended (spec/003). */
export type Resolution = 'RESOLVED_AUTO' | 'RESOLVED_HUMAN' | 'QUARANTINED';
/** Tasks by how they came out; those that there are none of are left out. */
export type Resolutions = Partial<Readonly<Record<Resolution, number>>>;

export const countResolutions = (all: Iterable<Resolution | undefined>): Resolutions => {
  const counts: Partial<Record<Resolution, number>> = {};
  for (const each of all) if (each) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
};
