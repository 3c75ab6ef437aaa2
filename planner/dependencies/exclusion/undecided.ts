/**
 * Exclusive resources that nobody can be given in an order: the document says that their tasks wait for each other in a circle, and
 * says none of it less certainly than the rest, so nothing gives way.
 */
import type { Problem } from '../../../model/problem.ts';
import type { Precedence } from '../candidates.ts';
import type { Context } from '../context.ts';
import type { Settled } from '../settle.ts';
import { listed } from '../words.ts';
import type { Claim } from './claims.ts';

/** The shortest way from one to another; empty where there is none. */
const way = (from: number, to: number, next: ReadonlyMap<number, readonly number[]>): readonly number[] => {
  const came = new Map<number, number>([[from, from]]);
  for (const at of came.keys()) {
    if (at === to) break;
    for (const other of next.get(at) ?? []) if (!came.has(other)) came.set(other, at);
  }
  if (!came.has(to)) return [];
  const path = [to];
  for (let at = to; at !== from; ) {
    at = came.get(at) ?? from;
    path.push(at);
  }
  return path.toReversed();
};

export const undecided = ({ steps }: Context, { hard, closing }: Pick<Settled, 'hard' | 'closing'>, claims: readonly Claim[]): readonly Problem[] => {
  const isCertain = ({ rule, from, to }: Precedence): boolean => rule.id === 'stated-need' && from !== to;
  const next = new Map<number, number[]>();
  const closes = new Set(closing);
  for (const each of hard) {
    if (!isCertain(each) || closes.has(each)) continue;
    const list = next.get(each.from);
    if (list) list.push(each.to);
    else next.set(each.from, [each.to]);
  }
  return closing.filter(isCertain).flatMap(({ from, to }): readonly Problem[] => {
    const circle = way(to, from, next);
    const claim = claims.find(({ isExclusive, units }) => isExclusive && circle.filter((index) => units.has(index)).length > 1);
    if (!claim) return [];
    const ids = circle.map((index) => steps[index]?.id ?? '');
    return [
      {
        code: 'TASKS1606',
        message: `Tasks ${listed(ids, 8)} need "${claim.name}" one at a time, and the document makes each of them wait for the one before, and the first for the last.`,
        hint: 'Say in the document which of them comes first: take out one of the statements that make them wait.',
      },
    ];
  });
};
