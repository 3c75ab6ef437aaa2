/** TASKS1301: the dependencies that gate, mutual exclusions among them, form no cycle; nor do the edges of `dag.json`. */
import { findCycles } from '../../graph/cycles.ts';
import { placeOf } from '../../read/source.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { EdgeView } from '../graph-view.ts';
import { at, elements, member, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';

const CODE = 'TASKS1301';

const inTasks = ({ graph }: V3View): readonly Finding[] => {
  const byPair = new Map<string, EdgeView>();
  for (const edge of graph.edges) if (edge.gates && !byPair.has(`${edge.from} ${edge.to}`)) byPair.set(`${edge.from} ${edge.to}`, edge);
  return findCycles(graph.directed).flatMap((cycle) => {
    const edges = cycle.flatMap((from, step) => byPair.get(`${from} ${cycle[(step + 1) % cycle.length] ?? from}`) ?? []);
    const [first] = edges;
    if (!first) return [];
    const names = [...cycle, cycle[0] ?? 0].map((index) => graph.ids[index] ?? '');
    return findingAt({
      code: CODE,
      message: `the tasks wait for each other: ${names.map(quote).join(' → ')}`,
      where: first.item.where,
      hint: 'Take out one of these dependencies, or make it soft ("isHard": false).',
      related: edges.map(({ item, from, to }) => ({ message: `${graph.ids[to] ?? ''} waits for ${graph.ids[from] ?? ''}`, place: placeOf(item.where) })),
    });
  });
};

const inDag = (view: V3View): readonly Finding[] => {
  const { index, ids } = view.graph;
  const dag = view.file('dag.json');
  const listed = member(dag, 'reduced_edges');
  const preds = ids.map(() => new Set<number>());
  for (const pair of elements(listed)) {
    const [from, to] = elements(pair).map((end) => index.get(textOf(end) ?? ''));
    if (from !== undefined && to !== undefined) preds[to]?.add(from);
  }
  return findCycles(preds.map((set) => [...set])).map((cycle) =>
    findingAt({ code: CODE, message: `the edges of dag.json form a cycle: ${[...cycle, cycle[0] ?? 0].map((each) => quote(ids[each] ?? '')).join(' → ')}`, where: listed.where, hint: 'Plan again, or make dag.json anew from the dependencies of tasks.json.' }),
  );
};

/** What the plan says of itself. */
const admitted = (view: V3View): readonly Finding[] => {
  const ok = at(view.file('dag.json'), 'ok');
  if (ok.value !== false) return [];
  const [first] = elements(at(view.file('dag.json'), 'errors'));
  const why = first && textOf(first);
  return [findingAt({ code: CODE, message: `dag.json says that the graph is not in order${why === undefined ? '' : `: ${quote(why)}`}`, where: ok.where, hint: 'Mend what its "errors" name, and plan again.' })];
};

export const acyclic: Rule = {
  code: CODE,
  check: (view) => {
    const inFile = inTasks(view);
    // The same cycle would only be said twice.
    return [...inFile, ...(inFile.length > 0 ? [] : inDag(view)), ...admitted(view)];
  },
};
