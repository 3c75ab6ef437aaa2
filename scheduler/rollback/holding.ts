/** Who holds what it asks for while it is COMPENSATING: an attempt that undoes what it did itself, but not a task that a rollback undoes. */
import { holdsGrants } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import type { TaskRecord } from '../protocol.ts';

/** `state` is that of the record unless stated. */
export const holdsAsks = (record: TaskRecord, state: TaskState = record.state): boolean =>
  holdsGrants(state) || (state === 'COMPENSATING' && record.unwinding === undefined);

/** Whether an attempt of it is at work. */
export const isAtWork = (record: TaskRecord): boolean => record.state === 'RUNNING' || (record.state === 'COMPENSATING' && record.unwinding === undefined);
