/** Resources that nobody names: the system makes them of what else a plan says. Their names hold a colon. */
import type { Ask } from '../../model/graph.ts';
import type { Resource } from '../../model/resource.ts';

export interface Implicit {
  readonly resources: readonly Resource[];
  /** By index of the task. */
  readonly asks: readonly { readonly task: number; readonly ask: Ask }[];
}

export const exclusive = (name: string): Resource => ({ name, mode: 'exclusive', capacity: 1, scope: 'execution' });
export const semaphore = (name: string, capacity: number): Resource => ({ name, mode: 'semaphore', capacity, scope: 'execution' });

export const writes = (resource: string): Ask => ({ resource, units: 1, access: 'write' });
export const reads = (resource: string): Ask => ({ resource, units: 1, access: 'read' });

/** One resource of each name that tasks ask for. */
export const collect = (asks: Implicit['asks'], make: (name: string) => Resource): Implicit => ({
  resources: [...new Set(asks.map(({ ask }) => ask.resource))].map(make),
  asks,
});
