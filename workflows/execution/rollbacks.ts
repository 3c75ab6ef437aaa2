/**
 * Rollbacks of this execution while it is open. Each is an execution of its own, a child that is abandoned on purpose: it
 * outlives a run of this one. It says when it is about to end; one that was ended by force is found by looking.
 */
import { ChildWorkflowCancellationType, condition, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import { executionWorkflowId } from '../../model/ids.ts';
import { MEMO, SEARCH_ATTRIBUTE, WORKFLOW } from '../../model/message.ts';
import type { ExecutionInput } from '../../model/message.ts';
import type { RollbackTarget } from '../../model/rollback.ts';
import type { RollbackState, SchedulerEvent } from '../../scheduler/protocol.ts';
import { control, LOOKING } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import type { Carried } from './carry.ts';

export const PLANNING: ControlOptions = { startToCloseTimeout: '5m', retry: { maximumInterval: '10s' } };
/** How long a rollback may be silent before it is looked for. */
const SILENCE = '30s';

type Current = NonNullable<RollbackState['current']>;

export class Rollbacks {
  readonly #carried: Carried;
  readonly #push: (event: SchedulerEvent) => void;
  /** Numbers of the last rollback that is there to be asked, and of the last that has said that it is about to end. */
  #there = 0;
  #ending = 0;

  constructor(options: { readonly carried: Carried; readonly push: (event: SchedulerEvent) => void }) {
    this.#carried = options.carried;
    this.#push = options.push;
  }

  /** Number of the next one. */
  get next(): number {
    return (this.#carried.scheduler.rollback?.count ?? 0) + 1;
  }

  /** What an earlier run of the execution was about. */
  takeUp(): void {
    const { planning, current } = this.#carried.scheduler.rollback ?? {};
    if (planning) void this.plan({ kind: planning });
    if (current) void this.run();
  }

  /** The one that is to be had before the execution ends. */
  async plan(target: RollbackTarget): Promise<void> {
    const number = this.next;
    const planned = await control(PLANNING).planRollback({ execution: this.#carried.execution, target, number });
    if (!planned.ok) return this.#push({ type: 'rollbackRefused', problems: planned.error });
    const { byHand: _byHand, ...rest } = planned.value;
    this.#push({ type: 'rollback', number, automatic: true, target, ...rest });
  }

  /** Starts the current one, unless it has been started, and waits for its end. */
  async run(): Promise<void> {
    const { current } = this.#carried.scheduler.rollback ?? {};
    if (!current) return;
    try {
      await this.#start(current);
    } catch (error) {
      // An earlier run has started it; or this one has, and was reset.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) return this.#push({ type: 'rolledBack', number: current.number, outcome: 'terminated', results: [] });
    } finally {
      this.#there = current.number;
    }
    for (;;) {
      const isEnding = await condition(() => this.#ending >= current.number, SILENCE);
      const fetched = await control(LOOKING).fetchRollback({ rollback: current.rollback, isEnding });
      if (fetched.status === 'running') continue;
      const { outcome, results } = fetched;
      return this.#push({ type: 'rolledBack', number: current.number, outcome, results });
    }
  }

  /** Resolves when it can be asked how it stands, or never will be there. */
  async untilThere(number: number): Promise<void> {
    await condition(() => this.#there >= number);
  }

  /** It says that it is about to end. */
  isEnding(number: unknown): void {
    if (typeof number === 'number' && number === this.#carried.scheduler.rollback?.current?.number) this.#ending = number;
  }

  async #start({ plan, rollback, number }: Current): Promise<void> {
    const { execution, workspace, graceMs, searchAttributes } = this.#carried;
    const input: ExecutionInput = { plan, workspace, graceMs, executor: 'human', searchAttributes, rollbackOf: { execution, number } };
    const typed = [
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.plan, 'KEYWORD'), value: plan as string },
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.execution, 'KEYWORD'), value: rollback as string },
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.state, 'KEYWORD'), value: 'running' },
    ];
    await startChild(WORKFLOW.execution, {
      args: [input],
      workflowId: executionWorkflowId(rollback),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `rollback of ${execution}`,
      memo: { [MEMO.rollbackOf]: execution },
      ...(searchAttributes && { typedSearchAttributes: typed }),
    });
  }
}
