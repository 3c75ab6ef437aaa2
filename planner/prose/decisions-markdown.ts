/** `Decisions.md`: what was decided in making the plan, what else was considered, and why (spec/001). */
import { checkpointDecisions } from './decisions/checkpoints.ts';
import { concurrencyDecisions } from './decisions/concurrency.ts';
import { confidenceDecisions } from './decisions/confidence.ts';
import { decisionBlocks } from './decisions/decision.ts';
import { modelDecisions } from './decisions/model.ts';
import { normalizationDecisions } from './decisions/normalizations.ts';
import { principlesSection } from './decisions/principles.ts';
import { resourceDecisions, sharingDecisions } from './decisions/resources.ts';
import { reuseDecisions } from './decisions/reuse.ts';
import { alternativeDecisions, scopeDecisions } from './decisions/scope.ts';
import { workerDecisions } from './decisions/workers.ts';
import { viewOf } from './facts/view.ts';
import { code, heading, paragraph, rule, text } from './markdown/nodes.ts';
import { render } from './markdown/render.ts';
import type { ProseInput } from './prose-input.ts';

/** What does not arise is left out: each gives none, one or several. */
const DECISIONS = [
  modelDecisions,
  concurrencyDecisions,
  reuseDecisions,
  resourceDecisions,
  sharingDecisions,
  normalizationDecisions,
  confidenceDecisions,
  checkpointDecisions,
  workerDecisions,
  alternativeDecisions,
  scopeDecisions,
] as const;

/** Deterministic: the same input gives the same text. */
export const decisionsMarkdown = (input: ProseInput): string => {
  const view = viewOf(input);
  const decisions = DECISIONS.flatMap((of) => of(view));
  const principles = principlesSection(view);
  return render([
    heading(1, 'Design Decisions Log'),
    paragraph(['Of the plan “', text(view.title, 120), '”, from ', code(input.document.name, 120), '. Figures are computed from the plan and its simulated execution.']),
    ...decisions.flatMap((decision, index) => [...(index === 0 ? [] : [rule()]), ...decisionBlocks(decision, index)]),
    ...(principles.length === 0 ? [] : [rule(), ...principles]),
  ]);
};
