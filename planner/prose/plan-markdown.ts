/** `Plan.md`: the plan for people who decide whether it is to run (spec/001). */
import { viewOf } from './facts/view.ts';
import { code, heading, paragraph, text } from './markdown/nodes.ts';
import { render } from './markdown/render.ts';
import { bottlenecksSection } from './plan/bottlenecks.ts';
import { clarificationsSection } from './plan/clarifications.ts';
import { codebaseSection } from './plan/codebase.ts';
import { coverageSection } from './plan/coverage.ts';
import { metricsSection } from './plan/metrics.ts';
import { normalizationsSection } from './plan/normalizations.ts';
import { risksSection } from './plan/risks.ts';
import { rollingSection } from './plan/rolling.ts';
import { strategySection } from './plan/strategy.ts';
import { successSection } from './plan/success.ts';
import { tasksSection } from './plan/tasks.ts';
import { wavesSection } from './plan/waves.ts';
import type { ProseInput } from './prose-input.ts';

const SECTIONS = [
  strategySection,
  codebaseSection,
  metricsSection,
  wavesSection,
  rollingSection,
  risksSection,
  bottlenecksSection,
  normalizationsSection,
  coverageSection,
  clarificationsSection,
  successSection,
  tasksSection,
] as const;

/** Deterministic: the same input gives the same text. */
export const planMarkdown = (input: ProseInput): string => {
  const view = viewOf(input);
  return render([
    heading(1, ['Execution Plan: ', text(view.title, 120)]),
    paragraph(['From ', code(input.document.name, 120), '. Every figure is computed; times are hours of work from the start. Why it is planned so is in ', code('Decisions.md'), '.']),
    ...SECTIONS.flatMap((section) => section(view)),
  ]);
};
