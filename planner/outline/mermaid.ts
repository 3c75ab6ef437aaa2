/** A plan as a Mermaid flow chart: soft dependencies are dotted. */
import type { Outline } from './outline.ts';

/** Everything that Mermaid could take for its own, as an entity: the text of a label is what the plan says, and nothing else. */
const label = (text: string): string => text.replaceAll(/[^\p{L}\p{N} .,:;/_+-]/gu, (char) => `#${char.codePointAt(0) ?? 63};`);

/** Ids may be words of the language (`end`): nodes are numbered. */
export const mermaidOf = ({ tasks }: Outline): string => {
  const names = new Map(tasks.map(({ id }, at) => [id, `t${at}`]));
  const nodes = tasks.map(({ id, title }) => `  ${names.get(id)}["${label(id)}${title === id ? '' : `<br/>${label(title)}`}"]`);
  const edges = tasks.flatMap(({ id, after, afterSoft }) => [...after.map((from) => `  ${names.get(from)} --> ${names.get(id)}`), ...afterSoft.map((from) => `  ${names.get(from)} -.-> ${names.get(id)}`)]);
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
};
