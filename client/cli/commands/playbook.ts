/** `tasks playbook`: the playbooks there are, and running one by itself. */
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { listPlaybooks } from '../../../planner/healing/list-playbooks.ts';
import type { ListedPlaybook } from '../../../planner/healing/list-playbooks.ts';
import { didYouMean, quote } from '../../../planner/read/words.ts';
import type { StoredPlan } from '../../../model/graph.ts';
import { isExecutionId } from '../../../model/ids.ts';
import { shellWord } from '../../../model/shell-word.ts';
import { newExecutionId } from '../../new-execution-id.ts';
import type { CommandSpec, OptionSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { EXECUTE_OPTIONS } from '../execute-options.ts';
import { readPlanRequest, startOptions } from '../run-request.ts';
import type { PlanRequest } from '../run-request.ts';
import { startRun } from '../start-run.ts';
import type { RunToStart } from '../start-run.ts';
import { playbookRunText, playbooksText, playbookView, runStep } from '../view/playbook-text.ts';

const ACTIONS = ['list', 'run'] as const;

/** Those of `tasks execute` that make sense for a handful of steps, one after the other. */
const OF_EXECUTE = new Set(['detach', 'with-worker', 'slots', 'codebase-path', 'execution-id', 'grace', 'verbose', 'cpu-threshold', 'memory-threshold', 'metrics-port', 'queue']);
const VARIABLE: OptionSpec = { name: 'var', value: 'NAME=VALUE', kind: 'list', separator: false, env: false, description: 'Value of one of its variables, which reaches the steps as an environment variable; may be repeated' };
const WORKSPACE: OptionSpec = { name: 'workspace', value: 'DIR', kind: 'list', separator: false, env: false, description: 'Directory, relative to the codebase path, that ${workspace} stands for; steps that name it run once for each. May be repeated; the codebase path itself unless stated' };

export const playbook: CommandSpec = {
  name: 'playbook',
  group: 'Run',
  summary: 'List the playbooks there are, or run one by itself',
  description: [
    'A playbook is a list of steps that repairs something; a breaker has it run when tasks fail alike. `list` shows the built-in ones and, with a plan, its own: steps, variables, and which breakers use them.',
    '`run` makes an execution of its steps, one task for each, with the timeouts, retries, logs and ledger of any execution. Its variables keep their values unless --var says otherwise; ${task} and ${breaker}, which a breaker would know, must be given where a step uses them.',
    'Exit codes: those of `tasks execute`.',
  ],
  arguments: [
    { name: 'action', description: 'list (the default) or run', optional: true, choices: ACTIONS },
    { name: 'of', description: 'Of list: a plan. Of run: the name of the playbook', optional: true },
    { name: 'plan', description: 'Of run: the plan that brings the playbook; none for a built-in one', optional: true },
  ],
  options: [
    { name: 'dry-run', short: 'd', description: 'Of run: show the steps and what they would be told; starts nothing and needs no server' },
    VARIABLE,
    WORKSPACE,
    ...EXECUTE_OPTIONS.filter(({ name }) => OF_EXECUTE.has(name)),
  ],
  examples: [
    { says: 'What a plan can be repaired with', command: 'tasks playbook list plan.json' },
    { says: 'Install what sources import and no manifest declares, now', command: 'tasks playbook run batch_install_by_import_scan --with-worker' },
    { says: 'See what a playbook would do', command: 'tasks playbook run sync_schema plan.json --var target=staging --workspace apps/api --dry-run' },
  ],
  run: (context) => (argument(context, 0) === 'run' ? run(context) : list(context)),
};

const list = async (context: Context): Promise<ExitCode> => {
  const { out, values, args } = context;
  for (const option of ['dry-run', 'var', 'workspace', 'with-worker', 'detach']) if (values.isGiven(option)) throw usageError(`--${option} is of run, not of list`, 'See `tasks playbook --help`.');
  const reference = args[1];
  if (args[2] !== undefined) throw usageError(`list takes one plan, not also ${quote(args[2])}`, 'tasks playbook list PLAN');
  const plan = reference === undefined ? undefined : (await readPlanRequest(context, reference)).plan;
  const found = listPlaybooks(plan);
  out.answer(found.map(playbookView), () => playbooksText(found, { width: out.width }));
  out.hint(`Run one: tasks playbook run NAME${reference === undefined ? '' : ` ${shellWord(reference)}`} --dry-run`);
  return EXIT.ok;
};

const run = async (context: Context): Promise<ExitCode> => {
  if (argument(context, 1) === '') throw usageError('run needs the name of a playbook', '`tasks playbook list` shows those there are.');
  if (!context.values.flag('dry-run')) return startRun(context, () => toStart(context));
  const { out } = context;
  const { plan, options } = await toStart(context);
  const steps = plan.graph.tasks.map((task, at) => runStep(task, plan.tasks[at]));
  const answer = { dryRun: true, playbook: argument(context, 1), workspace: options.workspace, steps };
  out.answer(answer, () => playbookRunText(answer, { width: out.width }));
  return EXIT.ok;
};

const toStart = async (context: Context): Promise<RunToStart> => {
  const { services, values } = context;
  const [, name = '', reference] = context.args;
  const of = reference === undefined ? undefined : await readPlanRequest(context, reference);
  const found = playbookCalled(name, of?.plan);
  const stated = values.text('execution-id');
  const execution = stated !== undefined && isExecutionId(stated) ? stated : newExecutionId(`playbook-${name}`);
  const compiled = await services.playbookPlan({ playbook: found.playbook, ...(of && { plan: of.plan }), variables: variablesOf(values.list('var')), workspaces: values.list('workspace'), execution });
  if (!compiled.ok) throw new TasksError(compiled.error);
  const plan = compiled.value;
  const workspace = of?.workspace ?? (await workspaceHere(context, plan));
  const given = ['var', 'workspace'].flatMap((option) => values.list(option).flatMap((text) => [`--${option}`, text]));
  const again = ['tasks', 'playbook', 'run', name, ...(reference === undefined ? [] : [reference]), ...given].map(shellWord).join(' ');
  return { plan, options: { ...startOptions(context, { reference: '-', plan, workspace, policies: {}, executor: 'human' }), executionId: execution }, again };
};

const playbookCalled = (name: string, plan: StoredPlan | undefined): ListedPlaybook => {
  const all = listPlaybooks(plan);
  const found = all.find(({ playbook: each }) => each.name === name);
  if (found) return found;
  const names = all.map(({ playbook: each }) => each.name);
  const hint = didYouMean(name, names) ?? `There are: ${names.join(', ')}.${plan ? '' : ' Those of a plan need it: tasks playbook run NAME PLAN.'}`;
  throw new TasksError({ code: 'TASKS3015', message: `there is no playbook ${quote(name)}`, hint });
};

const variablesOf = (given: readonly string[]): ReadonlyMap<string, string> => {
  const variables = new Map<string, string>();
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, at);
    if (at <= 0) throw usageError(`--var ${quote(text)} is not NAME=VALUE`);
    if (variables.has(name)) throw usageError(`--var gives ${quote(name)} two values`);
    variables.set(name, text.slice(at + 1));
  }
  return variables;
};

/** Without a plan: as for one that lies in the current directory. */
const workspaceHere = ({ services, values, cwd }: Context, plan: PlanRequest['plan']): Promise<string> => {
  const codebasePath = values.text('codebase-path');
  return services.resolveWorkspace({ reference: '-', plan, cwd, ...(codebasePath !== undefined && { codebasePath }) });
};
