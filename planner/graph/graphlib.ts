/**
 * Graphs in graphlib's container and JSON form, for export only: its algorithms recurse, ours do not. This is
 * the one module that knows the package.
 */
import graphlib from 'graphlib';
import type { Graph as GraphlibGraph } from 'graphlib';
import type { Graph, GraphTask } from '../../model/graph.ts';
import type { Mark } from '../../model/sentinel.ts';
import { markedAs } from '../../model/sentinel.ts';

export interface NodeLabel {
  readonly title?: string;
  readonly estimateMs?: number;
  readonly mark?: Mark;
}
export interface EdgeLabel {
  readonly type: 'hard' | 'soft';
  /** Of one that no plan states: what its source produces and its target touches. */
  readonly late?: string;
}

/** graphlib keeps nodes in a plain object: a prefix keeps ids such as `constructor` off its own properties. */
const PREFIX = 'task:';

/** A directed graph with an edge from each dependency to the task that has it. */
export const toGraphlib = (graph: Pick<Graph, 'name' | 'tasks'>): GraphlibGraph => {
  const result = new graphlib.Graph({ directed: true });
  result.setGraph(graph.name);
  for (const { id, title, estimateMs, labels } of graph.tasks) {
    const label: NodeLabel = { ...(title === undefined ? {} : { title }), ...(estimateMs === undefined ? {} : { estimateMs }), ...markedAs({ labels }) };
    result.setNode(PREFIX + id, label);
  }
  const connect = (to: GraphTask, indices: readonly number[] | undefined, type: EdgeLabel['type']): void => {
    for (const index of indices ?? []) {
      const from = graph.tasks[index]?.id;
      const late = to.late?.find((edge) => edge.from === index)?.produces;
      if (from !== undefined) result.setEdge(PREFIX + from, PREFIX + to.id, { type, ...(late !== undefined && { late }) } satisfies EdgeLabel);
    }
  };
  for (const task of graph.tasks) {
    connect(task, task.deps, 'hard');
    connect(task, task.soft, 'soft');
  }
  return result;
};

export interface ExportedGraph {
  readonly name: string;
  readonly nodes: readonly (NodeLabel & { readonly id: string })[];
  readonly edges: readonly (EdgeLabel & { readonly from: string; readonly to: string })[];
}

const bare = (node: string): string => node.slice(PREFIX.length);

/** The inverse of {@link toGraphlib}, by id, in the order nodes and edges were added. */
export const fromGraphlib = (graph: GraphlibGraph): ExportedGraph => ({
  name: String(graph.graph()),
  nodes: graph.nodes().map((node) => ({ id: bare(node), ...(graph.node(node) as NodeLabel) })),
  edges: graph.edges().map((edge) => ({ from: bare(edge.v), to: bare(edge.w), ...(graph.edge(edge) as EdgeLabel) })),
});

/** graphlib's JSON form of the graph (`graphlib.json.read` takes it), nodes by their own ids. */
export const graphJson = (graph: Pick<Graph, 'name' | 'tasks'>): object => {
  const { nodes, edges, name } = fromGraphlib(toGraphlib(graph));
  return {
    options: { directed: true, multigraph: false, compound: false },
    nodes: nodes.map(({ id, ...value }) => ({ v: id, value })),
    edges: edges.map(({ from, to, ...value }) => ({ v: from, w: to, value })),
    value: name,
  };
};
