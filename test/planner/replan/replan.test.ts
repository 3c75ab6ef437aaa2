import { expect, test } from 'vitest';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import { TASK_KINDS } from '../../../planner/breakdown/task-draft.ts';
import { kindOf } from '../../../planner/replan/old-task.ts';
import { replanDependencies } from '../../../planner/replan/replan-dependencies.ts';
import { orphanLines, summaryDetails, summaryLines, summaryMarkdown } from '../../../planner/replan/summary-text.ts';
import { EXAMPLE, planOf, previousOf, replanOf } from './planning.ts';
import type { Planned } from './planning.ts';

const plan = planOf(EXAMPLE);
const covering = (requirement: string, kind = 'implementation', of: Pick<Planned, 'tasks'> = plan) => {
  const found = of.tasks.find((task) => task.requirements?.includes(requirement) && kindOf(task) === kind);
  return found ?? expect.fail(`no ${kind} of ${requirement}`);
};
const idOf = (text: string): string => plan.coverage.requirements.find(({ evidence }) => evidence.quote.includes(text))?.id ?? expect.fail(text);
const RECORD = idOf('record a bill with');
const EXPORT = idOf('export bills');
const ROTATE = idOf('rotate chores');
const record = covering(RECORD);
const reworded = EXAMPLE.replace('with an amount and a payer', 'with an amount, a payer and a receipt');

test('the kind of a task is known by what it says of itself', () => {
  expect(new Set(plan.tasks.map(kindOf))).toEqual(new Set(TASK_KINDS));
  expect(kindOf({ ...record, description: 'Written by somebody' })).toBe('implementation');
  expect(kindOf({ ...record, description: 'Written by somebody', skillsRequired: ['documentation'] })).toBe('documentation');
  expect(kindOf({ ...record, description: 'Written by somebody', skillsRequired: ['testing'] })).toBe('verification');
  expect(kindOf({ ...record, description: 'Written by somebody', category: 'optimization' })).toBe('quality');
});

test('a reworded requirement changes its tasks, under their ids', () => {
  const next = replanOf(previousOf(plan), reworded);
  expect(covering(RECORD, 'implementation', next)).toMatchObject({ id: record.id, feature_id: record.feature_id, title: 'Let flatmates record a bill with an amount, a payer and a receipt' });
  expect(next.summary.tasks.changed.find(({ id }) => id === record.id)?.reasons).toMatchObject([{ kind: 'reworded', requirement: { id: RECORD, key: 'FR-001', before: { quote: expect.stringContaining('amount and a payer') as string }, after: { quote: expect.stringContaining('receipt') as string } } }]);
  expect(next.summary).toMatchObject({ ids: { share: 1 }, tasks: { added: [], dropped: [] } });
});

