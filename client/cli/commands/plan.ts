/** `tasks plan`: a document and a code base to a plan. */
import { join, resolve } from 'node:path';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { artifactFiles, bundleFiles, fenced } from '../../../planner/artifacts/bundle.ts';
import type { PlanBundle } from '../../../planner/artifacts/bundle.ts';
import type { ExecutionModel } from '../../../planner/artifacts/scalars.schema.ts';
import type { PhaseReport } from '../../../planner/compose/phase-report.ts';
import type { ComposedPlan } from '../../../planner/compose/compose-plan.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { oneLine } from '../markup.ts';
import { DEFAULT_OUTPUT_DIR, PLAN_OPTIONS } from '../plan-options.ts';
import { checkInteractive, edit, review } from '../plan-review.ts';
import { readPlanSource } from '../plan-source.ts';
import type { PlanSource } from '../plan-source.ts';

export const plan: CommandSpec = {
  name: 'plan',
  group: 'Plan',
  summary: 'Make a plan of a description or a document, and of the code base',
  description: [
    'Reads what is wanted (a sentence, or a Markdown or text document), looks at the code base, and writes features, bounded tasks with evidence, typed dependencies, both execution models, Plan.md and Decisions.md. Nothing is guessed by a model, and nothing leaves this machine, unless --drafter asks for it: the same input gives the same plan, byte by byte.',
    'With --drafter a model or a program drafts, and what does not hold of its draft is dropped (docs/drafters.md); its answers are kept, so that the same plan can be made again.',
    'Standard output is the path of the plan and nothing else; what each phase finds goes to standard error. `tasks plan … | tasks execute -` executes it at once.',
    'Times in the plan are SOURCE_DATE_EPOCH, else the date that the document states, else 1970-01-01.',
    'Exit codes: 0 planned, 1 invalid arguments or a document that cannot be planned, 2 the code base cannot be read, 3 cyclic dependencies, 4 resource conflicts that cannot be resolved, 9 aborted.',
  ],
  arguments: [{ name: 'description', optional: true, description: 'What is to be built, in a sentence or more; or --plan-doc' }],
  options: PLAN_OPTIONS,
  examples: [
    { says: 'Plan a sentence', command: 'tasks plan "Build a TODO list application"' },
    { says: 'Plan a document for a code base', command: 'tasks plan --plan-doc spec.md --codebase-path ./backend --output-dir ./plans/oauth' },
    { says: 'Plan and execute', command: 'tasks plan "Add an export to CSV" | tasks execute -' },
    { says: 'All artifacts on standard output', command: 'tasks plan --plan-doc spec.md --stdout' },
  ],
  run: async (context) => {
    if (context.values.flag('interactive')) checkInteractive(context);
    const { checkOutput } = await import('../../planning/plan-files.ts');
    const home = resolve(context.cwd, context.values.text('output-dir') ?? DEFAULT_OUTPUT_DIR);
    const toStdout = context.values.flag('stdout');
    if (!toStdout) await checkOutput(home);
    let source = await readPlanSource(context);
    let isFresh = false;
    for (;;) {
      const made = await unlessInterrupted(context, source, { home: toStdout ? context.cwd : home, isFresh });
      if (!made) return EXIT.aborted;
      const { bundle, warnings } = made;
      for (const warning of warnings) context.out.warn(warning);
      const answer = context.values.flag('interactive') ? await review(context, bundle) : 'approve';
      if (answer === 'abort') return EXIT.aborted;
      if (answer === 'approve') return keep(context, bundle, toStdout ? undefined : home);
      // Asked for once more, the same answer is of no use.
      isFresh = answer === 'regenerate';
      source = answer === 'edit' ? await edit(context, source) : source.path === undefined ? source : await readPlanSource(context);
    }
  },
};

interface Making {
  readonly home: string;
  /** Drafters are asked even if they have answered before. */
  readonly isFresh: boolean;
}

/** Undefined when it was interrupted: drafters take their time. */
const unlessInterrupted = async (context: Context, document: PlanSource, making: Making): Promise<ComposedPlan | undefined> => {
  try {
    return await make(context, document, making);
  } catch (error) {
    if (context.interrupt.happened) return undefined;
    throw error;
  }
};

const make = async (context: Context, document: PlanSource, { home, isFresh }: Making): Promise<ComposedPlan> => {
  const { values, cwd, environment, out } = context;
  const { planDocument } = await import('../../planning/plan-document.ts');
  const { chooseDrafter } = await import('../../drafters/choose-drafter.ts');
  const chosen = chooseDrafter(context, { isFresh });
  const composed = await planDocument({
    document,
    codebase: resolve(cwd, values.text('codebase-path') ?? '.'),
    home,
    environment,
    options: {
      minConfidence: values.number('min-confidence') as number,
      maxWaveSize: values.number('max-wave-size') as number,
      maxConcurrent: values.number('max-concurrent') as number,
      executionModel: values.text('execution-model') as ExecutionModel,
    },
    onPhase: (report) => tell(context, report),
    ...(chosen && { drafting: { ...chosen, signal: context.interrupt.signal } }),
  });
  if (!composed.ok) throw new TasksError(composed.error);
  if (out.shows('info')) out.progress('');
  return composed.value;
};

const keep = async ({ out, values }: Context, bundle: PlanBundle, home: string | undefined): Promise<ExitCode> => {
  const { planId, planHash } = bundle.meta;
  const { tasks, dag, waves } = bundle;
  if (home === undefined) {
    out.raw(fenced(artifactFiles(bundle)));
    return EXIT.ok;
  }
  const { writePlanFiles } = await import('../../planning/plan-files.ts');
  await writePlanFiles(home, bundle);
  const files = bundleFiles(bundle).map(({ name }) => name);
  const path = values.isGiven('output-dir') ? (values.text('output-dir') as string) : DEFAULT_OUTPUT_DIR;
  tell({ out, values }, { title: 'Output', lines: [`Wrote ${files.length} files, ${planId}`, `Read ${join(path, 'Plan.md')} first`], details: files });
  const { rolling_frontier: rolling, wave_based: waveBased } = waves.execution_models;
  const answer = {
    path: home,
    planId,
    planHash,
    tasks: tasks.tasks.length,
    dependencies: tasks.dependencies.length,
    features: bundle.features.features.length,
    warnings: dag.warnings,
    hours: { rolling: rolling.estimated_completion_time, wave_based: waveBased.estimated_completion },
    coverage: { normative: bundle.coverage.normative, all: bundle.coverage.all },
    clarifications: bundle.coverage.clarifications.length,
  };
  out.answer(answer, () => path);
  out.hint(`Next: tasks validate-plan ${path}, tasks execute ${path} --dry-run`);
  return EXIT.ok;
};

/** Text of the document in it: one line each, as it is. */
export const tell = ({ out, values }: Pick<Context, 'out' | 'values'>, { phase, title, lines, details }: PhaseReport): void => {
  out.progress(`${phase === 1 ? '' : '\n'}[${phase === undefined ? title : `Phase ${phase}: ${title}`}]`);
  for (const line of lines) out.progress(`✓ ${oneLine(line)}`);
  if (values.flag('verbose')) for (const line of details) out.progress(`  ${oneLine(line)}`);
};
