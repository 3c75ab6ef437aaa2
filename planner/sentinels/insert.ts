/** Puts what the policies want into a draft, as tasks like any other. They look only at the plan's own work, never at one another. */
import type { Draft, Findings } from '../read/draft.ts';
import type { Preds } from '../read/resolve.ts';
import { growing } from './growing.ts';
import { insertCanaries } from './insert-canaries.ts';
import { insertSentinels } from './insert-sentinels.ts';

export interface Watched {
  readonly draft: Draft;
  readonly preds: Preds;
}

/** `preds` are those of the draft's tasks, without a cycle; those that come back are, too. */
export const withSentinels = (draft: Draft, preds: Preds, findings: Findings): Watched => {
  const { sentinels, canaries, executionModel } = draft.policies;
  if (!sentinels?.enabled && !canaries?.enabled) return { draft, preds };
  const graph = growing(draft, preds);
  if (sentinels?.enabled) insertSentinels(graph, sentinels, { byWave: executionModel === 'wave_based', findings });
  if (canaries?.enabled) insertCanaries(graph, canaries, findings);
  return { draft: { ...draft, tasks: graph.tasks }, preds: { hard: graph.hard, soft: graph.soft } };
};
