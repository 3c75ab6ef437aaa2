/** Signals, updates and the query of a mutex. A signal that cannot be read changes nothing; an update says why. */
import { defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { readAnnouncement, readGrantRequest, readModifyResource, readRelease, readReleaseHolder } from '../../model/mutex-guard.ts';
import { MUTEX_QUERY, MUTEX_SIGNAL, MUTEX_UPDATE } from '../../model/mutex.ts';
import type { ModifyResourceRequest, MutexView, ResourceView, WaitView } from '../../model/mutex.ts';
import type { Problem } from '../../model/problem.ts';
import type { LockDomain } from '../../resources/domain.ts';
import { refusal } from '../execution/rejection.ts';
import type { Deliveries } from './deliveries.ts';
import { addIntervention } from './record.ts';
import type { MutexRecord } from './record.ts';

/** An answer to a query stays far below 2 MB. */
const MAX_WAITS = 2_000;

export interface MutexParts {
  readonly name: string;
  readonly record: MutexRecord;
  readonly domain: LockDomain;
  readonly deliveries: Deliveries;
}

export const setMutexHandlers = (parts: MutexParts): void => {
  const { domain, deliveries } = parts;
  setHandler(defineSignal<[unknown]>(MUTEX_SIGNAL.acquire), (payload) => {
    const request = readGrantRequest(payload);
    if (request.ok) deliveries.take(domain.acquire(request.value, Date.now()));
  });
  setHandler(defineSignal<[unknown]>(MUTEX_SIGNAL.release), (payload) => {
    const request = readRelease(payload);
    if (request.ok) deliveries.take(domain.release(request.value.id, Date.now()));
  });
  setHandler(defineSignal<[unknown]>(MUTEX_SIGNAL.announce), (payload) => {
    const announcement = readAnnouncement(payload);
    if (announcement.ok) deliveries.take(domain.announce(announcement.value, Date.now()));
  });
  setHandler(defineSignal<[unknown]>(MUTEX_SIGNAL.modify), (payload) => {
    const request = readModifyResource(payload);
    if (request.ok && isKnown(domain, request.value.resource)) modify(parts, request.value);
  });
  setOperators(parts);
  setHandler(defineQuery<MutexView>(MUTEX_QUERY.state), () => mutexView(parts));
  setHandler(defineQuery<readonly WaitView[]>(MUTEX_QUERY.waits), () => domain.waitsFor().slice(0, MAX_WAITS));
};

const isKnown = (domain: LockDomain, resource: string): boolean => domain.view(Date.now()).some(({ name }) => name === resource);

const modify = ({ record, domain, deliveries }: MutexParts, request: ModifyResourceRequest): void => {
  const { resource, capacity, by = '', reason = '' } = request;
  addIntervention(record, { at: Date.now(), by, reason, what: `set the capacity of ${resource} to ${capacity}` });
  deliveries.take(domain.setCapacity(request, Date.now()));
};

const setOperators = (parts: MutexParts): void => {
  const { record, domain, deliveries } = parts;
  setHandler(defineUpdate<ResourceView, [unknown]>(MUTEX_UPDATE.releaseHolder), (payload) => {
    const request = readReleaseHolder(payload);
    if (!request.ok) throw refusal(request.error);
    const { resource, holder, by, reason } = request.value;
    const grant = domain.holders().find(({ request: held }) => held.asks.some((ask) => ask.resource === resource) && isNamed(holder, held));
    if (!grant) throw refusal([unknown(`nobody called ${holder} holds ${resource}`, 'The query `state` shows who holds what.')]);
    addIntervention(record, { at: Date.now(), by, reason, what: `released ${resource} of ${grant.request.holder}` });
    deliveries.take(domain.release(grant.request.id, Date.now()));
    return viewOf(domain, resource);
  });
  setHandler(defineUpdate<ResourceView, [unknown]>(MUTEX_UPDATE.modifyResource), (payload) => {
    const request = readModifyResource(payload);
    if (!request.ok) throw refusal(request.error);
    const { resource } = request.value;
    if (!isKnown(domain, resource)) {
      throw refusal([unknown(`no execution has asked this domain for ${resource}`, 'A capacity is changed while the resource is in use.')]);
    }
    modify(parts, request.value);
    return viewOf(domain, resource);
  });
};

const isNamed = (name: string, { holder, execution, task }: { readonly holder: string; readonly execution: string; readonly task: string }): boolean =>
  name === holder || name === `${execution}/${task}`;

const unknown = (message: string, hint: string): Problem => ({ code: 'TASKS3013', message, hint });

const viewOf = (domain: LockDomain, resource: string): ResourceView => {
  const view = domain.view(Date.now()).find(({ name }) => name === resource);
  if (!view) throw refusal([unknown(`there is no resource ${resource}`, 'The query `state` shows those there are.')]);
  return view;
};

const mutexView = ({ name, record, domain }: MutexParts): MutexView => {
  const { grantsFrom } = domain.state;
  return {
    domain: name,
    resources: domain.view(Date.now()),
    ...(grantsFrom !== undefined && grantsFrom > Date.now() && { grantsFrom }),
    ...(record.deadlocks && record.deadlocks.length > 0 && { deadlocks: record.deadlocks }),
    interventions: record.interventions,
  };
};
