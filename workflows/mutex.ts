/**
 * The workflow of one lock domain, `mutex/<domain>`: it grants the domain's resources to every execution of the
 * namespace. What is granted to whom is decided by `resources/domain.ts`; here is only what Temporal must do for
 * it: carry grants to executions, look whether holders still live, and go on for ever.
 *
 * A holder that ended without a word is found by looking, a waiter that vanished by a grant that nobody takes.
 * A mutex that was ended and starts anew grants nothing for {@link LEASE_MS}, while holders announce themselves.
 */
import { allHandlersFinished, ApplicationFailure, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { parseMutexWorkflowId } from '../model/ids.ts';
import { CHECK_MS, DEADLOCK_CHECKS, IDLE_CHECK_MS, LEASE_MS } from '../model/mutex.ts';
import type { MutexInput } from '../model/mutex.ts';
import { createDomainState, LockDomain } from '../resources/domain.ts';
import { Deliveries } from './mutex/deliveries.ts';
import { setMutexHandlers } from './mutex/handlers.ts';
import { lookForDeadlocks, lookForGone } from './mutex/look.ts';
import { beginRecord, summary } from './mutex/record.ts';
import type { MutexRecord } from './mutex/record.ts';

export async function mutex(input: MutexInput = {}, carried?: MutexRecord): Promise<void> {
  const info = workflowInfo();
  const name = parseMutexWorkflowId(info.workflowId);
  if (name === undefined) throw ApplicationFailure.nonRetryable(`a mutex's workflow id is mutex/<domain>, not ${info.workflowId}`, 'TASKS3011');
  const epoch = info.startTime.getTime();
  const record = carried ?? beginRecord(createDomainState({ epoch, ...(input.probation && { grantsFrom: epoch + LEASE_MS }) }));
  const domain = new LockDomain(record.domain);
  const deliveries = new Deliveries(domain);
  setMutexHandlers({ name, record, domain, deliveries });
  deliveries.resume(record);

  const isEnding = (): boolean => workflowInfo().continueAsNewSuggested;
  const isBusy = (): boolean => !domain.isIdle;
  const isAwaited = (): boolean => domain.waiting > 0;
  let checks = 0;
  while (!isEnding()) {
    // Now and then: a busy domain changes many times a second, and a table of all of it is not for free.
    setCurrentDetails(summary(domain));
    if (await probation(domain, isEnding)) deliveries.take(domain.tick(Date.now()));
    await condition(() => isBusy() || isEnding());
    if (!isAwaited()) await condition(() => isAwaited() || !isBusy() || isEnding(), IDLE_CHECK_MS);
    if (isAwaited()) await condition(() => !isBusy() || isEnding(), CHECK_MS);
    checks += 1;
    if (isBusy() && !isEnding()) deliveries.take(domain.forget((await unlessEnding(() => lookForGone(domain, checks), isEnding)) ?? [], Date.now()));
    if (isAwaited() && checks % DEADLOCK_CHECKS === 0 && !isEnding()) record.deadlocks = (await unlessEnding(lookForDeadlocks, isEnding)) ?? [];
    if (!isAwaited()) delete record.deadlocks;
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof mutex>({}, deliveries.snapshot(record));
}

/** True when a mutex that started anew has just become free to grant. */
const probation = async (domain: LockDomain, isEnding: () => boolean): Promise<boolean> => {
  const { grantsFrom } = domain.state;
  if (grantsFrom === undefined || grantsFrom <= Date.now()) return false;
  await condition(isEnding, grantsFrom - Date.now());
  return true;
};

/** Undefined when the run ends before there is an answer: without a worker there may be none for hours. */
const unlessEnding = async <T>(look: () => Promise<T>, isEnding: () => boolean): Promise<T | undefined> => {
  let found: T | undefined;
  const looking = async (): Promise<void> => {
    found = await look();
  };
  await Promise.race([looking(), condition(() => found !== undefined || isEnding())]);
  return found;
};
