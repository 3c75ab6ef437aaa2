/** Canaries: a small test after each major cut of the graph. */
import type { Findings } from '../read/draft.ts';
import { problemAt } from '../read/source.ts';
import { majorCuts } from './cuts.ts';
import { hold, place, templateOf, worksOf } from './growing.ts';
import type { Growing } from './growing.ts';
import type { CanaryChanges } from './map-sentinels.ts';

/** Of all tasks, on either side of a major cut. */
export const DEFAULT_SHARE = 0.2;
const NAMED = 3;

/** A canary runs when its cut has succeeded; one that blocks has everything behind the cut wait for it. */
export const insertCanaries = (graph: Growing, changes: CanaryChanges, findings: Findings): void => {
  const { look, share = DEFAULT_SHARE, blocking = true } = changes;
  const template = look && templateOf(look, 'canary', findings);
  if (!template) return;
  const works = worksOf(graph);
  const at = new Map(works.map((index, position) => [index, position]));
  const preds = works.map((index) => [...(graph.hard[index] ?? []), ...(graph.soft[index] ?? [])].flatMap((pred) => at.get(pred) ?? []));
  const back = (positions: Iterable<number>): readonly number[] => [...positions].flatMap((position) => works[position] ?? []);
  const cuts = majorCuts(preds, share);
  if (cuts.length === 0) {
    const hint = 'A smaller "share" takes smaller parts for large ones.';
    findings.warnings.push(problemAt({ code: 'TASKS1007', message: 'canaries: the plan has no major cut, and gets none', where: changes.where, hint }));
  }
  for (const [position, cut] of cuts.entries()) {
    const after = back(cut.at);
    const names = after.slice(0, NAMED).map((index) => graph.tasks[index]?.id ?? '');
    const title = `smoke test after ${names.join(', ')}${after.length > NAMED ? ` and ${after.length - NAMED} more` : ''}`;
    const index = place(graph, template, { id: `CANARY.${position + 1}`, title, after }, findings);
    if (blocking && index !== undefined) hold(graph, new Set(back(cut.behind)), index);
  }
};
