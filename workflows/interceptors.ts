/**
 * Keeps every workflow of this system on the turns that its history has. A query that reaches a worker which does
 * not have the workflow at hand is answered after a replay, and SDK 1.24 then also applies events that no workflow
 * task has taken up yet. What the workflow decides on such a turn is in no history; the worker goes on from it all
 * the same, and what it then writes can never be replayed. Such a turn is refused: the query fails, may be asked
 * again, and the worker forgets the workflow.
 */
import type { ActivateInput, Next, WorkflowInterceptorsFactory, WorkflowInternalsInterceptor } from '@temporalio/workflow';

/** Told by the size of the history, which every workflow task states: a turn with new events and the old size belongs to none. */
export class WholeTurns implements WorkflowInternalsInterceptor {
  #last: { readonly length: number; readonly size: string } | undefined;

  activate(input: ActivateInput, next: Next<WorkflowInternalsInterceptor, 'activate'>): void {
    const { jobs, historyLength, historySizeBytes } = input.activation;
    if (!jobs?.some(({ queryWorkflow }) => queryWorkflow)) {
      const turn = { length: historyLength ?? 0, size: String(historySizeBytes ?? 0) };
      const last = this.#last;
      this.#last = turn;
      if (last && turn.length > last.length && turn.size === last.size && turn.size !== '0') {
        throw new Error('[TASKS3012] the history ends with events that no workflow task has taken up yet: ask again');
      }
    }
    next(input);
  }
}

export const interceptors: WorkflowInterceptorsFactory = () => ({ inbound: [], outbound: [], internals: [new WholeTurns()] });
