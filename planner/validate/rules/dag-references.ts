/** TASKS1311: `dag.json` is of the tasks and dependencies of `tasks.json`, and its counts are those of what it lists. */
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, elements, member, numberOf, textOf, texts } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';
import { keyOf, knownPairs, objects, tuples, unknownPairs } from './edge-pairs.ts';
import { CODE, leftOut, reference, twice, unknownNames } from './unknown-names.ts';

const PLACE = 'dag.json';

const orderFindings = (view: V3View, dag: Item): readonly Finding[] => {
  const order = member(dag, 'topo_order');
  const names = texts(order);
  const rank = new Map(names.map(({ text }, place) => [text, place]));
  const late = view.graph.edges.filter(({ gates, from, to }) => {
    const [first, second] = [rank.get(view.graph.ids[from] ?? ''), rank.get(view.graph.ids[to] ?? '')];
    return gates && first !== undefined && second !== undefined && first >= second;
  });
  const [worst] = late;
  return [
    ...unknownNames({ names, known: view.graph.index, kind: 'task', place: 'topo_order' }),
    ...twice({ names, place: 'topo_order' }),
    ...leftOut({ ids: view.graph.ids, listed: new Set(rank.keys()), place: 'topo_order', where: order.where }),
    ...(worst ? [reference(`topo_order has ${quote(view.graph.ids[worst.to] ?? '')} before ${quote(view.graph.ids[worst.from] ?? '')}, on which it depends${late.length > 1 ? `, and ${late.length - 1} more` : ''}`, order.where)] : []),
  ];
};

const edgeFindings = (view: V3View, dag: Item): readonly Finding[] => {
  const edges = tuples(member(dag, 'reduced_edges'));
  const kept = new Set(edges.map(keyOf));
  const sample = tuples(member(dag, 'reduced_edges_sample')).filter((pair) => !kept.has(keyOf(pair)));
  const all = knownPairs(view, 'all');
  return [
    ...unknownPairs(edges, knownPairs(view, 'gating'), `${PLACE}: reduced_edges`),
    ...sample.map(({ from, to, item }) => reference(`reduced_edges_sample has ${quote(from)} → ${quote(to)}, and reduced_edges does not`, item.where)),
    ...unknownPairs(objects(member(dag, 'softDeps')), all, `${PLACE}: softDeps`),
    ...unknownPairs(objects(member(dag, 'lowConfidenceDeps')), all, `${PLACE}: lowConfidenceDeps`),
  ];
};

const ROUNDING = 0.0005;

const countFindings = (view: V3View, dag: Item): readonly Finding[] => {
  const tasks = view.tasks.length;
  const edges = elements(member(dag, 'reduced_edges')).length;
  const isListed = member(dag, 'reduced_edges').value !== undefined;
  const counts: readonly (readonly [string, number])[] = [['nodes', tasks], ...(isListed ? [['edges', edges] as const, ['edgeDensity', tasks > 1 ? edges / (tasks * (tasks - 1)) : 0] as const] : [])];
  return counts.flatMap(([key, actual]) => {
    const item = at(dag, 'metrics', key);
    const stated = numberOf(item);
    return stated === undefined || Math.abs(stated - actual) <= ROUNDING ? [] : [reference(`dag.json says that ${key} is ${stated}, and it is ${Math.round(actual * 1000) / 1000}`, item.where)];
  });
};

const others = (view: V3View, dag: Item): readonly Finding[] => {
  const lists = [...elements(member(dag, 'resource_bottlenecks')).map((each) => member(each, 'affected_tasks')), ...elements(member(dag, 'cycle_break_suggestions')).flatMap((each) => [member(each, 'cycle'), member(each, 'remove')])];
  return unknownNames({ names: lists.flatMap((list) => elements(list).flatMap((each) => (textOf(each) === undefined ? [] : [{ text: textOf(each) ?? '', where: each.where }]))), known: view.graph.index, kind: 'task', place: PLACE });
};

export const dagReferences: Rule = {
  code: CODE,
  check: (view) => {
    if (!view.documents.has('dag.json')) return [];
    const dag = view.file('dag.json');
    return [...orderFindings(view, dag), ...edgeFindings(view, dag), ...countFindings(view, dag), ...others(view, dag)];
  },
};
