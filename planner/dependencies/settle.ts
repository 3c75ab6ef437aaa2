/**
 * Which of the pairs gate. The most certain ones first; what would close a cycle is left out, unless the document says it: then the
 * cycle is the document's, and is resolved, or refused, where the graph is built.
 */
import type { Ancestors } from '../../scheduler/graph/ancestors.ts';
import { ancestorsOf } from '../../scheduler/graph/ancestors.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import type { Precedence } from './candidates.ts';
import { stronger } from './candidates.ts';
import type { Context } from './context.ts';
import { GrowingOrder } from './growing-order.ts';
import type { Warn } from './rule.ts';

export interface Settled {
  readonly hard: readonly Precedence[];
  /** Stated hard ones that close a cycle of others; they are among `hard`. */
  readonly closing: readonly Precedence[];
  readonly soft: readonly Precedence[];
  /** All hard ones but those, and what comes to it: it takes nothing in that closes a cycle. */
  readonly order: GrowingOrder;
  /** By those hard ones. */
  readonly ancestors: Ancestors;
  /** Whether either comes before the other, by those hard ones. */
  readonly areOrdered: (one: number, other: number) => boolean;
  /** A place for each step: after all that it waits for; of those that wait for as many others in a row, plan order. */
  readonly place: readonly number[];
}

export const settle = (context: Context, precedences: readonly Precedence[], warn: Warn): Settled => {
  const order = new GrowingOrder(context.steps.length);
  const sorted = [...precedences].sort((a, b) => stronger(a, b) || a.to - b.to || a.from - b.from);
  const hard: Precedence[] = [];
  const closing: Precedence[] = [];
  for (const each of sorted) {
    if (!each.rule.isHard) continue;
    const { from, to, rule } = each;
    if (order.add(from, to)) {
      hard.push(each);
    } else if (rule.isStated) {
      hard.push(each);
      closing.push(each);
    } else {
      warn(`${context.steps[to]?.id} does not wait for ${context.steps[from]?.id} (${rule.id}): by what is more certain, it comes before it.`);
    }
  }
  const preds = order.preds.map((list) => [...list]);
  const ancestors = ancestorsOf(preds);
  const place: number[] = [];
  for (const [at, index] of orderOf(preds).order.entries()) place[index] = at;
  const areOrdered = (one: number, other: number): boolean => ancestors.of(one).has(other) || ancestors.of(other).has(one);
  return { hard, closing, soft: sorted.filter(({ rule }) => !rule.isHard), order, ancestors, areOrdered, place };
};

/** The soft ones that say something new, and nothing against what is settled. They are taken into the order. */
export const settleSoft = ({ soft, order, areOrdered }: Pick<Settled, 'soft' | 'order' | 'areOrdered'>, isTaken: (one: number, other: number) => boolean): readonly Precedence[] =>
  soft.filter(({ from, to }) => !isTaken(from, to) && !areOrdered(from, to) && order.add(from, to));
