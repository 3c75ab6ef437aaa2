/**
 * The execution as a member of its queue's pool: it is told by signal which workers there are. It joins with every run,
 * and again while tasks find nobody, or nobody with room: a pool that somebody ended knows its members no more, and what
 * it told last, such as that a machine is over its limits, would hold for ever.
 */
import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import type { ExecutionId } from '../../model/ids.ts';
import { ANNOUNCE_MS } from '../../model/pool.ts';
import { control, LOOKING } from '../control.ts';

export class PoolMember {
  readonly #execution: ExecutionId;
  readonly #isWaiting: () => boolean;
  #joining = false;
  #watching = false;

  constructor(options: { readonly execution: ExecutionId; readonly isWaiting: () => boolean }) {
    this.#execution = options.execution;
    this.#isWaiting = options.isWaiting;
  }

  /** Twice is no harm. */
  join(): void {
    if (!this.#joining) void this.#join();
  }

  /** To be called after every change. */
  look(): void {
    if (!this.#watching && this.#isWaiting()) void this.#watch();
  }

  async #join(): Promise<void> {
    this.#joining = true;
    const { taskQueue } = workflowInfo();
    await CancellationScope.nonCancellable(() => control(LOOKING).joinPool({ execution: this.#execution, taskQueue }));
    this.#joining = false;
  }

  /** By the time a pool is started anew all workers have announced themselves to it. */
  async #watch(): Promise<void> {
    this.#watching = true;
    while (this.#isWaiting()) {
      await CancellationScope.nonCancellable(() => sleep(ANNOUNCE_MS, { summary: 'workers for what waits' }));
      if (this.#isWaiting()) this.join();
    }
    this.#watching = false;
  }
}
