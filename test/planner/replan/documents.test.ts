/** Real documents as whole plans: the same again is the same, byte by byte, and a changed one keeps what did not change. Skipped without the data. */
import { describe, expect, test } from 'vitest';
import type { PlanBundle } from '../../../planner/artifacts/bundle.ts';
import { bundleFiles } from '../../../planner/artifacts/bundle.ts';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import { composePlan } from '../../../planner/compose/compose-plan.ts';
import type { ComposedPlan } from '../../../planner/compose/compose-plan.ts';
import { DEFAULT_PLAN_OPTIONS } from '../../../planner/compose/options.ts';
import { readDocument } from '../../../planner/document/read-document.ts';
import type { PreviousPlan } from '../../../planner/replan/previous-plan.ts';
import { findRequirements } from '../../../planner/requirements/find-requirements.ts';
import { dataText, hasData } from '../document/documents.ts';

const composed = (text: string, previous?: PreviousPlan): ComposedPlan => {
  const document = readDocument({ name: 'spec.md', bytes: new TextEncoder().encode(text) });
  if (!document.ok) return expect.fail(document.error[0]?.message);
  const plan = composePlan({ document: document.value, requirements: findRequirements(document.value), codebase: EMPTY_ANALYSIS, options: DEFAULT_PLAN_OPTIONS, version: '1.2.3', ...(previous && { previous }) });
  return plan.ok ? plan.value : expect.fail(plan.error[0]?.message);
};

const previousOf = ({ meta, tasks, coverage, features }: PlanBundle, finished: Iterable<string> = []): PreviousPlan => ({ planId: meta.planId, tasks, coverage, features, finished: new Set(finished), ...(meta.replan && { record: meta.replan }) });

describe.skipIf(!hasData).each(['flatmate-life-spec.md', 'loop-prd.md', 'sample-prd.md'])('%s', (name) => {
  // Collected also where it is skipped.
  const text = hasData ? dataText(name) : '# Flat\n\n- Build a flat\n';
  const { bundle } = composed(text);
  const done = bundle.tasks.tasks.filter((_, at) => at % 3 === 0).map(({ id }) => id);

  test('again is the same plan', () => {
    const again = composed(text, previousOf(bundle));
    expect(again.summary?.isEmpty).toBe(true);
    expect(bundleFiles(again.bundle)).toEqual(bundleFiles(bundle));
  });

  test('with an introduction changes offsets alone', () => {
    const { summary, bundle: next } = composed(text.replace('\n', '\n\nAn introduction that asks for nothing at all.\n'), previousOf(bundle, done));
    expect(summary?.tasks).toMatchObject({ changed: [], added: [], dropped: [] });
    expect(next.tasks.dependencies).toEqual(bundle.tasks.dependencies);
    for (const id of done) expect(next.tasks.tasks.find((task) => task.id === id)).toBe(bundle.tasks.tasks.find((task) => task.id === id));
  });

  test('without one of its requirements changes the tasks of that, and leads nothing new into what is finished', () => {
    const requirement = bundle.coverage.requirements.find(({ tasks, evidence }) => tasks.length > 0 && text.split('\n').some((line) => line.trim().replace(/^(?:[-*]|\d+\.)\s+/, '') === evidence.quote));
    if (!requirement) throw new Error('no requirement of one line');
    const { summary, bundle: next } = composed(text.split('\n').filter((line) => !line.endsWith(requirement.evidence.quote)).join('\n'), previousOf(bundle, done));
    expect(summary?.requirements.removed.map(({ id }) => id)).toContain(requirement.id);
    const removed = new Set(summary?.requirements.removed.flatMap(({ id }) => bundle.coverage.requirements.find((each) => each.id === id)?.tasks ?? []));
    expect(summary?.tasks.added).toEqual([]);
    for (const { id } of [...(summary?.tasks.changed ?? []), ...(summary?.tasks.dropped ?? [])]) expect(removed).toContain(id);
    const known = new Set(bundle.tasks.dependencies.map(({ from, to }) => `${from} ${to}`));
    for (const { from, to } of next.tasks.dependencies) if (done.includes(to)) expect(known).toContain(`${from} ${to}`);
  });
});
