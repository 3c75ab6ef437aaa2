/** Who writes what, and what else they ask for. */
import type { Graph } from '../../../model/graph.ts';
import type { Item } from '../item.ts';
import { at, elements, entries, member, textOf, texts } from '../item.ts';
import type { V3View } from '../view.ts';
import type { NodeView } from './node-view.ts';
import type { Writer } from './overlaps.ts';

/** Of the resources that file scopes become; those do keep writers apart, but a plan should not rely on it. */
const OF_FILES = 'files:';

const writesOf = (item: Item): readonly string[] => ['writes', 'write'].flatMap((key) => texts(at(item, 'files_scope', key)).map(({ text }) => text));
const whereOf = (item: Item) => (at(item, 'files_scope', 'writes').value === undefined ? member(item, 'files_scope').where : at(item, 'files_scope', 'writes').where);

const writersOf = (items: readonly { readonly id: string; readonly item: Item }[], graph: Graph): readonly Writer[] => {
  const index = new Map<string, number>(graph.tasks.map(({ id }, place) => [id, place]));
  return items.flatMap(({ id, item }): readonly Writer[] => {
    const place = index.get(id);
    const writes = writesOf(item);
    if (place === undefined || writes.length === 0) return [];
    const asks = (graph.tasks[place]?.asks ?? []).filter(({ resource }) => !resource.startsWith(OF_FILES));
    return [{ id, index: place, writes, where: whereOf(item), asks }];
  });
};

export const nodeWriters = (nodes: readonly NodeView[], graph: Graph): readonly Writer[] => writersOf(nodes.filter(({ holds }) => !holds), graph);

/** Of a v3 plan: a conflict that the plan resolves is none. */
export const taskWriters = (view: V3View, graph: Graph): readonly Writer[] => {
  const writers = writersOf(view.tasks.map((item) => ({ id: textOf(member(item, 'id')) ?? '', item })), graph);
  const resolved = new Map<string, string[]>();
  for (const [name, entry] of entries(member(view.file('tasks.json'), 'resource_conflicts'))) {
    for (const each of elements(member(entry, 'tasks'))) {
      const id = textOf(each) ?? '';
      resolved.set(id, [...(resolved.get(id) ?? []), name]);
    }
  }
  return writers.map((writer) => ({ ...writer, resolved: resolved.get(writer.id) ?? [] }));
};
