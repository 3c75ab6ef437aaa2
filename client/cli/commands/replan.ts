/** `tasks replan`: a plan goes on with a document that has changed. */
import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { ExecutionId } from '../../../model/ids.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { bundleFiles } from '../../../planner/artifacts/bundle.ts';
import type { Meta } from '../../../planner/artifacts/meta.schema.ts';
import type { ExecutionModel } from '../../../planner/artifacts/scalars.schema.ts';
import { didYouMean } from '../../../planner/read/words.ts';
import { orphanLines, summaryDetails, summaryLines } from '../../../planner/replan/summary-text.ts';
import type { ComposedPlan } from '../../../planner/compose/compose-plan.ts';
import type { FinishedTasks } from '../../planning/finished-tasks.ts';
import type { ReadPrevious } from '../../planning/read-previous.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { oneLine } from '../markup.ts';
import { choosePlan, PLAN } from '../plan-choice.ts';
import { readPlanSource } from '../plan-source.ts';
import { REPLAN_OPTIONS } from '../replan-options.ts';
import { withClient } from '../with-client.ts';
import { tell } from './plan.ts';

export const replan: CommandSpec = {
  name: 'replan',
  group: 'Plan',
  summary: 'Let a plan go on with a document that has changed; what is finished stays as it is',
  description: [
    'Compares the document with the requirements of the plan. Tasks whose requirements stayed are as they were, under their ids; those of reworded ones are drafted anew under their ids; new requirements get new tasks; tasks of which nothing is asked any more are dropped, and their ids never given again. docs/planning.md says how requirements are recognised.',
    'Finished tasks (--execution, --finished, and those of an earlier replan) stay to the letter. Where a requirement of one was reworded a task "Adapt …" follows it; where it is gone that is said, and nothing is undone: `tasks rollback` does that.',
    'The plan is replaced; as it was it is kept beside it, as DIR.before-PLANID. Standard output is the path of the plan; what has changed and why goes to standard error, and into Plan.md. Without --execution no server is needed.',
    'Exit codes: those of `tasks plan`, and 5 for a directory that holds no plan of `tasks plan`, 6 without a server where one is needed.',
  ],
  arguments: [PLAN],
  options: REPLAN_OPTIONS,
  examples: [
    { says: 'What a new version of the document would change', command: 'tasks replan ./tasks_output --plan-doc spec.md --dry-run' },
    { says: 'While it is being executed', command: 'tasks replan ./tasks_output --plan-doc spec.md --execution @latest' },
    { says: 'Without a server', command: 'tasks replan ./tasks_output --plan-doc spec.md --finished P1.T001,P1.T002' },
  ],
  run: async (context) => {
    const { values, out, cwd } = context;
    if (values.text('plan-doc') === undefined) throw usageError('there is no document to plan again', '--plan-doc FILE names it');
    const reference = await choosePlan(context, argument(context, 0));
    if (reference === '-') throw usageError('a plan from standard input has no directory', 'name the directory of the plan');
    const directory = await directoryOf(resolve(cwd, reference));
    const { readPrevious } = await import('../../planning/read-previous.ts');
    const previous = await readPrevious(directory);
    if (!previous.ok) throw new TasksError(previous.error);
    const home = resolve(cwd, values.text('output-dir') ?? directory);
    const { checkOutput } = await import('../../planning/plan-files.ts');
    if (!values.flag('dry-run')) await checkOutput(home);
    const { execution, done } = await finishedOf(context, reference, previous.value);
    const composed = await compose(context, { previous: previous.value, done, directory, home });
    for (const warning of composed.warnings) out.warn(warning);
    return answer(context, { previous: previous.value, composed, done, directory, home, ...(execution !== undefined && { execution }) });
  },
};

/** A plan may be named by its file. */
const directoryOf = async (path: string): Promise<string> => {
  const isFile = await stat(path).then((found) => found.isFile(), () => false);
  return isFile ? dirname(path) : path;
};

interface Finished {
  readonly execution?: ExecutionId;
  readonly done: FinishedTasks;
}

/** @throws TasksError TASKS3010 for tasks that the plan does not have, and for an execution of something else. */
const finishedOf = async (context: Context, reference: string, { plan }: ReadPrevious): Promise<Finished> => {
  const { values, services, cwd, out } = context;
  const { finishedTasks, standingOf } = await import('../../planning/finished-tasks.ts');
  const tasks = new Set(plan.tasks.tasks.map(({ id }) => id));
  const stated = values.list('finished');
  const wrong = stated.find((id) => !tasks.has(id));
  if (wrong !== undefined) throw usageError(`--finished: the plan has no task ${JSON.stringify(wrong)}`, didYouMean(wrong, tasks));
  const base = { tasks, stated, recorded: plan.record?.finished ?? [] };
  const given = values.text('execution');
  if (given === undefined) return { done: finishedTasks(base) };
  return withClient(context, async (client) => {
    let execution: ExecutionId;
    if (given === '@latest') {
      const read = await services.readPlan({ reference, cwd });
      if (!read.ok) throw new TasksError(read.error);
      const [latest] = await client.list({ plan: await client.store(read.value.plan), limit: 1 });
      if (!latest) throw usageError('this plan has no execution', 'name one with --execution ID, or say what is finished with --finished');
      execution = latest.executionId;
    } else execution = await client.resolve(given);
    const done = finishedTasks({ ...base, standing: await standingOf(client, execution) });
    if (done.known === 0) throw usageError(`${execution} has none of the tasks of this plan`, '`tasks list` shows which execution is of which plan');
    if (done.unknown.length > 0) out.warn(`${execution} has tasks that the plan does not have, and the new one will not: ${oneLine(done.unknown.slice(0, 10).join(', '))}${done.unknown.length > 10 ? ', …' : ''}`);
    return { execution, done };
  });
};

