/** What no answer of a drafter can break, whatever it says. */
import { expect } from 'vitest';
import { taskHash } from '../../../planner/artifacts/content-hash.ts';
import { featureSchema } from '../../../planner/artifacts/features.schema.ts';
import { plannedTaskSchema } from '../../../planner/artifacts/task.schema.ts';
import { dependencySchema } from '../../../planner/artifacts/tasks.schema.ts';
import type { VerifiedDraft } from '../../../planner/drafters/verify-draft.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import { specification } from './rig.ts';

const against = specification();

export const expectValid = ({ breakdown, dependencies }: Pick<VerifiedDraft, 'breakdown' | 'dependencies'>): void => {
  const { document, requirements } = against;
  for (const feature of breakdown.features) expect(featureSchema.safeParse(feature).error).toBeUndefined();
  for (const task of breakdown.tasks) {
    expect(plannedTaskSchema.safeParse(task).error).toBeUndefined();
    expect(task.contentHash).toBe(taskHash(task));
    expect(task.duration.mostLikely).toBeGreaterThanOrEqual(0.5);
    expect(task.duration.mostLikely).toBeLessThanOrEqual(16);
    expect(breakdown.features.map(({ id }) => id)).toContain(task.feature_id);
    for (const name of task.reuses_existing.extends) expect(['SessionStore', 'Ledger']).toContain(name);
    for (const path of task.files_scope?.writes ?? []) expect(path).not.toMatch(/^\/|\.\.|^\*|^\.git/);
    for (const check of task.acceptance_checks) if (check.type === 'command') expect(check.cmd).toMatch(/^npm (?:test|run typecheck)(?: -- [\w/.'*-]+)?$/);
  }
  for (const { quote, loc } of [...breakdown.tasks, ...breakdown.features].flatMap((each) => each.source_evidence)) {
    const slice = document.text.slice(loc.start, loc.end);
    if (quote.includes('[REDACTED]')) expect(slice).toContain('sk-live');
    else expect(quote).toBe(slice);
  }
  const cited = new Set(breakdown.tasks.flatMap((task) => task.requirements ?? []));
  for (const { id, strength } of requirements.units) expect(cited.has(id) || (strength !== 'must' && breakdown.reasons.has(id))).toBe(true);
  const ids = breakdown.tasks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const preds = ids.map((to) => dependencies.filter((each) => each.to === to).map(({ from }) => ids.indexOf(from)));
  for (const dependency of dependencies) {
    expect(dependencySchema.safeParse(dependency).error).toBeUndefined();
    expect(ids).toContain(dependency.from);
    expect(ids).toContain(dependency.to);
  }
  const producers = new Map(breakdown.tasks.flatMap(({ interfaces_produced: names }, at) => names.map((name) => [name, at] as const)));
  expect(producers.size).toBe(breakdown.tasks.flatMap(({ interfaces_produced: names }) => names).length);
  const all = preds.map((list, at) => [...list, ...(breakdown.tasks[at]?.interfaces_consumed ?? []).flatMap((name) => producers.get(name) ?? [])]);
  for (const { interfaces_consumed: names } of breakdown.tasks) for (const name of names) expect([...producers.keys()]).toContain(name);
  expect(orderOf(all).acyclic).toBe(true);
};
