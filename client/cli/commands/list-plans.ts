/** `tasks list-plans`: the plans below a directory. */
import { resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { FoundPlan } from '../../plans/find-plans.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { oneLine, pad, style, widthOf } from '../markup.ts';
import { shownPath } from '../plan-choice.ts';
import { moment } from '../time-text.ts';
import { counted } from '../view/counts-text.ts';

interface ListedPlan extends Omit<FoundPlan, 'at' | 'writtenAt'> {
  readonly timestamp?: string;
  readonly written: string;
  /** `damaged` cannot be read; `invalid` has errors. */
  readonly state: 'valid' | 'invalid' | 'damaged';
  readonly errors: number;
  readonly warnings: number;
}

export const listPlans: CommandSpec = {
  name: 'list-plans',
  group: 'Plan',
  summary: 'List the plans in a directory and below',
  description: [
    'The newest first: by the time of what was planned, then by when they were written. Each is validated as `tasks validate-plan` does. Directories six deep are looked at, but for hidden ones and those of packages, builds and checkpoints.',
    'Commands that take a plan take a beginning of its id or name that only it has, or @latest, of those below the current directory.',
  ],
  arguments: [{ name: 'directory', description: 'Where to look; the current directory unless stated', optional: true }],
  options: [],
  examples: [
    { says: 'Which plans there are', command: 'tasks list-plans' },
    { says: 'Of another project, for a script', command: 'tasks list-plans ../shop -o json' },
  ],
  run: async (context) => {
    const { args, services, cwd, out } = context;
    const directory = resolve(cwd, args[0] ?? '.');
    if (!(await stat(directory).then((found) => found.isDirectory(), () => false))) {
      throw new TasksError({ code: 'TASKS1001', message: `there is no directory ${JSON.stringify(args[0])}`, place: { file: directory } });
    }
    const plans: ListedPlan[] = [];
    for (const plan of await services.findPlans(directory)) plans.push(await listed(context, plan));
    out.answer(plans, () => (plans.length === 0 ? '' : linesOf(context, plans)));
    if (plans.length === 0) out.progress(`There is no plan in ${directory}`);
    return EXIT.ok;
  },
};

const listed = async ({ services, cwd }: Context, { at, writtenAt, ...plan }: FoundPlan): Promise<ListedPlan> => {
  const { findings, isValid, format } = await services.validatePlan({ reference: plan.path, cwd });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const state = format === undefined || plan.tasks === undefined ? 'damaged' : isValid ? 'valid' : 'invalid';
  return { ...plan, written: new Date(writtenAt).toISOString(), ...(at !== undefined && { timestamp: new Date(at).toISOString() }), state, errors, warnings: findings.length - errors };
};

const COLOR = { valid: 'green', invalid: 'red', damaged: 'red' } as const;

const linesOf = (context: Context, plans: readonly ListedPlan[]): string => {
  const { out, now } = context;
  const rows = plans.map((plan) => {
    const tasks = plan.tasks === undefined ? '' : counted(plan.tasks, 'task', 'tasks');
    const counts = [plan.errors > 0 ? counted(plan.errors, 'error', 'errors') : '', plan.warnings > 0 ? counted(plan.warnings, 'warning', 'warnings') : ''].filter((text) => text !== '').join(', ');
    const when = moment(Date.parse(plan.timestamp ?? plan.written), { format: out.timeFormat, now: now() });
    return [style('bold', oneLine(plan.name)), plan.planId === undefined ? '' : oneLine(plan.planId), tasks, when, `${style(COLOR[plan.state], plan.state)}${counts === '' ? '' : ` (${counts})`}`, shownPath(context, plan)];
  });
  return table(rows);
};

/** Columns as wide as their widest cell. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
};