test('of a finished task a new one adapts what was reworded: it waits for it, and quotes both wordings', () => {
  const finished = [record.id, covering(RECORD, 'contract').id];
  const next = replanOf(previousOf(plan, finished), reworded);
  const [adapting] = next.summary.tasks.added;
  expect(next.summary.tasks.added).toMatchObject([{ title: `Adapt what ${record.id} made: let flatmates record a bill with an amount, a payer and a receipt`, adapts: finished, reasons: [{ kind: 'reworded' }] }]);
  expect(next.dependencies.filter(({ to }) => to === adapting?.id)).toMatchObject(finished.map((from) => ({ from, isHard: true, confidence: 1, reason: expect.stringMatching(/amount and a payer" and is now ".*receipt"/) as string })));
  expect(next.tasks.find(({ id }) => id === adapting?.id)).toMatchObject({ files_scope: { writes: expect.arrayContaining(record.files_scope?.writes ?? []) as string[] }, interfaces_consumed: expect.arrayContaining(record.interfaces_produced) as string[], requirements: [RECORD] });
  expect(next.coverage.requirements.find(({ id }) => id === RECORD)?.tasks).toEqual(expect.arrayContaining([...finished, adapting?.id ?? '']));
});

test('what adapts something and is not done yet is adapted itself, and no second one is made', () => {
  const finished = [record.id];
  const second = replanOf(previousOf(plan, finished), reworded);
  const third = replanOf(previousOf(second, finished), reworded.replace('a receipt', 'a photo of the receipt'));
  const adapting = third.tasks.filter((task) => task.title.startsWith('Adapt'));
  expect(adapting).toMatchObject([{ id: second.summary.tasks.added[0]?.id, description: expect.stringContaining('a photo of the receipt') as string }]);
  const again = replanOf(previousOf(third, finished), reworded.replace('a receipt', 'a photo of the receipt'));
  expect(JSON.stringify([again.tasks, again.dependencies])).toBe(JSON.stringify([third.tasks, third.dependencies]));
  expect(again.summary.isEmpty).toBe(true);
});

test('a finished task of which nothing is asked any more stays, and is told of', () => {
  const done = covering(ROTATE);
  const next = replanOf(previousOf(plan, [done.id]), EXAMPLE.replace(/- FR-005.*\n/, ''));
  expect(next.tasks.find(({ id }) => id === done.id)).toEqual(done);
  expect(next.summary.orphaned).toMatchObject([{ id: done.id, isWhole: true, requirements: [{ id: ROTATE, key: 'FR-005' }] }]);
  expect(orphanLines(next.summary)).toEqual([`${done.id} is done, and nothing of it is asked for any more: FR-005 (${ROTATE}) "FR-005: The system must rotate chores with a round-robin schedule"`]);
  expect(summaryMarkdown(next.summary)).toContain('`tasks rollback`');
});

test('a new requirement joins the feature that it belongs to, and its contract', () => {
  const next = replanOf(previousOf(plan), EXAMPLE.replace('### Chores', '- FR-007: The system must archive settled bills after a year\n### Chores'));
  const [added, ...others] = next.summary.tasks.added;
  expect(others).toEqual([]);
  const task = next.tasks.find(({ id }) => id === added?.id);
  expect(task).toMatchObject({ feature_id: record.feature_id, interfaces_consumed: record.interfaces_consumed });
  expect(next.tasks.indexOf(task as (typeof next.tasks)[number])).toBeLessThan(next.tasks.findIndex(({ id }) => id === covering(ROTATE).id));
  // Tests and documentation of a feature are of all of it.
  expect(next.summary.tasks.changed.map(({ id }) => id)).toEqual([covering(RECORD, 'documentation').id]);
});

test('a document that is numbered anew keeps its tasks, which say the new numbers', () => {
  const numbered = EXAMPLE.replace(/FR-00(\d)/g, (_, n: string) => `FR-01${n}`);
  const next = replanOf(previousOf(plan, [record.id]), numbered);
  expect(next.summary).toMatchObject({ ids: { share: 1 }, tasks: { added: [], dropped: [] }, requirements: { added: [], removed: [], reworded: [] } });
  expect(covering(EXPORT, 'implementation', next).description).toContain('FR-014');
  expect(next.tasks.find(({ id }) => id === record.id)).toEqual(record);
});

test('what the document leaves out is part of every task that is not finished', () => {
  const next = replanOf(previousOf(plan, [record.id]), `${EXAMPLE}## Non-goals\n- Payments by card\n`);
  for (const task of next.tasks) expect(task.boundaries.scope.excludes).toEqual(task.id === record.id ? [] : ['Payments by card']);
  expect(next.summary.tasks.changed.every(({ reasons }) => reasons.every(({ kind }) => kind === 'scope'))).toBe(true);
});

test('a task that somebody has added or edited stays as it is', () => {
  const edited = plan.tasks.map((task) => (task.id === record.id ? { ...task, title: 'Let flatmates record bills by voice', duration: { optimistic: 5, mostLikely: 6, pessimistic: 7 } } : task));
  const own = { ...record, id: 'HAND.MADE', title: 'Buy a printer', requirements: [], interfaces_produced: [] };
  const next = replanOf(previousOf({ ...plan, tasks: [...edited, own] }), EXAMPLE.replace('## Key Entities', '### Garden\n- The system must water plants\n## Key Entities'));
  expect(next.tasks.find(({ id }) => id === record.id)).toMatchObject({ title: 'Let flatmates record bills by voice', duration: { mostLikely: 6 } });
  expect(next.tasks.find(({ id }) => id === 'HAND.MADE')).toMatchObject({ title: 'Buy a printer' });
});

test('a dependency that somebody has added or taken out stays so between tasks that stay, and closes no cycle', () => {
  const [a, b] = [covering(EXPORT), covering(ROTATE)];
  const [first] = plan.dependencies;
  const own = { ...(first as (typeof plan.dependencies)[number]), from: a.id, to: b.id, reason: 'The printer has to be there' };
  const dependencies = [...plan.dependencies.slice(1), own];
  const garden = EXAMPLE.replace('## Key Entities', '### Garden\n- The system must water plants\n## Key Entities');
  const next = replanOf(previousOf({ ...plan, dependencies }), garden);
  expect(next.dependencies).toContainEqual(own);
  expect(next.dependencies.some(({ from, to }) => from === first?.from && to === first?.to)).toBe(false);
  const against = { ...own, from: b.id, to: a.id };
  expect(replanDependencies({ found: [], tasks: plan.tasks, adaptations: new Map(), previous: previousOf({ ...plan, dependencies: [own, against] }) })).toEqual([own]);
});

test('with what the code base has now only where that is asked for', () => {
  const codebase = { ...EMPTY_ANALYSIS, hash: '1'.repeat(64), commands: { test: 'npm test' } };
  expect(replanOf(previousOf(plan), EXAMPLE, { codebase }).summary.tasks.changed).toEqual([]);
  const refreshed = replanOf(previousOf(plan, [record.id]), EXAMPLE, { codebase, isRefreshing: true });
  expect(refreshed.tasks.find(({ id }) => id === record.id)).toEqual(record);
  expect(covering(ROTATE, 'implementation', refreshed).acceptance_checks).toContainEqual({ type: 'command', cmd: 'npm test' });
  expect(refreshed.summary.tasks.changed.every(({ reasons }) => reasons.every(({ kind }) => kind === 'codebase'))).toBe(true);
  expect(refreshed.summary.tasks.added).toEqual([]);
});

const QUALITIES = `## Speed\n${['dashboard', 'calendar', 'report', 'search', 'login', 'export', 'import', 'archive'].map((name) => `- The ${name} must load within 100 ms\n`).join('')}`;

test('pieces of a task that was cut keep their ids; what is not in the document any more shrinks its own piece', () => {
  const cut = planOf(QUALITIES);
  expect(cut.tasks.map(({ id }) => id)).toEqual(['P1.T001a', 'P1.T001b', 'P1.T001c', 'P1.T001d']);
  const next = replanOf(previousOf(cut), QUALITIES.replace('- The login must load within 100 ms\n', ''));
  expect(next.tasks.map(({ id }) => id)).toEqual(cut.tasks.map(({ id }) => id));
  expect(next.summary.tasks.changed.map(({ id }) => id)).toEqual([cut.tasks.find((task) => task.requirements?.includes('R005'))?.id]);
  expect(next.normalizations).toMatchObject([{ kind: 'split', before: [{ id: 'P1.T001' }] }]);
});

test('the summary is text and Markdown, in which nothing of the document is markup', () => {
  const next = replanOf(previousOf(plan, [record.id]), reworded.replace('## Key Entities', '### <script>\n- The system must **water** <b>plants</b>\n## Key Entities'));
  const markdown = summaryMarkdown(next.summary);
  expect(markdown).toContain('## What changed since PLAN-00000000');
  expect(markdown).not.toMatch(/<(?:b|script)>/);
  expect(summaryLines(next.summary)).toHaveLength(4);
  expect(summaryDetails(next.summary).some((line) => line.startsWith(`~ FR-001 (${RECORD})`))).toBe(true);
  expect(summaryMarkdown(replanOf(previousOf(plan), EXAMPLE).summary)).toBe('');
});

test('ids that are names of objects do no harm', () => {
  const [first, ...rest] = plan.tasks;
  const tasks = [{ ...(first as (typeof plan.tasks)[number]), id: 'constructor' }, ...rest];
  const coverage = { ...plan.coverage, requirements: plan.coverage.requirements.map((each) => ({ ...each, tasks: each.tasks.map((id) => (id === first?.id ? 'constructor' : id)) })) };
  const next = replanOf(previousOf({ ...plan, tasks, coverage }, ['constructor']), reworded);
  expect(next.tasks.find(({ id }) => id === 'constructor')).toEqual(tasks[0]);
});
