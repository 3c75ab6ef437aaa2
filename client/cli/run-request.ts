/** What `tasks execute` was asked to run: the plan, where, and what its options change about it. */
import type { AcceptedFindings } from '../../model/accepted.ts';
import { BUILT_IN_EXECUTORS } from '../../model/executor.ts';
import type { Policies, StoredPlan } from '../../model/graph.ts';
import { isExecutionId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { PolicyOverrides } from '../../model/message.ts';
import { isOpen } from '../../model/outcome.ts';
import { TasksError } from '../../model/problem.ts';
import type { WorkspaceMode } from '../../model/workspace.ts';
import type { StartOptions, TasksClient } from '../api.ts';
import type { Context } from './context.ts';
import { reportWarnings, usageError } from './errors.ts';
import { passHardFails } from './hard-fails.ts';
import { localSlots } from './local-worker.ts';
import { choosePlan } from './plan-choice.ts';
import { withPreflight } from './preflight-plan.ts';
import { sayWaitingForPlan } from './waiting.ts';
import { checkWorktrees } from './worktree-check.ts';

/** A plan, and where its commands are to run. */
export interface PlanRequest {
  readonly reference: string;
  readonly plan: StoredPlan;
  readonly workspace: string;
}

export interface RunRequest extends PlanRequest {
  readonly policies: PolicyOverrides;
  readonly executor: string;
  /** Hard fails of the plan that it is started with all the same. */
  readonly accepted?: readonly AcceptedFindings[];
  /** Where checkpoints are kept; in the workspace when undefined. */
  readonly checkpoints?: string;
}

/** @throws TasksError with every problem of the plan. */
export const readPlanRequest = async (context: Context, given: string): Promise<PlanRequest> => {
  const { values, services, cwd, out } = context;
  const chosen = await choosePlan(context, given);
  const profile = values.text('profile');
  const read = await sayWaitingForPlan(context, chosen, services.readPlan({ reference: chosen, cwd, ...(profile !== undefined && { profile }) }));
  if (!read.ok) throw new TasksError(read.error);
  const { plan, warnings, path } = read.value;
  // Of a path on standard input all else is that of the path.
  const reference = chosen === '-' ? (path ?? chosen) : chosen;
  reportWarnings(out, warnings);
  const codebasePath = values.text('codebase-path');
  const workspace = await services.resolveWorkspace({ reference, plan, cwd, ...(codebasePath !== undefined && { codebasePath }) });
  return { reference, plan, workspace };
};

/** @throws TasksError with every problem of the plan, its hard fails that nobody accepted, and what is certain of a preflight that was asked for; TASKS3010 when there is no repository for `--git`, TASKS1219 when there is none for worktrees. */
export const readRunRequest = async (context: Context, given: string): Promise<RunRequest> => {
  const { values, services, cwd } = context;
  const read = await readPlanRequest(context, given);
  const { reference, workspace } = read;
  const accepted = await passHardFails(context, reference);
  if (values.flag('git') && (await services.repositoryTop(workspace)) === undefined) {
    throw usageError(`--git commits in a git repository, and ${workspace} is in none`, 'say `git init` there, name another directory with --codebase-path, or leave out --git');
  }
  const checkpoints = await services.checkpointDirectory({ reference, cwd });
  // A worker inside this command runs here; where another one is, nobody knows.
  const ready = values.flag('preflight') ? await withPreflight(context, read, localSlots(context) !== undefined) : read;
  const policies = policyChanges(context);
  const run = { ...ready, accepted, policies, executor: executorOf(context, ready.plan) };
  await checkWorktrees(context, run);
  return { ...run, ...(checkpoints !== undefined && { checkpoints }) };
};

const executorOf = ({ values }: Context, { graph }: StoredPlan): string => {
  const executor = values.text('executor') ?? 'human';
  const known = [...BUILT_IN_EXECUTORS, ...(graph.executors ?? [])];
  if (!known.includes(executor)) throw usageError(`--executor: the plan has no executor ${JSON.stringify(executor)}`, `there are: ${known.join(', ')}`);
  return executor;
};

const policyChanges = ({ values }: Context): PolicyOverrides => {
  const concurrencyMax = values.number('max-concurrent');
  const model = values.text('force-execution-model');
  const dispatch = values.text('dispatch');
  const intervalPercent = values.number('checkpoint-interval');
  const risk = values.text('require-approval') as Policies['approval']['risk'] | undefined;
  const onFailure = values.text('rollback-on-failure') as Policies['rollback']['onFailure'] | undefined;
  const mode = values.text('workspace-mode') as WorkspaceMode | undefined;
  return {
    ...(concurrencyMax !== undefined && { concurrencyMax }),
    ...((model === 'rolling_frontier' || model === 'wave_based') && { executionModel: model }),
    ...((dispatch === 'child' || dispatch === 'auto') && { dispatch }),
    ...(risk !== undefined && { approval: { risk } }),
    ...(onFailure !== undefined && { rollback: { onFailure } }),
    ...(intervalPercent !== undefined && { checkpoints: { intervalPercent } }),
    ...(mode !== undefined && { workspaceTerms: { mode } }),
    ...(values.flag('fail-fast') && { failFast: true }),
  };
};

export const startOptions = (context: Context, request: RunRequest): StartOptions => {
  const { values } = context;
  const executionId = values.text('execution-id');
  if (executionId !== undefined && !isExecutionId(executionId)) {
    throw usageError(`${JSON.stringify(executionId)} cannot be the id of an execution`, 'a letter or digit, then letters, digits, `.`, `_`, `-`; at most 128 characters');
  }
  return {
    workspace: request.workspace,
    policies: request.policies,
    executor: request.executor,
    ...(request.checkpoints !== undefined && { checkpoints: request.checkpoints }),
    ...(request.accepted && request.accepted.length > 0 && { accepted: request.accepted }),
    graceMs: (values.number('grace') ?? 0) * 1000,
    ...(values.flag('git') && { git: true }),
    ...(executionId !== undefined && { executionId }),
  };
};

/** The execution whose finished tasks are taken over: the one that was named, else the plan's latest. */
export const resumeSource = async (context: Context, client: TasksClient, plan: StoredPlan): Promise<ExecutionId> => {
  const named = context.values.text('execution');
  if (named !== undefined) {
    const execution = await client.resolve(named);
    // One that has ended says so without a worker; whether an open one can say it makes no difference.
    const state = await client.state(execution).catch(() => undefined);
    if (state && isOpen(state.status)) throw stillOpen(execution, `${execution} is still ${state.status}`);
    return execution;
  }
  const [latest] = await client.list({ plan: await client.store(plan), limit: 1 });
  if (!latest) {
    throw new TasksError({
      code: 'TASKS3001',
      message: 'this plan has no execution to resume from',
      hint: 'A plan that was changed is another plan: name the execution with --execution, or leave out --resume-from-checkpoint.',
    });
  }
  if (isOpen(latest.status)) throw stillOpen(latest.executionId, `${latest.executionId}, the latest execution of this plan, is still ${latest.status}`);
  return latest.executionId;
};

const stillOpen = (execution: ExecutionId, message: string): TasksError =>
  new TasksError({ code: 'TASKS3011', message, hint: `come back to it with \`tasks watch ${execution}\`, or end it with \`tasks abort ${execution}\`` });
