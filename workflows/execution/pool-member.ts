/**
 * The execution as a member of its queue's pool: it is told by signal which workers there are. It joins with every run,
 * and again while tasks find nobody: a pool that somebody ended knows its members no more.
 */
import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import type { ExecutionId } from '../../model/ids.ts';
import { ANNOUNCE_MS } from '../../model/pool.ts';
import { control, LOOKING } from '../control.ts';

export class PoolMember {
  readonly #execution: ExecutionId;
  readonly #isPlaceless: () => boolean;
  #joining = false;
  #watching = false;

  constructor(options: { readonly execution: ExecutionId; readonly isPlaceless: () => boolean }) {
    this.#execution = options.execution;
    this.#isPlaceless = options.isPlaceless;
  }

  /** Twice is no harm. */
  join(): void {
    if (!this.#joining) void this.#join();
  }

  /** To be called after every change. */
  look(): void {
    if (!this.#watching && this.#isPlaceless()) void this.#watch();
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
    while (this.#isPlaceless()) {
      await CancellationScope.nonCancellable(() => sleep(ANNOUNCE_MS, { summary: 'workers for what nobody can take' }));
      if (this.#isPlaceless()) this.join();
    }
    this.#watching = false;
  }
}
