/** A graph in Graphviz' language: soft dependencies are dashed, late ones say what is produced, sentinels and canaries are no boxes. */
import type { Graph } from '../../model/graph.ts';
import { fromGraphlib, toGraphlib } from './graphlib.ts';

const SHAPE = { sentinel: 'hexagon', canary: 'diamond' } as const;

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

export const graphDot = (graph: Pick<Graph, 'name' | 'tasks'>): string => {
  const { name, nodes, edges } = fromGraphlib(toGraphlib(graph));
  const lines = [
    `digraph ${quoted(name)} {`,
    '  rankdir=LR;',
    '  node [shape=box];',
    ...nodes.map(({ id, title, mark }) => {
      const attributes = [...(title === undefined ? [] : [`label=${quoted(`${id}\n${title}`)}`]), ...(mark ? [`shape=${SHAPE[mark]}`] : [])];
      return `  ${quoted(id)}${attributes.length > 0 ? ` [${attributes.join(' ')}]` : ''};`;
    }),
    ...edges.map(({ from, to, type, late }) => {
      const attributes = [...(type === 'soft' ? ['style=dashed'] : []), ...(late === undefined ? [] : [`label=${quoted(late)}`])];
      return `  ${quoted(from)} -> ${quoted(to)}${attributes.length > 0 ? ` [${attributes.join(' ')}]` : ''};`;
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
};
