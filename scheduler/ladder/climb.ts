/** What is tried next about a task that has failed for good by its retry policy: one step up its ladder. Pure. */
import type { FailureClass } from '../../model/attempt.ts';
import type { GraphTask } from '../../model/graph.ts';
import { MAX_TURNS } from '../../model/self-heal.ts';
import type { ErrorPolicy, MendAction, Strategy } from '../../model/self-heal.ts';
import { executorOf } from '../dispatch.ts';

/** How far a task has climbed, for its whole life. Plain data, part of its record. */
export interface LadderRecord {
  /** Strategies taken. */
  readonly turns: number;
  /** The strategy that is looked at next; it goes round. */
  readonly next: number;
  /** It has been split, or that was tried. */
  readonly split?: true;
}

/** Which turn it is, and how many there are at most. */
export interface Turn {
  readonly turn: number;
  readonly turns: number;
}

export type Rung =
  /** Another attempt, with all its retries. */
  | ({ readonly next: 'again'; readonly strategy: Exclude<Strategy, MendAction> } & Turn)
  /** Something is done first. */
  | ({ readonly next: 'mend'; readonly strategy: MendAction } & Turn)
  | { readonly next: ErrorPolicy['escalation'] };

/** The ladder of a task that nothing is said of. */
const NO_POLICY: ErrorPolicy = { strategies: [], maxTurns: 1, escalation: 'fail' };
const NOTHING_YET: LadderRecord = { turns: 0, next: 0 };

interface Fall {
  readonly task: GraphTask;
  readonly policy: ErrorPolicy | undefined;
  readonly ladder: LadderRecord | undefined;
  readonly failure: FailureClass;
  /** The answer of a review has brought it. What reviews bring is not reviewed, or they could go on without end. */
  readonly isBrought?: boolean;
}

const helps = (strategy: Strategy, { task, failure, isBrought }: Fall, ladder: LadderRecord): boolean => {
  switch (strategy.type) {
    case 'rerun':
      return failure !== 'logic';
    case 'switch':
      return executorOf(task) !== strategy.executor;
    case 'split':
      return task.splits === true && !ladder.split;
    case 'review':
      return isBrought !== true;
    case 'repair_context':
    default:
      return true;
  }
};

const taken = (strategy: Strategy, turn: Turn): Rung => (strategy.type === 'review' || strategy.type === 'split' ? { next: 'mend', strategy, ...turn } : { next: 'again', strategy, ...turn });

/** The next rung, and the record of having taken it. Ends: every answer but the escalation uses up a turn, of which there are at most {@link MAX_TURNS}. */
export const climb = (fall: Fall): { readonly rung: Rung; readonly ladder: LadderRecord } => {
  const policy = fall.policy ?? NO_POLICY;
  const { strategies } = policy;
  const turns = Math.min(policy.maxTurns, MAX_TURNS);
  let ladder = fall.ladder ?? NOTHING_YET;
  // The retries that it has had are what this strategy asks for.
  if (ladder.turns === 0 && ladder.next === 0 && strategies[0]?.type === 'rerun') ladder = { ...ladder, turns: 1, next: 1 };
  const split: Strategy = { type: 'split' };
  const isTooLarge = fall.failure === 'resource' && helps(split, fall, ladder);
  if (ladder.turns < turns && isTooLarge) return { rung: taken(split, { turn: ladder.turns + 1, turns }), ladder: { ...ladder, turns: ladder.turns + 1, split: true } };
  for (let looked = 0; ladder.turns < turns && looked < strategies.length; looked += 1) {
    const strategy = strategies[ladder.next % strategies.length] as Strategy;
    ladder = { ...ladder, next: ladder.next + 1 };
    if (!helps(strategy, fall, ladder)) continue;
    ladder = { ...ladder, turns: ladder.turns + 1, ...(strategy.type === 'split' && { split: true as const }) };
    return { rung: taken(strategy, { turn: ladder.turns, turns }), ladder };
  }
  return { rung: { next: policy.escalation }, ladder };
};
