/**
 * Tells the register of the queue which tasks are quarantined here, and which a person has tried again. Nothing waits
 * for it but the end of the execution; what a run could not tell, the next one does. In order, one message at a time.
 */
import { CancellationScope, condition, patched, workflowInfo } from '@temporalio/workflow';
import type { AttemptFailure } from '../../model/attempt.ts';
import type { EventBody } from '../../model/event.ts';
import type { TaskId } from '../../model/ids.ts';
import { bounded, MAX_NEWS, planKey } from '../../model/quarantine.ts';
import type { QuarantineNews } from '../../model/quarantine.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import type { Carried } from './carry.ts';

/** One message: short, so that a worker that died over it does not hold up the end. */
const TELLING: ControlOptions = { startToCloseTimeout: '10s', retry: { maximumInterval: '10s' } };

/** Executions that began before there was a register say nothing. */
const TELLS_QUARANTINE = 'tells-quarantine';

export class Quarantines {
  /** Of it `untold` is kept here: what is not known to have arrived, oldest first. */
  readonly #carried: Carried;
  #telling = false;
  #last = 0;

  constructor(carried: Carried) {
    this.#carried = carried;
  }

  /** What an earlier run could not tell. */
  takeUp(): void {
    void this.#tell();
  }

  /** `failureOf` says how a task's last attempt failed. */
  hear(event: EventBody, failureOf: (task: TaskId) => AttemptFailure | undefined): void {
    if (event.type !== 'task_quarantined' && event.type !== 'task_retried') return;
    const { task } = event;
    const about = { plan: planKey(this.#carried.scheduler.graph.name), task };
    if (event.type === 'task_retried') {
      if (event.revived) this.#say({ type: 'revived', ...about, at: this.#time() });
      return;
    }
    const { attempt, breaker, by = breaker ?? '', reason } = event;
    const failure = failureOf(task);
    const cause = bounded({
      by,
      ...(reason !== undefined && { reason }),
      ...(failure && { class: failure.class, message: failure.message, ...(failure.kind && { kind: failure.kind }) }),
    });
    this.#say({ type: 'quarantined', ...about, since: this.#time(), execution: this.#carried.execution, attempt, ...cause });
  }

  /** Resolves when all has been told. */
  async told(): Promise<void> {
    await condition(() => this.#carried.untold === undefined);
  }

  /** Of two things said at once the second is the later one. */
  #time(): number {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return this.#last;
  }

  /** The tasks of a rollback are called as those that it undoes: it says nothing of them. */
  #say(news: QuarantineNews): void {
    if (this.#carried.rollbackOf || !patched(TELLS_QUARANTINE)) return;
    this.#carried.untold = [...(this.#carried.untold ?? []), news];
    void this.#tell();
  }

  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    const { taskQueue } = workflowInfo();
    for (let news = this.#next; news; news = this.#next) {
      const told = news;
      await CancellationScope.nonCancellable(() => control(TELLING).tellQuarantine({ taskQueue, news: told }));
      const rest = this.#carried.untold?.slice(told.length) ?? [];
      if (rest.length > 0) this.#carried.untold = rest;
      else delete this.#carried.untold;
    }
    this.#telling = false;
  }

  get #next(): readonly QuarantineNews[] | undefined {
    return this.#carried.untold?.slice(0, MAX_NEWS);
  }
}
