/** `tasks show-plan`: a plan in short. */
import { join, resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { StoredPlan } from '../../../model/graph.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { reportWarnings, usageError } from '../errors.ts';
import { choosePlan, PLAN_OR_STDIN } from '../plan-choice.ts';
import { compactText, treeText } from '../view/plan-text.ts';
import { sayWaitingForPlan } from '../waiting.ts';

const FORMS = ['tree', 'json', 'mermaid', 'dot'] as const;

export const showPlan: CommandSpec = {
  name: 'show-plan',
  group: 'Plan',
  summary: 'Show a plan in short: as a tree, as JSON, or as a graph to draw',
  description: [
    'The tree has the tasks by feature, by phase or, where there are neither, by level, with their hours and what they come after. json is the same as data. mermaid and dot draw the graph; soft dependencies are dashed.',
    '--compact is for agents: a line a task, with tabs between id, title, hours, after and writes.',
  ],
  arguments: [PLAN_OR_STDIN],
  options: [
    { name: 'as', value: 'FORM', env: false, choices: FORMS, default: 'tree', description: 'Form in which it is shown' },
    { name: 'compact', env: false, description: 'A line a task: id, title, hours, after, writes' },
  ],
  examples: [
    { says: 'What there is to do', command: 'tasks show-plan ./tasks_output' },
    { says: 'A picture', command: 'tasks show-plan @latest --as dot | dot -Tsvg > plan.svg' },
    { says: 'For a page', command: 'tasks show-plan plan.json --as mermaid' },
    { says: 'For an agent', command: 'tasks show-plan PLAN-a1b2 --compact' },
  ],
  run: async (context) => {
    const { services, cwd, out, values } = context;
    const form = values.text('as') ?? 'tree';
    if (values.flag('compact') && values.isGiven('as')) throw usageError('--compact is a form of its own', 'leave out --as');
    const reference = await choosePlan(context, argument(context, 0));
    const read = await sayWaitingForPlan(context, reference, services.readPlan({ reference, cwd }));
    if (!read.ok) throw new TasksError(read.error);
    const { plan, warnings } = read.value;
    const { outlineOf } = await import('../../../planner/outline/outline.ts');
    const outline = outlineOf(plan);
    const { planId, titles } = await beside(context, reference);
    const answer = { ...outline, ...(planId !== undefined && { planId }) };
    if (form === 'mermaid' || form === 'dot') drawn(context, form, await drawingOf(form, plan));
    else if (values.flag('compact')) out.answer(outline.tasks, () => compactText(outline));
    else if (form === 'json') out.answer(answer, () => JSON.stringify(answer, undefined, 2));
    else out.answer(answer, () => treeText(outline, { titles, ...(planId !== undefined && { planId }) }));
    reportWarnings(out, warnings);
    return EXIT.ok;
  },
};

const drawingOf = async (form: 'mermaid' | 'dot', plan: StoredPlan): Promise<string> => {
  if (form === 'dot') return (await import('../../../planner/graph/dot.ts')).graphDot(plan.graph);
  const [{ outlineOf }, { mermaidOf }] = await Promise.all([import('../../../planner/outline/outline.ts'), import('../../../planner/outline/mermaid.ts')]);
  return mermaidOf(outlineOf(plan));
};

const drawn = ({ out }: Context, form: string, text: string): void => {
  if (out.format === 'text') out.raw(text);
  else out.answer({ form, text }, () => text);
};

/** What lies beside the tasks and executing does not read: the plan's id, and what features are called. */
const beside = async ({ cwd }: Context, reference: string): Promise<{ readonly planId?: string; readonly titles: ReadonlyMap<string, string> }> => {
  const [{ META_NAME }, { byteLimit, readText }] = await Promise.all([import('../../../planner/artifacts/bundle.ts'), import('../../../planner/read/read-bytes.ts')]);
  const valueOf = async (name: string): Promise<unknown> => {
    if (reference === '-') return undefined;
    const text = await readText(join(resolve(cwd, reference), name), byteLimit(name));
    try {
      return text.ok ? (JSON.parse(text.value) as unknown) : undefined;
    } catch {
      return undefined;
    }
  };
  const [meta, features] = await Promise.all([valueOf(META_NAME), valueOf('features.json')]);
  const planId = memberOf(meta, 'planId');
  const list = memberOf(features, 'features');
  const titles = (Array.isArray(list) ? list : []).flatMap((feature: unknown) => {
    const [id, title] = [memberOf(feature, 'id'), memberOf(feature, 'title')];
    return typeof id === 'string' && typeof title === 'string' ? [[id, title] as const] : [];
  });
  return { titles: new Map(titles), ...(typeof planId === 'string' && { planId }) };
};

const memberOf = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined);
