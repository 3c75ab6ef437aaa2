/** The same plan with more of something: what a resource costs is the difference that it makes. */
import type { Graph, GraphTask } from '../../model/graph.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import { CPU, MEMORY } from './usage.ts';

/** Which soft dependencies of the graph there are only because of resources, and of which. */
export class ResourceOrder {
  readonly #byPair = new Map<string, Set<string>>();

  constructor({ exclusions, soft }: Pick<BuiltDag, 'exclusions' | 'soft'>) {
    for (const { from, to, shared_resource: resource = '' } of exclusions) {
      const key = keyOf(from, to);
      const names = this.#byPair.get(key) ?? new Set();
      this.#byPair.set(key, names.add(resource));
    }
    for (const { from, to } of soft) this.#byPair.delete(keyOf(from, to));
  }

  /** Undefined of a dependency that has another reason, too. */
  of(from: GraphTask | undefined, to: GraphTask): ReadonlySet<string> | undefined {
    return from && this.#byPair.get(keyOf(from.id, to.id));
  }
}

const keyOf = (from: string, to: string): string => `${from} ${to}`;

/** Amounts of CPU and memory are known to people in other units than to the allocator. */
const UNITS = [
  { shown: CPU, resource: 'cpu_millicores', scale: 1_000 },
  { shown: MEMORY, resource: 'memory_mb', scale: 1_024 },
] as const;

export const shownName = (resource: string): string => UNITS.find((unit) => unit.resource === resource)?.shown ?? resource;
export const shownAmount = (resource: string, amount: number): number => amount / (UNITS.find((unit) => unit.resource === resource)?.scale ?? 1);

const withoutOrder = (graph: Graph, order: ResourceOrder, resource: string, task: GraphTask): GraphTask => {
  const { soft, ...rest } = task;
  const left = soft?.filter((from) => {
    const names = order.of(graph.tasks[from], task);
    return !names?.has(resource) || names.size > 1;
  });
  return left && left.length > 0 ? { ...rest, soft: left } : rest;
};

/** As if there were twice as much of it; nobody waits in the order that its exclusions have. */
export const withTwice = (graph: Graph, order: ResourceOrder, resource: string): Graph => ({
  ...graph,
  ...(graph.resources && { resources: graph.resources.map((each) => (each.name === resource ? { ...each, capacity: each.capacity * 2 } : each)) }),
  tasks: graph.tasks.map((task) => withoutOrder(graph, order, resource, task)),
});

/** As if nobody had to ask for it. */
export const unlimited = (graph: Graph, order: ResourceOrder, resource: string): Graph => ({
  ...graph,
  tasks: graph.tasks.map((task) => {
    const left = withoutOrder(graph, order, resource, task);
    return left.asks ? { ...left, asks: left.asks.filter((ask) => ask.resource !== resource) } : left;
  }),
});
