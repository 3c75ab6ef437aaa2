/**
 * The graph with the dependencies that an execution adds before it begins, because of files: the scheduler finds them once
 * here, instead of at the start of every walk. Waves need them, too: no task comes before what it depends on.
 */
import type { Graph } from '../../model/graph.ts';
import { createState } from '../../scheduler/create-state.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';

export const withLateEdges = (graph: Graph): Graph => {
  const scheduler = new Scheduler(createState({ graph, seed: '', now: 0 }));
  scheduler.apply({ type: 'begin' }, 0);
  return { ...graph, policies: { ...graph.policies, lateBoundEdges: 'off' }, tasks: scheduler.state.graph.tasks };
};
