/**
 * Has the files that alerts name written to: one line after the other, in the order of the events, each at least once. What
 * was not confirmed when a run closed is written by the next one, under the same id.
 */
import { CancellationScope } from '@temporalio/workflow';
import type { ExecutionEvent } from '../../model/event.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import type { Driver } from './driver.ts';

const WRITING: ControlOptions = { startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } };
/** Events looked at in one go. */
const PAGE = 500;

type AlertEvent = Extract<ExecutionEvent, { readonly type: 'alert' }>;

export class AlertNotes {
  readonly #driver: Driver;
  /** Events up to this one have been looked at. */
  #seen: number;
  #last: Promise<void> = Promise.resolve();

  constructor(driver: Driver) {
    this.#driver = driver;
    this.#seen = driver.carried.notedAlerts ?? 0;
  }

  /** Whether there is any file to write to. */
  static areWanted({ scheduler }: Driver): boolean {
    return scheduler.state.graph.policies.monitoring.alerts.some(({ notify }) => notify !== undefined);
  }

  /** Something has happened. */
  look(): void {
    const { log } = this.#driver;
    while (this.#seen < log.last) {
      const events = log.page(Math.max(this.#seen + 1, log.oldest), PAGE);
      for (const event of events) if (event.type === 'alert' && event.notify !== undefined) this.#note(event, event.notify);
      this.#seen = events.at(-1)?.seq ?? log.last;
    }
  }

  async done(): Promise<void> {
    await this.#last;
  }

  #note(event: AlertEvent, file: string): void {
    this.#last = this.#last.then(() => this.#write(event, file));
  }

  async #write({ seq, at, alert, condition, metrics, action, state }: AlertEvent, file: string): Promise<void> {
    const { carried } = this.#driver;
    const line = { id: `${carried.execution}/${seq}`, timestamp: new Date(at).toISOString(), execution: carried.execution, alert, state, condition, action, metrics };
    const writing = CancellationScope.nonCancellable(() => control(WRITING).appendAlert({ workspace: carried.workspace, file, line }));
    const { problem } = await writing.catch((error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }));
    carried.notedAlerts = seq;
    if (problem !== undefined) this.#driver.emit({ type: 'alert_not_written', alert, file, reason: problem });
  }
}
