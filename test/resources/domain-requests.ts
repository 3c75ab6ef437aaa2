/** Short ways to write requests for a lock domain. */
import type { Ask } from '../../model/graph.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import type { GrantRequest } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';
import { createDomainState, LockDomain } from '../../resources/domain.ts';
import type { DomainState, DomainStep } from '../../resources/domain.ts';

export const T0 = 1_700_000_000_000;

export const lock: Resource = { name: 'lock', mode: 'exclusive', capacity: 1, scope: 'global' };
export const other: Resource = { name: 'other', mode: 'exclusive', capacity: 1, scope: 'global' };
export const pair: Resource = { name: 'pair', mode: 'exclusive', capacity: 2, scope: 'global' };
export const units: Resource = { name: 'units', mode: 'semaphore', capacity: 3, scope: 'global' };
const KNOWN: readonly Resource[] = [lock, other, pair, units];

export const reads = (resource: string): Ask => ({ resource, units: 1, access: 'read' });
export const writes = (resource: string, units = 1): Ask => ({ resource, units, access: 'write' });

type Options = Partial<Pick<GrantRequest, 'since' | 'priority' | 'holdsMore' | 'resources'>>;

/** Request `name#1` of the task `name`, which asks at {@link T0} with medium priority. */
export const request = (name: string, asks: readonly Ask[], options: Options = {}): GrantRequest => ({
  id: `${name}#1`,
  holder: `tasks/e/t/${name}/1`,
  execution: 'e' as ExecutionId,
  task: name as TaskId,
  attempt: 1,
  asks,
  since: T0,
  priority: 3,
  resources: KNOWN.filter((resource) => asks.some((ask) => ask.resource === resource.name)),
  graceMs: 0,
  ...options,
});

export const newDomain = (grantsFrom?: number): LockDomain => new LockDomain(createDomainState({ epoch: T0, ...(grantsFrom !== undefined && { grantsFrom }) }));

export const copyOf = (domain: LockDomain): LockDomain => new LockDomain(JSON.parse(JSON.stringify(domain.state)) as DomainState);

/** Tasks that were granted what they ask for, in order. */
export const granted = (step: DomainStep): readonly string[] => step.grants.map((grant) => grant.request.task);
export const refused = (step: DomainStep): readonly string[] => step.refused.map(({ request, refusal }) => `${request.task} ${refusal.why}: ${refusal.message}`);
export const holding = (domain: LockDomain): readonly string[] => domain.holders().map((grant) => grant.request.task);
export const queued = (domain: LockDomain): readonly string[] => domain.waiters().map(({ task }) => task);
