/** What tasks ask for, split by who grants it. Tasks that ask for the same share one {@link Need}. */
import type { Ask, Graph, GraphTask } from '../model/graph.ts';
import type { Resource } from '../model/resource.ts';
import type { Allocator, LocalAsk } from '../resources/allocator.ts';

export interface Need {
  /** Granted inside the execution. */
  readonly local: readonly LocalAsk[];
  /** Granted by mutexes. */
  readonly global: readonly Ask[];
  /** Resources that people have named. Those that the system makes up have a colon in their name. */
  readonly named: readonly string[];
  /** Calendars that must be open. */
  readonly windows: readonly string[];
  /** Whether the local asks could be granted if nobody held anything. */
  readonly canEverFit: boolean;
}

const NOTHING: Need = { local: [], global: [], named: [], windows: [], canEverFit: true };

export class Needs {
  readonly #tasks: readonly GraphTask[];
  readonly #allocator: Allocator;
  /** Undefined for a graph of before there were resources: its tasks wait for none. */
  readonly #resources: ReadonlyMap<string, Resource> | undefined;
  readonly #needs: (Need | undefined)[] = [];
  readonly #known = new Map<string, Need>();

  /** @throws RangeError when a task asks for a resource that the graph does not have: plans and patches are checked before. */
  constructor(graph: Pick<Graph, 'tasks' | 'resources'>, allocator: Allocator) {
    this.#tasks = graph.tasks;
    this.#allocator = allocator;
    this.#resources = graph.resources && new Map(graph.resources.map((resource) => [resource.name, resource]));
    for (const index of graph.tasks.keys()) this.of(index);
  }

  of(index: number): Need {
    return (this.#needs[index] ??= this.#find(this.#tasks[index]?.asks ?? []));
  }

  /** A task asks for other things than before. */
  forget(index: number): void {
    this.#needs[index] = undefined;
  }

  #find(asks: readonly Ask[]): Need {
    if (asks.length === 0 || !this.#resources) return NOTHING;
    const signature = asks.map(({ resource, units, access }) => `${resource} ${units} ${access}`).join('\n');
    let need = this.#known.get(signature);
    if (!need) this.#known.set(signature, (need = this.#split(asks)));
    return need;
  }

  #split(asks: readonly Ask[]): Need {
    const local: LocalAsk[] = [];
    const global: Ask[] = [];
    for (const ask of asks) {
      const { resource: name, units, access } = ask;
      const resource = this.#allocator.numberOf(name);
      if (resource !== undefined) local.push({ resource, units, access });
      else if (this.#resources?.has(name)) global.push(ask);
      else throw new RangeError(`the graph has no resource ${JSON.stringify(name)}, and a task asks for it`);
    }
    const named = asks.map((ask) => ask.resource).filter((name) => !name.includes(':'));
    const windows = [...new Set(asks.flatMap(({ resource }) => this.#resources?.get(resource)?.window ?? []))];
    return { local, global, named, windows, canEverFit: this.#allocator.canEverFit(local) };
  }
}
