/**
 * Tasks that wait for a person's decision and hold nothing meanwhile: of a rollback, those that only a person can undo and
 * those whose compensation has failed for good; of any execution, those that failed and could not be undone. A task that
 * waits so is READY and parked; one that gets a dependency meanwhile is asked about again when it is READY again.
 */
import type { TaskState } from '../../model/state.ts';
import { WAITING } from '../graph-edges.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { Decision, TaskRecord } from '../protocol.ts';

export class Escalations {
  readonly #index: GraphIndex;
  readonly #records: readonly TaskRecord[];
  readonly #decide: (decision: Decision) => void;

  constructor(options: { readonly index: GraphIndex; readonly records: readonly TaskRecord[]; readonly decide: (decision: Decision) => void }) {
    this.#index = options.index;
    this.#records = options.records;
    this.#decide = options.decide;
  }

  /** Whether the task waits, or would wait, for a decision. */
  isOpen(index: number): boolean {
    return this.reasonOf(index) !== undefined;
  }

  reasonOf(index: number): string | undefined {
    return this.#at(index).escalation ?? this.#index.tasks[index]?.byHand;
  }

  ask(index: number): void {
    const reason = this.reasonOf(index) ?? '';
    const byHand = this.#index.tasks[index]?.byHand !== undefined;
    this.#decide({ type: 'emit', event: { type: 'task_needs_decision', task: this.#index.id(index), attempt: this.#at(index).attempt, reason, ...(byHand && { byHand }) } });
  }

  /** Whatever it does but wait is a decision; that it waits for its dependencies once more is none. */
  moved(index: number, from: TaskState, to: TaskState): void {
    if (WAITING.has(from) && !WAITING.has(to)) this.close(index);
  }

  /** It has been decided, one way or another. */
  close(index: number): void {
    delete this.#at(index).escalation;
  }

  #at(index: number): TaskRecord {
    return this.#records[index] as TaskRecord;
  }
}
