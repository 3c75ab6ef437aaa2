import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plannedTaskSchema } from '../../../planner/artifacts/task.schema.ts';
import type { PlannedTask } from '../../../planner/artifacts/task.schema.ts';
import { taskHash } from '../../../planner/artifacts/content-hash.ts';
import { kindOf } from '../../../planner/replan/old-task.ts';
import { planOf, previousOf, replanOf } from './planning.ts';

const RUNS = 10;
const SUBJECTS = ['bill', 'chore', 'guest', 'calendar', 'balance', 'reminder', 'receipt', 'account', 'payment', 'report'];
const VERBS = ['record', 'split by percentage', 'export', 'archive', 'schedule', 'search', 'encrypt', 'import from a third party', 'migrate the legacy', 'sort and filter the history of'];
const line = fc.tuple(fc.constantFrom(...VERBS), fc.constantFrom(...SUBJECTS), fc.constantFrom(...SUBJECTS), fc.nat(99)).map(([verb, a, b, n]) => `- The system must ${verb} each ${a} with its ${b} number ${n}`);
const scenario = fc.constantFrom(...SUBJECTS).map((name) => `- Given a ${name}, when it is opened, then it is shown`);
const quality = fc.tuple(fc.constantFrom(...SUBJECTS), fc.integer({ min: 1, max: 900 })).map(([name, n]) => `- The ${name} must load within ${n} ms`);
const section = fc.record({ name: fc.constantFrom('Bills', 'Chores', 'Guests', 'Key Entities', 'Security', 'Tasks', '__proto__'), lines: fc.array(fc.oneof({ weight: 6, arbitrary: line }, scenario, quality), { minLength: 1, maxLength: 5 }) });
type Spec = readonly { readonly name: string; readonly lines: readonly string[] }[];
const specs: fc.Arbitrary<Spec> = fc.array(section, { minLength: 1, maxLength: 4 });
const textOf = (spec: Spec): string => `# Flat\n${spec.map(({ name, lines }) => `## ${name}\n${lines.join('\n')}\n`).join('')}`;
const some = (tasks: readonly PlannedTask[], choice: readonly boolean[]): readonly string[] => tasks.filter((_, at) => choice[at % Math.max(1, choice.length)] === true).map(({ id }) => id);
const choices = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });
const byId = (tasks: readonly PlannedTask[]) => new Map(tasks.map((task) => [task.id, task]));

test('the same document again is the same plan, whatever is finished', () => {
  fc.assert(
    fc.property(specs, choices, (spec, choice) => {
      const plan = planOf(textOf(spec));
      const again = replanOf(previousOf(plan, some(plan.tasks, choice)), textOf(spec));
      for (const part of ['features', 'tasks', 'resources', 'normalizations', 'reuse', 'coverage', 'dependencies'] as const) expect(JSON.stringify(again[part])).toBe(JSON.stringify(plan[part]));
      expect([...again.reasons]).toEqual([...plan.reasons]);
      expect(again.summary).toMatchObject({ isEmpty: true, ids: { share: 1 } });
    }),
    { numRuns: RUNS },
  );
});

