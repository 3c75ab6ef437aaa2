/** Which of the edges that files suggest are needed, and can be had without a cycle. */
import { beforeOf } from '../graph/ancestors.ts';
import { GrowingOrder } from '../graph/growing-order.ts';
import { orderOf } from '../graph/order.ts';
import type { GraphIndex } from '../graph-index.ts';
import { isLinked, leads, predsWith } from './links.ts';
import type { Link } from './links.ts';

/** Up to so many a search for each is quicker than a look at the whole graph. */
const FEW = 64;

function* ends(links: readonly Link[]): Generator<number> {
  for (const { from, to } of links) {
    yield from;
    yield to;
  }
}

const turned = ({ from, to }: Link): Link => ({ from: to, to: from });

/** Those whose tasks nothing orders yet, in one way or the other. */
export const unordered = <T extends Link>(index: GraphIndex, links: readonly T[], few = FEW): readonly T[] => {
  if (links.length <= few) {
    const orders = (link: Link): boolean => isLinked(index, link) || leads(index, link);
    return links.filter((link) => !orders(link) && !orders(turned(link)));
  }
  const isBefore = beforeOf(predsWith(index, []), ends(links));
  return links.filter(({ from, to }) => !isBefore(from, to) && !isBefore(to, from));
};

export interface Resolved<T> {
  /** None of them follows from the others and the graph. */
  readonly accepted: readonly T[];
  /** They would close a cycle with those in front of them. */
  readonly refused: readonly T[];
}

/** Of edges that close cycles only together: those in front stay. */
const split = <T extends Link>(index: GraphIndex, links: readonly T[], few: number): Resolved<T> => {
  const accepted: T[] = [];
  const refused: T[] = [];
  const order = links.length <= few || orderOf(predsWith(index, links)).acyclic ? undefined : new GrowingOrder(predsWith(index, []));
  if (!order && links.length > few) return { accepted: links, refused };
  for (const link of links) {
    const closes = order ? !order.add(link) : leads(index, turned(link), accepted) || accepted.some(({ from, to }) => from === link.to && to === link.from);
    (closes ? refused : accepted).push(link);
  }
  return { accepted, refused };
};

/** `links` are of tasks that nothing orders, each pair of them once. */
export const resolve = <T extends Link>(index: GraphIndex, links: readonly T[], few = FEW): Resolved<T> => {
  if (links.length === 0) return { accepted: [], refused: [] };
  const { accepted, refused } = split(index, links, few);
  if (links.length <= few) return { accepted: accepted.filter((link) => !leads(index, link, accepted)), refused };
  const preds = predsWith(index, accepted);
  const isBefore = beforeOf(preds, accepted.map(({ from }) => from));
  return { accepted: accepted.filter(({ from, to }) => !preds[to]?.some((other) => other !== from && isBefore(from, other))), refused };
};