interface Request {
  readonly previous: ReadPrevious;
  readonly done: FinishedTasks;
  readonly directory: string;
  readonly home: string;
}

const compose = async (context: Context, { previous: { plan, meta, codebasePath }, done, directory, home }: Request): Promise<ComposedPlan> => {
  const { values, cwd, environment, out } = context;
  const { planDocument } = await import('../../planning/plan-document.ts');
  const given = values.text('codebase-path');
  const composed = await planDocument({
    document: await readPlanSource({ ...context, args: [] }),
    codebase: given !== undefined ? resolve(cwd, given) : codebasePath !== undefined ? resolve(directory, codebasePath) : cwd,
    home,
    environment,
    options: {
      minConfidence: values.number('min-confidence') ?? meta.options.min_confidence,
      maxWaveSize: values.number('max-wave-size') ?? meta.options.max_wave_size,
      maxConcurrent: values.number('max-concurrent') ?? meta.options.max_concurrent,
      executionModel: (values.text('execution-model') as ExecutionModel | undefined) ?? meta.options.execution_model,
    },
    previous: { ...plan, finished: done.finished },
    isRefreshing: values.flag('refresh'),
    onPhase: (report) => tell(context, report),
  });
  if (!composed.ok) throw new TasksError(composed.error);
  if (out.shows('info')) out.progress('');
  return composed.value;
};

interface Answer extends Request {
  readonly composed: ComposedPlan;
  readonly execution?: ExecutionId;
}

const answer = async (context: Context, { previous, composed: { bundle, summary }, done, directory, home, execution }: Answer): Promise<ExitCode> => {
  const { values, out, cwd } = context;
  if (!summary) throw new TypeError('a plan that goes on has a summary');
  for (const line of orphanLines(summary)) out.warn(`${oneLine(line)}. Nothing is undone by planning again: \`tasks rollback ${execution ?? 'ID'}\` undoes what an execution has done`);
  const running = [...summary.tasks.changed, ...summary.tasks.dropped].filter(({ id }) => done.underWay.has(id));
  if (running.length > 0) out.warn(`under way in ${execution ?? 'an execution'} by what the plan said before: ${running.map(({ id }) => id).join(', ')}`);
  const isSame = home === directory && summary.isEmpty && isUnchanged(previous, bundle.meta);
  const isWritten = !values.flag('dry-run') && !isSame;
  const kept = isWritten && home === directory && !values.flag('no-keep') ? await keepPrevious(directory, previous.plan.planId) : undefined;
  if (isWritten) {
    const { writePlanFiles } = await import('../../planning/plan-files.ts');
    await writePlanFiles(home, bundle);
  }
  const planId = isSame ? previous.plan.planId : bundle.meta.planId;
  const path = relative(cwd, home) || '.';
  const value = { path: home, planId, from: previous.plan.planId, written: isWritten, files: isWritten ? bundleFiles(bundle).map(({ name }) => name) : [], ...(kept !== undefined && { kept }), ...(execution !== undefined && { execution }), summary };
  out.answer(value, () => (values.flag('dry-run') ? [...summaryLines(summary), ...summaryDetails(summary)].map(oneLine).join('\n') : path));
  if (isSame) out.hint('The plan is what it was: nothing is written');
  if (kept !== undefined) out.hint(`As it was: ${relative(cwd, kept)}`);
  if (isWritten) out.hint(`Next: tasks validate-plan ${path}, tasks execute ${path}${execution === undefined ? '' : ` --resume-from-checkpoint --execution ${execution}`}`);
  return EXIT.ok;
};

/** Hashes of Plan.md and of what holds the plan's own id are left aside: the plan before may tell of changes of its own. */
const COMPARED = ['features.json', 'tasks.json', 'dag.json', 'coverage.json'] as const;

const isUnchanged = ({ meta: before }: ReadPrevious, now: Meta): boolean => {
  const options = new Map(Object.entries(before.options));
  return before.document.hash === now.document.hash && COMPARED.every((name) => before.files[name] === now.files[name]) && Object.entries(now.options).every(([name, value]) => options.get(name) === value);
};

/** The files of the plan, without its checkpoints: those stay where they are. */
const keepPrevious = async (directory: string, planId: string): Promise<string> => {
  const { keepCopy } = await import('../../planning/keep-copy.ts');
  return keepCopy(directory, `${directory}.before-${planId}`);
};
