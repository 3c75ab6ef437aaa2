/** What patches have made of the graph, for whoever rebuilds it from the history: their events tell names and numbers only. */
import type { GraphTask } from '../../model/graph.ts';
import type { GraphChange } from '../../model/event.ts';
import type { LiveGraph } from '../../scheduler/protocol.ts';

export class GraphNews {
  readonly #graph: LiveGraph;
  /** Tasks are replaced when they change, never written to. */
  #told: readonly GraphTask[];
  #sources: number;
  #resources: LiveGraph['resources'];

  constructor(graph: LiveGraph) {
    this.#graph = graph;
    this.#told = [...graph.tasks];
    this.#sources = graph.sources.length;
    this.#resources = graph.resources;
  }

  /** All that has changed since it was last asked. O(tasks). */
  take(): GraphChange {
    const { tasks, sources, resources } = this.#graph;
    const changed = tasks.flatMap((task, index) => (task === this.#told[index] ? [] : [[index, task] as const]));
    const added = sources.slice(this.#sources);
    const change = { tasks: changed, sources: added, ...(resources && resources !== this.#resources && { resources }) };
    this.#told = [...tasks];
    this.#sources = sources.length;
    this.#resources = resources;
    return change;
  }
}
