/** Pairs of ids that another file lists as edges, against the dependencies of `tasks.json`. */
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import type { Item } from '../item.ts';
import { elements, member, textOf } from '../item.ts';
import type { V3View } from '../view.ts';
import { reference } from './unknown-names.ts';

export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly item: Item;
}

const pairOf = (from: string | undefined, to: string | undefined, item: Item): readonly Pair[] => (from === undefined || to === undefined ? [] : [{ from, to, item }]);

/** `["a", "b"]` */
export const tuples = (list: Item): readonly Pair[] =>
  elements(list).flatMap((item) => {
    const [from, to] = elements(item);
    return pairOf(from && textOf(from), to && textOf(to), item);
  });

/** `{"from": "a", "to": "b"}` */
export const objects = (list: Item): readonly Pair[] => elements(list).flatMap((item) => pairOf(textOf(member(item, 'from')), textOf(member(item, 'to')), item));

/** Ids hold no space, so that this names one pair and no other. */
export const keyOf = ({ from, to }: Pick<Pair, 'from' | 'to'>): string => `${from} ${to}`;

/** All dependencies of the tasks, or those that gate. */
export const knownPairs = ({ graph }: V3View, which: 'all' | 'gating'): ReadonlySet<string> =>
  new Set(graph.edges.filter(({ gates }) => which === 'all' || gates).map(({ from, to }) => keyOf({ from: graph.ids[from] ?? '', to: graph.ids[to] ?? '' })));

export const unknownPairs = (pairs: readonly Pair[], known: ReadonlySet<string>, place: string): readonly Finding[] =>
  pairs.filter((pair) => !known.has(keyOf(pair))).map(({ from, to, item }) => reference(`${place} has the edge ${quote(from)} → ${quote(to)}, which tasks.json does not have there`, item.where));
