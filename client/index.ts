/**
 * The public surface for scripts: connect, read a plan, start it, follow it, steer it. Commands run on workers
 * (`tasks worker`), never in the script; when the script ends, its executions go on.
 *
 * @example
 * import { connectTasks, readPlan, resolveWorkspace, TasksError } from 'tasks/client';
 *
 * const read = await readPlan({ source: { path: 'plan.json' } });
 * if (!read.ok) throw new TasksError(read.error);
 * const { plan } = read.value;
 * await using tasks = await connectTasks();
 * const { executionId } = await tasks.start(plan, { workspace: await resolveWorkspace({ plan, planPath: 'plan.json' }) });
 * for await (const event of tasks.events(executionId, { follow: true })) console.log(event.seq, event.type);
 * const { outcome } = await tasks.result(executionId);
 */
export { connectTasks } from './connect-tasks.ts';
export type { ConnectTasksOptions } from './connect-tasks.ts';
export type { EventsOptions, ExecutionSummary, StartedExecution, StartOptions, TasksClient } from './api.ts';

export { readPlan } from '../planner/read/read-plan.ts';
export type { PlanSource, ReadPlan, ReadPlanOptions } from '../planner/read/read-plan.ts';
export { checkpointsBeside, resolveWorkspace } from '../planner/read/workspace.ts';

export { EXIT, PROBLEMS, TasksError } from '../model/problem.ts';
export type { ExitCode, Problem, ProblemCode, ProblemReason, Result } from '../model/problem.ts';

export { isContentHash, isExecutionId, isTaskId } from '../model/ids.ts';
export type { ContentHash, ExecutionId, TaskId } from '../model/ids.ts';

export { DEFAULT_POLICIES } from '../model/graph.ts';
export type { Ask, Dispatch, Graph, GraphTask, Place, Policies, RetryPolicy, StoredPlan, TaskSpec, WavePolicy } from '../model/graph.ts';
export type { TaskState } from '../model/state.ts';
export type { EventBody, EventType, ExecutionEvent } from '../model/event.ts';
export type { ArtifactChange, AttemptFailure, AttemptFailureReason, AttemptOutcome, AttemptResult, FailureClass } from '../model/attempt.ts';
export { isAttemptLine } from '../model/ledger.ts';
export type { AcceptedLine, AttemptLine, LedgerLine, LimitLine, RollbackLine } from '../model/ledger.ts';
export { passedPoints, pointOfNoReturn } from '../model/passed-points.ts';
export type { PassedPoint } from '../model/passed-points.ts';
export type { PatchPreview, PatchReceipt, TaskDifference } from '../model/patch.ts';
export type { RollbackOutcome, RollbackOutline, RollbackReceipt, RollbackRecord, RollbackRequest, RollbackStep, RollbackSummary, RollbackTarget } from '../model/rollback.ts';
export type { ExportedPlan } from './export-plan.ts';
export type { PatchDifference } from './patches.ts';
export type { Advice } from './review-advice.ts';
export type { Review, ReviewAttempt, ReviewItem, ReviewOperations, ReviewTurn } from './reviews.ts';
export type { QuarantineOperations, Revival, ReviveOptions } from './quarantine.ts';
export type { QuarantineCause, QuarantineEntry } from '../model/quarantine.ts';
export { hotUpdateJsonSchema } from '../model/patch.schema.ts';
export type {
  ApproveRequest,
  CompleteTaskRequest,
  ExecutionState,
  FailedTask,
  FrontierView,
  GraphNode,
  PauseRequest,
  RequestReceipt,
  TaskRequest,
  TaskView,
  WaitingFor,
} from '../model/message.ts';
export type { Counts, ExecutionOutcome, ExecutionStatus } from '../model/outcome.ts';
