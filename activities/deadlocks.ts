/** Looks over all lock domains of the namespace for attempts that wait for each other in a circle. */
import type { Client } from '@temporalio/client';
import { MUTEX_QUERY, OPEN_MUTEXES } from '../model/mutex.ts';
import type { WaitView } from '../model/mutex.ts';
import { findDeadlocks } from '../resources/deadlock.ts';
import type { WaitEdge } from '../resources/deadlock.ts';

/** A domain that does not answer is left out: it is looked at again. */
const ANSWER_MS = 5_000;

/**
 * What is seen of two domains is of two moments: a circle that is real is still there at the next look, and one that
 * was built of two moments is not. So it is looked twice, and what is found both times is told.
 */
export const createFindDeadlocks =
  ({ client }: { readonly client: Client }) =>
  async (): Promise<readonly (readonly string[])[]> => {
    const first = await look(client);
    if (first.length === 0) return [];
    const again = new Set((await look(client)).map(named));
    return first.filter((circle) => again.has(named(circle)));
  };

/** The same wherever one begins to go round. */
const named = (circle: readonly string[]): string => circle.toSorted().join(' ');

const look = async (client: Client): Promise<readonly (readonly string[])[]> => {
  const domains: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: OPEN_MUTEXES })) domains.push(workflowId);
  const edges = await Promise.all(domains.map((workflowId) => waits(client, workflowId)));
  return findDeadlocks(edges.flat());
};

const waits = async (client: Client, workflowId: string): Promise<readonly WaitEdge[]> => {
  const ask = (): Promise<readonly WaitView[]> => client.workflow.getHandle(workflowId).query<readonly WaitView[]>(MUTEX_QUERY.waits);
  const found = await client.withDeadline(Date.now() + ANSWER_MS, ask).catch(() => []);
  return found.flatMap(({ waiter, holders }) => holders.map((holder): WaitEdge => [waiter, holder]));
};
