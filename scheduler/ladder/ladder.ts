/**
 * Error policies (spec/003, ERR-EXEC): what is tried about a task that has used up its retries, before it has failed, and
 * what becomes of it when nothing is left. How the task gets from state to state is the lifecycle's.
 */
import type { AttemptFailure } from '../../model/attempt.ts';
import type { EventBody } from '../../model/event.ts';
import type { GraphTask } from '../../model/graph.ts';
import { ERROR_POLICY, stepOf, strategyText } from '../../model/self-heal.ts';
import { failed } from '../attempt-event.ts';
import type { FailedAttempt } from '../attempt-event.ts';
import type { Board } from '../board.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { Healing } from '../healing/healing.ts';
import type { Outcome } from '../healing/holds.ts';
import type { SeenFailure } from '../healing/state.ts';
import type { SchedulerState } from '../protocol.ts';
import { delaysOf, retryDelay } from '../retry.ts';
import { climb } from './climb.ts';
import type { Rung } from './climb.ts';

export interface LadderListener {
  backOff(index: number, next: { readonly retryAt: number; readonly isUndone: boolean }): void;
  /** Its next attempt has more of what this one lacked. */
  raise(index: number, error: AttemptFailure, upTo: number): void;
  /** A person decides. */
  escalate(index: number, reason: string, isUndone: boolean): void;
  quarantine(index: number, end: FailedAttempt, by: string): void;
  /** It fails without another attempt. */
  refuse(index: number, error: AttemptFailure): void;
}

type Turn = Extract<Rung, { readonly turn: number }>;

export class Ladder {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #board: Board;
  readonly #healing: Healing;
  readonly #emit: (event: EventBody) => void;
  readonly #listener: LadderListener;

  constructor(options: { readonly state: SchedulerState; readonly index: GraphIndex; readonly board: Board; readonly healing: Healing; readonly emit: (event: EventBody) => void; readonly listener: LadderListener }) {
    this.#state = options.state;
    this.#index = options.index;
    this.#board = options.board;
    this.#healing = options.healing;
    this.#emit = options.emit;
    this.#listener = options.listener;
  }

  /** Whether something is tried, or decided, instead of failing: then all of it has been done and told. */
  failed(index: number, end: FailedAttempt, now: number): boolean {
    const task = this.#task(index);
    if (task.escalates || task.repairs !== undefined) return false;
    const { error, attempt } = end;
    const isUndone = end.compensation !== undefined;
    const rung = this.#climb(index, error);
    switch (rung.next) {
      case 'fail':
        return false;
      case 'quarantine':
        this.#listener.quarantine(index, end, ERROR_POLICY);
        return true;
      case 'review':
        this.#emit(failed(end));
        this.#listener.escalate(index, error.message, isUndone);
        return true;
      case 'mend':
        this.#emit(failed(end, { heldBy: ERROR_POLICY }));
        this.#take(index, rung);
        this.#healing.mend(rung.strategy, { index, attempt, at: now, class: error.class, message: error.message });
        this.#listener.backOff(index, { retryAt: now, isUndone });
        return true;
      case 'again':
      default: {
        const retry = { ...this.#state.graph.policies.retry, ...task.retry };
        const delay = retryDelay(1, delaysOf(retry, error.class), `${this.#state.seed}/${task.id}/${attempt}`);
        const retryAt = now + Math.max(delay, error.retryAfterMs ?? 0);
        this.#emit(failed(end, { retryAt }));
        this.#take(index, rung);
        this.#listener.backOff(index, { retryAt, isUndone });
        if (error.class === 'resource') this.#listener.raise(index, error, retry.raiseUpTo);
        return true;
      }
    }
  }

  /** What was done about it is over. It is READY, or was taken out of our hands meanwhile. */
  mended(failure: SeenFailure, outcome: Outcome): void {
    const { index, message } = failure;
    const record = this.#board.at(index);
    const isWaiting = record.state === 'READY';
    if (isWaiting || record.state === 'PENDING') record.failures = 0;
    if (outcome !== 'failed' || !isWaiting) return;
    const rung = this.#climb(index, failure);
    switch (rung.next) {
      case 'again':
        this.#take(index, rung);
        return;
      case 'mend':
        this.#take(index, rung);
        this.#healing.mend(rung.strategy, failure);
        return;
      case 'review':
        record.escalation = message;
        return;
      case 'quarantine':
        this.#emit({ type: 'task_quarantined', task: this.#index.id(index), attempt: record.attempt, breaker: ERROR_POLICY });
        this.#board.move(index, 'FAILED', 'QUARANTINED');
        return;
      case 'fail':
      default:
        this.#listener.refuse(index, { reason: 'internal', class: failure.class, message: `what was done about it failed; before that: ${message}` });
    }
  }

  #climb(index: number, failure: Pick<AttemptFailure, 'class'>): Rung {
    const task = this.#task(index);
    const record = this.#board.at(index);
    const { rung, ladder } = climb({ task, policy: task.errorPolicy ?? this.#state.graph.policies.errorPolicy, ladder: record.ladder, failure: failure.class, isBrought: record.brought === true });
    if (ladder.turns > 0) record.ladder = ladder;
    return rung;
  }

  #take(index: number, { strategy, turn, turns }: Turn): void {
    const record = this.#board.at(index);
    const task = this.#task(index);
    record.failures = 0;
    this.#state.retries += 1;
    this.#emit({ type: 'task_self_heal', task: task.id, attempt: record.attempt, step: stepOf(strategy), strategy: strategyText(strategy), turn, turns });
    if (strategy.type === 'switch') this.#state.graph.tasks[index] = { ...task, executor: strategy.executor };
    if (strategy.type === 'repair_context') record.mendContext = true;
  }

  #task(index: number): GraphTask {
    return this.#index.tasks[index] as GraphTask;
  }
}
