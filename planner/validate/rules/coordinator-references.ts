/** TASKS1311: the graph of `coordinator.json` has the tasks of `tasks.json`, and no other dependencies. */
import { at, elements, member, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';
import { knownPairs, objects, unknownPairs } from './edge-pairs.ts';
import { CODE, leftOut, twice, unknownNames } from './unknown-names.ts';

export const coordinatorReferences: Rule = {
  code: CODE,
  check: (view) => {
    const graph = at(view.file('coordinator.json'), 'graph');
    if (graph.value === undefined) return [];
    const names = elements(member(graph, 'nodes')).flatMap((node) => {
      const id = member(node, 'id');
      const text = textOf(id);
      return text === undefined ? [] : [{ text, where: id.where }];
    });
    const place = 'the graph of coordinator.json';
    return [
      ...unknownNames({ names, known: view.graph.index, kind: 'task', place }),
      ...twice({ names, place }),
      ...leftOut({ ids: view.graph.ids, listed: new Set(names.map(({ text }) => text)), place, where: member(graph, 'nodes').where }),
      ...unknownPairs(objects(member(graph, 'edges')), knownPairs(view, 'all'), place),
    ];
  },
};