test('whatever the document has become, what is finished is as it was and waits for nothing new, ids are given once, and every requirement has its task or its reason', () => {
  fc.assert(
    fc.property(specs, specs, choices, (before, after, choice) => {
      const plan = planOf(textOf(before));
      const finished = some(plan.tasks, choice);
      const next = replanOf(previousOf(plan, finished), textOf([...before.slice(1), ...after]));
      const [old, now] = [byId(plan.tasks), byId(next.tasks)];
      for (const id of finished) expect(now.get(id)).toEqual(old.get(id));
      expect(now.size).toBe(next.tasks.length);
      const known = new Set(plan.dependencies.map(({ from, to }) => `${from} ${to}`));
      for (const { from, to } of next.dependencies) if (finished.includes(to)) expect(known).toContain(`${from} ${to}`);
      const done = new Set(finished);
      for (const { from, to } of plan.dependencies) if (done.has(from) && done.has(to)) expect(next.dependencies.some((each) => each.from === from && each.to === to)).toBe(true);
      const features = new Set(next.features.map(({ id }) => id));
      expect(features.size).toBe(next.features.length);
      const interfaces = next.tasks.flatMap((task) => task.interfaces_produced);
      expect(new Set(interfaces).size).toBe(interfaces.length);
      for (const task of next.tasks) {
        expect(features).toContain(task.feature_id);
        expect(plannedTaskSchema.safeParse(task).error).toBeUndefined();
        expect(task.contentHash).toBe(taskHash(task));
        if (done.has(task.id)) continue;
        for (const name of task.interfaces_consumed) expect(interfaces).toContain(name);
        expect(task.duration.mostLikely).toBeLessThanOrEqual(16);
        // An id never becomes another requirement's; a contract is its feature's.
        const earlier = old.get(task.id);
        if (earlier && kindOf(earlier) !== 'contract') expect(task.requirements?.some((id) => earlier.requirements?.includes(id))).toBe(true);
      }
      for (const { tasks, reason } of next.coverage.requirements) expect(tasks.length > 0 || (reason !== undefined && reason !== 'no task')).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('evidence of what is not finished quotes the new document', () => {
  fc.assert(
    fc.property(specs, specs, (before, after) => {
      const text = textOf([...after, ...before.slice(1)]);
      const next = replanOf(previousOf(planOf(textOf(before))), text);
      for (const { quote, loc } of [...next.tasks, ...next.features].flatMap((each) => each.source_evidence)) expect(text.slice(loc.start, loc.end)).toBe(quote);
    }),
    { numRuns: RUNS },
  );
});

test('a section that has nothing to do with the others leaves every task as it was', () => {
  fc.assert(
    fc.property(specs, fc.boolean(), (before, isFirst) => {
      const plan = planOf(textOf(before));
      const other = { name: 'Zebra stables', lines: ['- The zoo must feed zebras', '- The zoo must groom zebras'] };
      const next = replanOf(previousOf(plan), textOf(isFirst ? [other, ...before] : [...before, other]));
      expect(next.summary).toMatchObject({ tasks: { changed: [], dropped: [] }, ids: { share: 1 } });
      expect(next.summary.tasks.added.length).toBeGreaterThan(0);
      for (const task of next.tasks) if (next.summary.tasks.added.some(({ id }) => id === task.id)) expect(task.source_evidence.every(({ quote }) => quote.includes('zebras'))).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('a requirement that is gone changes only the tasks that covered it, and what has built upon one of them that is gone with it', () => {
  fc.assert(
    fc.property(specs, fc.nat(), fc.nat(), (before, a, b) => {
      const plan = planOf(textOf(before));
      const at = a % before.length;
      const gone = before[at] as Spec[number];
      const place = b % gone.lines.length;
      const next = replanOf(previousOf(plan), textOf(before.map((each, i) => (i === at ? { ...each, lines: each.lines.filter((_, j) => j !== place) } : each))));
      const removed = new Set(next.matches.removed.map(({ id }) => id));
      expect(removed.size).toBe(1);
      const covers = (id: string): boolean => plan.tasks.find((task) => task.id === id)?.requirements?.some((each) => removed.has(each)) === true;
      const { added, changed, dropped } = next.summary.tasks;
      expect(added).toEqual([]);
      for (const { id } of dropped) expect(covers(id)).toBe(true);
      const lost = new Set(dropped.flatMap(({ id }) => plan.tasks.find((task) => task.id === id)?.interfaces_produced ?? []));
      for (const { id } of changed) expect(covers(id) || plan.tasks.find((task) => task.id === id)?.interfaces_consumed.some((name) => lost.has(name))).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('no id comes back: what was dropped and asked for once more is something new', () => {
  fc.assert(
    fc.property(specs, specs, specs, (a, b, c) => {
      const first = planOf(textOf(a));
      const second = replanOf(previousOf(first), textOf(b));
      const third = replanOf(previousOf(second), textOf(c));
      const dropped = new Set(second.summary.tasks.dropped.map(({ id }) => id));
      for (const { id } of third.tasks) expect(dropped.has(id)).toBe(false);
    }),
    { numRuns: RUNS },
  );
});
