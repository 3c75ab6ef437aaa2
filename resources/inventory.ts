/**
 * What the resources of a lock domain are, as far as executions have said, and what is taken of each.
 *
 * Executions may bring different capacities for one resource: the smallest rules, for as long as somebody who
 * brought it uses or awaits the resource, and {@link KEEP_MS} more. What an operator sets rules over all of them,
 * for good.
 */
import type { Ask } from '../model/graph.ts';
import type { GrantRequest } from '../model/mutex.ts';
import type { Resource } from '../model/resource.ts';
import { canEverFit, emptyOccupancy, give, take } from './occupancy.ts';
import type { Occupancy } from './occupancy.ts';

export const KEEP_MS = 60 * 60_000;

interface Brought {
  readonly capacity: number;
  /** When somebody last used the resource and took it to be so. */
  at: number;
}

/** Plain data. */
export interface ResourceRecord {
  readonly definition: Resource;
  brought: Brought[];
  /** By an operator. */
  set?: number;
}

const capacityOf = ({ set, brought }: ResourceRecord): number => set ?? Math.min(...brought.map(({ capacity }) => capacity));

const definitionOf = (request: GrantRequest, name: string): Resource | undefined => request.resources.find((resource) => resource.name === name);

/** As its execution defines it. A holder that says nothing of it can only be taken to have it alone. */
const definitionFor = (request: GrantRequest, { resource, units }: Ask): Resource =>
  definitionOf(request, resource) ?? { name: resource, mode: 'exclusive', scope: 'global', capacity: units };

const agrees = (one: Resource, other: Resource): boolean => one.mode === other.mode && one.scope === other.scope;

export class Inventory {
  /** The state's own. */
  readonly #records: ResourceRecord[];
  readonly #byName = new Map<string, ResourceRecord>();
  readonly #occupancies = new Map<string, Occupancy>();

  constructor(records: ResourceRecord[], held: readonly GrantRequest[]) {
    this.#records = records;
    for (const record of records) this.#enter(record);
    for (const request of held) this.take(request);
  }

  get records(): readonly ResourceRecord[] {
    return this.#records;
  }

  /** @throws RangeError when nobody has asked for a resource of that name. */
  occupancy(name: string): Occupancy {
    const occupancy = this.#occupancies.get(name);
    if (!occupancy) throw new RangeError(`nobody has asked for a resource ${name}; known here: ${[...this.#byName.keys()].join(', ') || 'none'}`);
    return occupancy;
  }

  /** Why the request can never be granted as things are, or undefined. Changes nothing. */
  refusal(request: GrantRequest): string | undefined {
    const names = new Set<string>();
    for (const ask of request.asks) {
      if (names.has(ask.resource)) return `${ask.resource} is asked for twice`;
      names.add(ask.resource);
      const brought = definitionOf(request, ask.resource);
      if (!brought) return `${ask.resource} is not known: the request does not say what it is`;
      const record = this.#byName.get(ask.resource);
      if (record && !agrees(record.definition, brought)) {
        return `${describe(brought)} is asked for, and another execution uses it as ${describe(record.definition)}`;
      }
      const capacity = record?.set ?? Math.min(brought.capacity, record ? capacityOf(record) : brought.capacity);
      if (!(ask.units > 0) || !canEverFit({ ...emptyOccupancy(brought), capacity }, ask)) return this.excess(ask, capacity);
    }
    return undefined;
  }

  /** What is wrong with an ask that is larger than the capacity. */
  excess({ resource, units }: Ask, capacity = this.occupancy(resource).capacity): string {
    const unit = units === 1 ? '1 unit' : `${String(units)} units`;
    return `${unit} of ${resource} asked for, and its capacity is ${String(capacity)}${this.#byName.get(resource)?.set === undefined ? '' : ', set by an operator'}`;
  }

  /** Takes note of what the request says its resources are. */
  learn(request: GrantRequest, now: number): void {
    for (const ask of request.asks) {
      const definition = definitionFor(request, ask);
      const record = this.#byName.get(definition.name);
      if (!record) this.#add({ definition, brought: [{ capacity: definition.capacity, at: now }] });
      else if (agrees(record.definition, definition)) this.#note(record, definition.capacity, now);
    }
  }

  /** Whatever the capacity: somebody who holds it holds it. */
  take(request: GrantRequest): void {
    for (const ask of request.asks) take(this.occupancy(ask.resource), ask);
  }

  give(request: GrantRequest): void {
    for (const ask of request.asks) give(this.occupancy(ask.resource), ask);
  }

  /** @throws RangeError when the resource is not known or the capacity is not a whole number of at least 0. */
  set(name: string, capacity: number): void {
    const occupancy = this.occupancy(name);
    if (!Number.isSafeInteger(capacity) || capacity < 0) throw new RangeError(`the capacity of ${name} is to be a whole number of at least 0, not ${String(capacity)}`);
    (this.#byName.get(name) as ResourceRecord).set = capacity;
    occupancy.capacity = capacity;
  }

  /** Forgets what has had no use for {@link KEEP_MS}; `inUse` are all that hold or wait. */
  expire(inUse: readonly GrantRequest[], now: number): void {
    const used = new Set<string>();
    for (const request of inUse) {
      this.learn(request, now);
      for (const { resource } of request.asks) used.add(resource);
    }
    for (const record of this.#records) {
      const recent = record.brought.filter(({ at }) => now - at < KEEP_MS);
      if (recent.length > 0) record.brought = recent;
      this.#update(record);
    }
    const isStale = ({ definition, brought, set }: ResourceRecord): boolean =>
      set === undefined && !used.has(definition.name) && brought.every(({ at }) => now - at >= KEEP_MS);
    for (const record of this.#records.filter(isStale)) this.#remove(record);
  }

  #note(record: ResourceRecord, capacity: number, now: number): void {
    const known = record.brought.find((brought) => brought.capacity === capacity);
    if (known) known.at = now;
    else record.brought = [...record.brought, { capacity, at: now }].sort((a, b) => a.capacity - b.capacity);
    this.#update(record);
  }

  #update(record: ResourceRecord): void {
    const occupancy = this.#occupancies.get(record.definition.name);
    if (occupancy) occupancy.capacity = capacityOf(record);
  }

  #add(record: ResourceRecord): void {
    this.#records.push(record);
    this.#enter(record);
  }

  #enter(record: ResourceRecord): void {
    this.#byName.set(record.definition.name, record);
    this.#occupancies.set(record.definition.name, emptyOccupancy({ mode: record.definition.mode, capacity: capacityOf(record) }));
  }

  #remove(record: ResourceRecord): void {
    this.#records.splice(this.#records.indexOf(record), 1);
    this.#byName.delete(record.definition.name);
    this.#occupancies.delete(record.definition.name);
  }
}

const describe = ({ name, mode, scope }: Resource): string => `${name} (${mode}, ${scope})`;
