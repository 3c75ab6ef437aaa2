/** A graph in Graphviz' language: soft dependencies are dashed. */
import type { Graph } from '../../model/graph.ts';
import { fromGraphlib, toGraphlib } from './graphlib.ts';

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

export const graphDot = (graph: Pick<Graph, 'name' | 'tasks'>): string => {
  const { name, nodes, edges } = fromGraphlib(toGraphlib(graph));
  const lines = [
    `digraph ${quoted(name)} {`,
    '  rankdir=LR;',
    '  node [shape=box];',
    ...nodes.map(({ id, title }) => `  ${quoted(id)}${title === undefined ? '' : ` [label=${quoted(`${id}\n${title}`)}]`};`),
    ...edges.map(({ from, to, type }) => `  ${quoted(from)} -> ${quoted(to)}${type === 'soft' ? ' [style=dashed]' : ''};`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
};
