/** A lock domain as people see it: who holds, who waits, and for what. */
import type { Ask } from '../model/graph.ts';
import { MAX_QUEUE_SHOWN } from '../model/mutex.ts';
import type { GrantRequest, HolderView, ResourceView, WaiterView } from '../model/mutex.ts';
import { unreachable } from '../model/unreachable.ts';
import type { Grant } from './grant.ts';
import type { Inventory } from './inventory.ts';
import { fits, isShared } from './occupancy.ts';
import { walkWaits } from './waits.ts';
import type { Wait } from './waits.ts';

interface Situation {
  readonly inventory: Inventory;
  readonly holders: readonly Grant[];
  /** In serving order. */
  readonly waiters: readonly GrantRequest[];
  readonly grantsFrom: number | undefined;
  readonly now: number;
}

/** Every resource by name, with its queue in serving order. */
export const viewDomain = (situation: Situation): readonly ResourceView[] => {
  const holders = new Rows<HolderView>();
  const queues = new Rows<WaiterView>();
  for (const grant of situation.holders) for (const ask of grant.request.asks) holders.add(ask.resource, holderView(grant, ask));
  for (const wait of walkWaits({ ...situation, holders: situation.holders.map(({ request }) => request) })) {
    const reason = reasonOf(wait, situation);
    for (const ask of wait.request.asks) queues.add(ask.resource, waiterView(wait.request, ask, reason));
  }
  return situation.inventory.records
    .map(({ definition, brought, set }): ResourceView => {
      const { capacity, units, readers } = situation.inventory.occupancy(definition.name);
      const capacities = brought.map((one) => one.capacity);
      const queue = queues.of(definition.name);
      const isOne = capacities.length === 1 && (set === undefined || set === capacities[0]);
      return {
        ...definition,
        capacity,
        units,
        readers,
        ...(!isOne && { capacities }),
        holders: holders.of(definition.name),
        queue: queue.slice(0, MAX_QUEUE_SHOWN),
        waiting: queue.length,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

class Rows<T> {
  readonly #by = new Map<string, T[]>();

  add(resource: string, row: T): void {
    const rows = this.#by.get(resource);
    if (rows) rows.push(row);
    else this.#by.set(resource, [row]);
  }

  of(resource: string): readonly T[] {
    return this.#by.get(resource) ?? [];
  }
}

const holderView = ({ request, fences, grantedAt }: Grant, { resource, units, access }: Ask): HolderView => {
  const { id, holder, execution, task, attempt } = request;
  return { id, holder, execution, task, attempt, units, access, since: grantedAt, fence: fences[resource] ?? '' };
};

const waiterView = (request: GrantRequest, { units, access }: Ask, reason: string): WaiterView => {
  const { id, execution, task, since, priority } = request;
  return { id, execution, task, units, access, since, priority, reason };
};

const reasonOf = (wait: Wait, { inventory, grantsFrom, now }: Situation): string => {
  if (grantsFrom !== undefined && now < grantsFrom) {
    return `nothing is granted before ${new Date(grantsFrom).toISOString()}: the mutex started anew, and learns first what is held`;
  }
  const { standing } = wait;
  switch (standing.kind) {
    case 'free':
      return 'nothing is in its way: it is granted next';
    case 'impossible':
      return standing.asks.map((ask) => inventory.excess(ask)).join('; ');
    case 'blocked':
      return standing.asks.map((ask) => lackOf(wait, ask, inventory)).join('; ');
    default:
      return unreachable(standing);
  }
};

const lackOf = (wait: Wait, ask: Ask, inventory: Inventory): string => {
  const occupancy = inventory.occupancy(ask.resource);
  const holders = wait.holdersAgainst(ask);
  if (fits(occupancy, ask)) return `${ask.resource} is kept for ${named(wait.aheadOf(ask))}, before it in line`;
  if (occupancy.mode === 'semaphore') {
    const free = Math.max(0, occupancy.capacity - occupancy.units);
    return `${ask.resource} has ${String(free)} of ${String(occupancy.capacity)} units free, and ${String(ask.units)} are asked for; held by ${named(holders)}`;
  }
  return `${ask.resource} is ${occupancy.readers > 0 && !isShared(occupancy, ask) ? 'read' : 'written'} by ${named(holders)}`;
};

const NAMED = 3;

const named = (requests: readonly GrantRequest[]): string => {
  const names = requests.slice(0, NAMED).map(({ execution, task }) => `${execution}/${task}`);
  const rest = requests.length - names.length;
  return `${names.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
};
