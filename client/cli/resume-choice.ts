/** From where `tasks execute --resume-from-checkpoint` goes on: what the options say, checked against what was passed. */
import { isBefore, parseCheckpointId, runCheckpointId, RUN_POINTS } from '../../model/checkpoint.ts';
import type { CheckpointReference, WantedPoint } from '../../model/checkpoint.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import type { ExecutionInput, ResumeAt } from '../../model/message.ts';
import { TasksError } from '../../model/problem.ts';
import type { TasksClient } from '../api.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';
import { passedCheckpoints } from './passed-checkpoints.ts';
import type { PassedBy, PassedCheckpoints } from './passed-checkpoints.ts';
import { resumeSource } from './run-request.ts';

export type ResumeChoice = Required<Pick<ExecutionInput, 'resumeFrom'>> & Pick<ExecutionInput, 'runAgain' | 'resumeAt'>;

/** @throws TasksError TASKS3020 for a checkpoint that is not there, TASKS3021 where no way leads back to it. */
export const resumeChoice = async (context: Context, client: TasksClient, plan: StoredPlan): Promise<ResumeChoice> => {
  const id = context.values.text('checkpoint-id');
  const reference = id === undefined ? undefined : parseCheckpointId(id);
  if (id !== undefined && !reference) throw usageError(`${JSON.stringify(id)} is not the id of a checkpoint`, `TASK/NAME, or a point of the run: ${RUN_POINTS.map(runCheckpointId).join(', ')}. \`tasks checkpoints\` lists them.`);
  const resumeFrom = await resumeSource(context, client, plan);
  if (!reference) return { resumeFrom };
  const known = await passedCheckpoints(client, resumeFrom);
  return { resumeFrom, ...(reference.kind === 'task' ? atTask(reference, known, resumeFrom) : atRun(reference, known, resumeFrom)) };
};

const unknown = (message: string, execution: ExecutionId): TasksError => new TasksError({ code: 'TASKS3020', message, hint: `\`tasks checkpoints ${execution}\` lists those there are.` });

const noWayBack = ({ event }: PassedBy, to: string): TasksError =>
  new TasksError({
    code: 'TASKS3021',
    message: `${event.task} has passed ${event.checkpoint} since, from where no way leads back to ${to}`,
    hint: `It can go on from ${event.id}, or from what came after it.`,
  });

const pointOf = ({ event }: PassedBy): WantedPoint => ({ attempt: event.attempt, n: event.n });

const atTask = ({ task, name }: CheckpointReference & { readonly kind: 'task' }, { passed, board }: PassedCheckpoints, from: ExecutionId): Pick<ResumeChoice, 'runAgain' | 'resumeAt'> => {
  const own = passed.filter(({ event }) => event.task === task);
  const wanted = own.findLast(({ event }) => event.checkpoint === name);
  if (!wanted) throw unknown(`${task} has passed no checkpoint ${name} in ${from}`, from);
  if (wanted.event.stored === false) throw unknown(`nothing was kept of the checkpoint ${name} of ${task}`, from);
  const barrier = own.findLast(({ event }) => event.rollbackCapable === false && isBefore(wanted.event, event));
  if (barrier) throw noWayBack(barrier, wanted.event.id);
  const isDone = board.succeeded.has(task);
  return { resumeAt: [{ task, point: { ...pointOf(wanted), name } }], ...(isDone && { runAgain: [task] }) };
};

/** As it stood then: what has succeeded since is run again, and what has got on since goes back. */
const atRun = ({ percent }: CheckpointReference & { readonly kind: 'run' }, { passed, board }: PassedCheckpoints, from: ExecutionId): Pick<ResumeChoice, 'runAgain' | 'resumeAt'> => {
  const point = board.milestones.find(({ progress }) => progress === percent);
  if (!point) throw unknown(`${from} never had ${percent} % of its tasks behind it`, from);
  const isLater = ({ execution, event }: PassedBy): boolean => execution === from && event.seq > point.seq;
  const barrier = passed.find((one) => isLater(one) && one.event.rollbackCapable === false);
  if (barrier) throw noWayBack(barrier, runCheckpointId(percent));
  const runAgain = [...board.succeeded.values()].flatMap(({ task, seq }) => (seq > point.seq ? [task] : []));
  const touched = new Set<TaskId>(passed.filter(isLater).map(({ event }) => event.task));
  const resumeAt = [...touched].map((task): ResumeAt => {
    const last = passed.findLast((one) => one.event.task === task && !isLater(one));
    return { task, point: last ? pointOf(last) : null };
  });
  return { ...(runAgain.length > 0 && { runAgain }), ...(resumeAt.length > 0 && { resumeAt }) };
};
