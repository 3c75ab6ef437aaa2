/** Carries what a lock domain decides to the executions that asked. One that is no longer there gives its grant back. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_SIGNAL } from '../../model/message.ts';
import type { Granted, Refused } from '../../model/mutex.ts';
import type { DomainStep, LockDomain } from '../../resources/domain.ts';
import { lookForHolder } from './look.ts';
import type { MutexRecord } from './record.ts';

/** Plain data. */
export type Delivery =
  | { readonly to: ExecutionId; readonly signal: 'granted'; readonly message: Granted }
  | { readonly to: ExecutionId; readonly signal: 'refused'; readonly message: Refused };

export class Deliveries {
  readonly #domain: LockDomain;
  readonly #under = new Set<Delivery>();

  constructor(domain: LockDomain) {
    this.#domain = domain;
  }

  take({ grants, refused }: DomainStep): void {
    for (const { request, fences } of grants) void this.#send({ to: request.execution, signal: 'granted', message: { id: request.id, fences } });
    for (const { request, refusal } of refused) void this.#send({ to: request.execution, signal: 'refused', message: refusal });
  }

  /** What the run before could not know to have arrived. */
  resume({ deliveries }: MutexRecord): void {
    for (const delivery of deliveries) void this.#send(delivery);
  }

  snapshot(record: MutexRecord): MutexRecord {
    return { ...record, domain: this.#domain.state, deliveries: [...this.#under] };
  }

  async #send(delivery: Delivery): Promise<void> {
    this.#under.add(delivery);
    const { to, signal, message } = delivery;
    const arrived = await getExternalWorkflowHandle(executionWorkflowId(to))
      .signal(INTERNAL_SIGNAL[signal], message)
      .then(
        () => true,
        () => false,
      );
    if (!arrived && signal === 'granted') await this.#reconsider(message.id);
    this.#under.delete(delivery);
  }

  /** An execution that has closed needs nothing any more, unless it heard of the grant before, and its attempt is at work. */
  async #reconsider(id: string): Promise<void> {
    const grant = this.#domain.holders().find(({ request }) => request.id === id);
    if (grant) this.take(this.#domain.forget(await lookForHolder(grant), Date.now()));
  }
}
