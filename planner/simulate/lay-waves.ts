/**
 * Waves of a plan: Kahn's layers of at most so many tasks, in which no wave asks for more of a resource than there is at once
 * (spec/001, phase 7). CPU, memory and disk are left to the scheduler: tasks of a wave take turns at them.
 */
import type { Graph } from '../../model/graph.ts';
import { DEFAULT_PRIORITY } from '../../model/graph.ts';
import { emptyOccupancy, fits, take } from '../../resources/occupancy.ts';
import type { Occupancy } from '../../resources/occupancy.ts';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import { compareInClass } from '../../scheduler/order.ts';
import { QUANTITIES } from '../resources/quantities.ts';

const QUOTAS: ReadonlySet<string> = new Set(QUANTITIES.map(({ resource }) => resource));

/** What the tasks of one wave take together. */
class Wave {
  size = 0;
  readonly #taken = new Map<string, Occupancy>();

  hasRoom(asks: Asks, resources: Resources): boolean {
    return asks.every((ask) => fits(this.#of(ask.resource, resources), ask));
  }

  add(asks: Asks, resources: Resources): void {
    this.size += 1;
    for (const ask of asks) take(this.#of(ask.resource, resources), ask);
  }

  #of(name: string, resources: Resources): Occupancy {
    let occupancy = this.#taken.get(name);
    if (!occupancy) this.#taken.set(name, (occupancy = emptyOccupancy(resources.get(name) ?? { mode: 'exclusive', capacity: 1 })));
    return occupancy;
  }
}

type Asks = NonNullable<Graph['tasks'][number]['asks']>;
type Resources = ReadonlyMap<string, NonNullable<Graph['resources']>[number]>;

/** The wave of each task, counted from 1 without gaps, by index. More urgent tasks come first, then in the scheduler's order. The graph has its late edges ({@link file://./late-edges.ts}). */
export const layWaves = (graph: Graph, maxWaveSize: number): readonly number[] => {
  const index = new GraphIndex(graph);
  const resources: Resources = new Map((graph.resources ?? []).map((resource) => [resource.name, resource]));
  const priority = (at: number): number => index.tasks[at]?.priority ?? DEFAULT_PRIORITY;
  const order = [...index.tasks.keys()].sort((a, b) => (index.depth[a] ?? 0) - (index.depth[b] ?? 0) || priority(a) - priority(b) || compareInClass(index, a, b));
  const of = index.tasks.map(() => 1);
  const waves: Wave[] = [];
  for (const at of order) {
    const asks = (index.tasks[at]?.asks ?? []).filter(({ resource }) => !QUOTAS.has(resource));
    let number = 1;
    for (const from of index.predecessors(at)) number = Math.max(number, (of[from] ?? 1) + 1);
    let wave = (waves[number] ??= new Wave());
    while (wave.size > 0 && (wave.size >= maxWaveSize || !wave.hasRoom(asks, resources))) {
      number += 1;
      wave = waves[number] ??= new Wave();
    }
    wave.add(asks, resources);
    of[at] = number;
  }
  return of;
};

/** The graph as an execution in these waves has it. */
export const inWaves = (graph: Graph, waves: readonly number[]): Graph => ({
  ...graph,
  policies: { ...graph.policies, executionModel: 'wave_based' },
  tasks: graph.tasks.map((task, at) => ({ ...task, wave: waves[at] ?? 1 })),
});
