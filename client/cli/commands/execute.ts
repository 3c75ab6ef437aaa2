/** `tasks execute`: starts an execution of a plan and, unless told otherwise, stays with it. */
import { EXIT } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { TasksClient } from '../../api.ts';
import type { PlannedTakeOver } from '../../../store/checkpoint/plan-take-over.ts';
import { attend } from '../attend.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { dryRun, dryRunText } from '../dry-run.ts';
import { usageError } from '../errors.ts';
import { EXECUTE_OPTIONS } from '../execute-options.ts';
import { breakdownOf, localSlots, startLocalWorker, warnWithoutWorker } from '../local-worker.ts';
import { resumeChoice } from '../resume-choice.ts';
import { readRunRequest, startOptions } from '../run-request.ts';
import type { RunRequest } from '../run-request.ts';
import { startRun } from '../start-run.ts';
import { connectionChoice, withClient } from '../with-client.ts';

export const execute: CommandSpec = {
  name: 'execute',
  group: 'Run',
  summary: 'Execute a plan and show its progress',
  description: [
    'The plan is checked first; nothing starts when anything is wrong with it. Commands run on workers: one that is already running (`tasks worker`), or one inside this command (--with-worker).',
    'Ctrl-C leaves the execution, which goes on; `tasks abort` ends it. An answer as json is one object that holds executionId and, when waited for, outcome and counts; as jsonl it is the events.',
    'Exit codes: 0 succeeded, 1 refused, 5 invalid plan, 6 no server or worker, 7 failed and can be resumed (a task succeeded, or a checkpoint is kept), 8 failed and cannot, 9 aborted.',
  ],
  arguments: [{ name: 'plan', description: 'Directory or file of a plan, or - for standard input', optional: true }],
  options: EXECUTE_OPTIONS,
  examples: [
    { says: 'Run a plan with a worker inside the command', command: 'tasks execute ./tasks_output --with-worker' },
    { says: 'See what would run', command: 'tasks execute plan.json --dry-run' },
    { says: 'Mend what a preflight is certain of first', command: 'tasks execute plan.json --preflight --with-worker' },
    { says: 'Start it and return; come back later', command: 'tasks execute ./tasks_output --detach' },
    { says: 'Come back to a run', command: 'tasks execute --execution @latest' },
    { says: 'Go on after a failure, four tasks at once', command: 'tasks execute ./tasks_output --resume-from-checkpoint --max-concurrent 4' },
    { says: 'Go on from a certain checkpoint of a task', command: 'tasks execute ./tasks_output --resume-from-checkpoint --checkpoint-id P1.T001/half' },
    { says: 'From a pipe, for a script', command: 'generate-plan | tasks execute - --with-worker -o json' },
  ],
  run: async (context) => {
    const { args, values } = context;
    const [reference] = args;
    const execution = values.text('execution');
    const resumes = values.flag('resume-from-checkpoint');
    if (values.isGiven('checkpoint-id') && !resumes) throw usageError('--checkpoint-id says where to go on, and nothing is resumed', 'add --resume-from-checkpoint');
    if (reference === undefined) {
      if (execution === undefined) throw usageError('there is no plan to execute', 'name a plan, `-` for standard input, or --execution ID to come back to a run');
      if (resumes) throw usageError('--resume-from-checkpoint needs the plan', `tasks execute PLAN --resume-from-checkpoint --execution ${execution}`);
      return comeBack(context, execution);
    }
    if (execution !== undefined && !resumes) {
      throw usageError('a plan starts a new execution, --execution comes back to one', 'leave one of them out, or add --resume-from-checkpoint to take over what succeeded');
    }
    return values.flag('dry-run') ? preview(context, reference) : start(context, reference);
  },
};

const preview = async (context: Context, reference: string): Promise<ExitCode> => {
  const { out, values } = context;
  const request = await readRunRequest(context, reference);
  const takeOver = values.flag('resume-from-checkpoint') ? await takeOverOf(context, request) : undefined;
  const quarantined = await context.services.quarantinedOf(connectionChoice(context), request.plan.graph.name);
  const run = dryRun({ ...request, now: context.now(), ...(takeOver && { takeOver }), ...(quarantined && { quarantined }) });
  out.answer(run, () => dryRunText(run, { width: out.width, verbose: values.flag('verbose') }));
  return EXIT.ok;
};

/** Only this needs a server: what an earlier execution has finished is its history. */
const takeOverOf = (context: Context, { plan, workspace }: RunRequest): Promise<PlannedTakeOver> =>
  withClient(context, async (client) => {
    const { resumeFrom, runAgain } = await resumeChoice(context, client, plan);
    return client.takeOver(resumeFrom, { tasks: plan.graph.tasks, workspace, ...(runAgain && { runAgain }) });
  });

const start = (context: Context, reference: string): Promise<ExitCode> =>
  startRun(context, async () => {
    const request = await readRunRequest(context, reference);
    const { plan } = request;
    const resumes = context.values.flag('resume-from-checkpoint');
    return { plan, options: startOptions(context, request), planReference: request.reference, ...(resumes && { resume: (client: TasksClient) => resumeChoice(context, client, plan) }) };
  });

const comeBack = async (context: Context, reference: string): Promise<ExitCode> => {
  const slots = localSlots(context);
  if (slots === undefined) warnWithoutWorker(context);
  return withClient(context, async (client) => {
    const execution = await client.resolve(reference);
    const worker = slots === undefined ? undefined : await startLocalWorker(context, { slots });
    try {
      const broken = breakdownOf(worker);
      return await attend(context, { client, execution, lines: 'progress', hasWorker: worker !== undefined, ...(broken && { broken }) });
    } finally {
      await worker?.stop();
    }
  });
};
