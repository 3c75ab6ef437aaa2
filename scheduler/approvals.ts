/**
 * Tasks that start only after a person has said so. An approval is asked for when the task becomes ready, may be
 * given before that, and holds for all its attempts.
 */
import type { ApprovalPolicy, GraphTask } from '../model/graph.ts';
import { RISK_LEVELS } from '../model/graph.ts';
import { Deadlines } from './deadlines.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Decision, TaskRecord } from './protocol.ts';

const isAtLeast = (risk: GraphTask['risk'], least: ApprovalPolicy['risk']): boolean =>
  risk !== undefined && least !== 'none' && RISK_LEVELS.indexOf(risk) >= RISK_LEVELS.indexOf(least);

/** Whether the task needs one at all. */
export const needsApproval = ({ risk, approval }: GraphTask, policy: ApprovalPolicy): boolean => approval ?? isAtLeast(risk, policy.risk);

export class Approvals {
  readonly #index: GraphIndex;
  readonly #records: readonly TaskRecord[];
  readonly #policy: ApprovalPolicy;
  readonly #decide: (decision: Decision) => void;
  readonly #unanswered: Deadlines;

  constructor(options: {
    readonly index: GraphIndex;
    readonly records: readonly TaskRecord[];
    readonly policy: ApprovalPolicy;
    readonly decide: (decision: Decision) => void;
  }) {
    this.#index = options.index;
    this.#records = options.records;
    this.#policy = options.policy;
    this.#decide = options.decide;
    this.#unanswered = new Deadlines(this.#records, ({ approval }) => (approval?.state === 'asked' ? approval.until : undefined));
  }

  /** When the next one has waited long enough. */
  get dueAt(): number | undefined {
    return this.#unanswered.nextAt;
  }

  /** Whether the task waits, or would wait, for a person. */
  isMissing(index: number): boolean {
    return this.#at(index).approval?.state !== 'given' && needsApproval(this.#index.tasks[index] as GraphTask, this.#policy);
  }

  ask(index: number, now: number): void {
    const { timeoutMs } = this.#policy;
    const until = timeoutMs === undefined ? undefined : now + timeoutMs;
    this.#at(index).approval = { state: 'asked', since: now, ...(until !== undefined && { until }) };
    this.#unanswered.add(index);
    this.#decide({ type: 'emit', event: { type: 'approval_requested', task: this.#index.id(index), ...(until !== undefined && { until }) } });
  }

  give(index: number, now: number): void {
    this.#at(index).approval = { state: 'given', since: now };
  }

  /** The task is not ready any more: it will be asked for anew. */
  withdraw(index: number): void {
    const record = this.#at(index);
    if (record.approval?.state === 'asked') delete record.approval;
  }

  /** The next task for which nobody answered in time. */
  expire(now: number): number | undefined {
    return this.#unanswered.take(now);
  }

  #at(index: number): TaskRecord {
    return this.#records[index] as TaskRecord;
  }
}
