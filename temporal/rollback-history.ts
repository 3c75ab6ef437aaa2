/** What a rollback has recorded at its end, from its own history. */
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { RollbackRecord } from '../model/rollback.ts';
import type { ExecutionEventRecord } from './history.ts';
import { firstValue } from './payload.ts';

export interface ConcludedRollback {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly record: RollbackRecord;
}

const CONCLUDING = 'concludeRollback';

export class RollbackHistory {
  /** Undefined for an execution that rolls nothing back, or has not ended. */
  concluded: ConcludedRollback | undefined;
  readonly #client: Client;
  /** The event that scheduled it. */
  #scheduled: string | undefined;

  constructor({ client }: { readonly client: Client }) {
    this.#client = client;
  }

  /** Takes the next event; they must come in order. */
  async add({ event }: ExecutionEventRecord): Promise<void> {
    if (event.activityTaskScheduledEventAttributes?.activityType?.name === CONCLUDING) this.#scheduled = String(event.eventId);
    const completed = event.activityTaskCompletedEventAttributes;
    if (!completed || this.#scheduled === undefined || String(completed.scheduledEventId) !== this.#scheduled) return;
    this.concluded = { at: tsToMs(event.eventTime), record: (await firstValue(this.#client, completed.result)) as RollbackRecord };
  }
}
