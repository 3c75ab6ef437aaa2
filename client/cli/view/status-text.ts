/** Where an execution stands, for people. */
import type { ExecutionState, FrontierView, TaskView, WaitingFor } from '../../../model/message.ts';
import type { ExecutionSummary } from '../../api.ts';
import type { TimeFormat } from '../common-options.ts';
import { oneLine, pad, style, truncate, widthOf } from '../markup.ts';
import { duration, estimate, moment } from '../time-text.ts';
import { stateCountsText, stateWord, whenTerminated } from './counts-text.ts';
import { failedHead, failedMore } from './failed-text.ts';
import { outcomeText } from './rollback-text.ts';

export interface TextOptions {
  readonly now: number;
  readonly timeFormat: TimeFormat;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
}

export interface StatusTextOptions extends TextOptions {
  readonly state: ExecutionState;
  readonly frontier: FrontierView;
  readonly webUrl?: string;
  /** Of the execution, the last first. */
  readonly rollbacks?: readonly ExecutionSummary[];
}

const SHOWN = 20;

export const statusText = (options: StatusTextOptions): string => {
  const { state, frontier, webUrl, now, timeFormat } = options;
  const end = state.finishedAt ?? now;
  const people = [...frontier.running, ...frontier.waiting].filter(({ waitingFor }) => waitingFor === 'person');
  const approvals = frontier.waiting.filter(({ waitingFor }) => waitingFor === 'approval');
  const decisions = [...frontier.running, ...frontier.waiting].filter(({ waitingFor }) => waitingFor === 'decision');
  const others = [...frontier.ready, ...frontier.backoff, ...frontier.waiting].filter(({ waitingFor }) => waitingFor !== 'person' && waitingFor !== 'decision' && waitingFor !== 'approval');
  const running = frontier.running.filter(({ waitingFor }) => waitingFor !== 'person' && waitingFor !== 'decision');
  const id = state.executionId;
  return [
    `${style('bold', id)}  ${styled(state.status)}`,
    `  ${oneLine(state.name)}, ${state.total} tasks${whenTerminated(state.status)}: ${stateCountsText(state.counts)}`,
    `  started ${moment(state.startedAt, { format: timeFormat, now })}, ${state.finishedAt === undefined ? 'running for' : 'took'} ${duration(end - state.startedAt)} (estimated ${estimate(state.estimatedSeconds * 1000)} of work, ${estimate(state.criticalPathSeconds * 1000)} on the longest chain)`,
    `  in ${oneLine(state.workspace)}`,
    ...(state.rollbackOf === undefined ? [] : [`  rolls back ${state.rollbackOf}`]),
    ...rollbackLines(state, options.rollbacks ?? []),
    ...(webUrl === undefined ? [] : [`  ${webUrl}`]),
    ...section('Running', running, options),
    ...section('Waiting', others, options),
    ...section('Waiting for a person', people, options, ({ task }) => `tasks complete ${id} ${task}`),
    ...section('Waiting for an approval', approvals, options, ({ task }) => `tasks approve ${id} ${task}`),
    ...section('Waiting for a decision', decisions, options, ({ task, byHand }) => [...(byHand ? [] : ['retry']), 'complete', 'skip'].map((what) => `tasks ${what} ${id} ${task}`).join('   or   ')),
    ...failedLines(state),
  ].join('\n');
};

export const taskLines = (tasks: readonly TaskView[], options: TextOptions): readonly string[] => {
  const column = Math.min(40, Math.max(0, ...tasks.map(({ task }) => widthOf(task))));
  return tasks.map((task) => fit(`  ${pad(task.task, column)}  ${stateLine(task, options)}`, options));
};

const section = (title: string, tasks: readonly TaskView[], options: TextOptions, command?: (task: TaskView) => string): readonly string[] => {
  if (tasks.length === 0) return [];
  const shown = tasks.slice(0, SHOWN);
  const lines = taskLines(shown, options).flatMap((line, at) => {
    const task = shown[at];
    return command && task ? [line, `      ${command(task)}`] : [line];
  });
  return [`${title}:`, ...lines, ...(tasks.length > SHOWN ? [`  … and ${tasks.length - SHOWN} more`] : [])];
};

const stateLine = (task: TaskView, options: TextOptions): string => {
  const parts = [
    stateWord(task.state),
    task.mark ?? '',
    task.attempt > 1 ? `attempt ${task.attempt}` : '',
    timeText(task, options),
    progressText(task, options),
    task.waitingFor === undefined ? '' : reason(task.waitingFor, task, options),
    task.exitCode === undefined || task.exitCode === 0 ? '' : `exit ${task.exitCode}`,
    task.worker === undefined ? '' : oneLine(task.worker),
    task.failure ? oneLine(task.failure.message) : '',
    task.title === undefined || task.title === task.task ? '' : style('dim', oneLine(task.title)),
  ];
  return parts.filter((part) => part !== '').join('  ');
};

const timeText = ({ state, startedAt, finishedAt, dispatchedAt }: TaskView, { now }: TextOptions): string => {
  if (startedAt !== undefined && finishedAt !== undefined) return duration(finishedAt - startedAt);
  return state === 'RUNNING' && dispatchedAt !== undefined ? duration(now - dispatchedAt) : '';
};

/** How far it is and how long that leaves, and where the next attempt would go on. */
const progressText = ({ state, percent, checkpoint, dispatchedAt }: TaskView, { now }: TextOptions): string => {
  const isRunning = state === 'RUNNING';
  const spent = isRunning && percent !== undefined && percent > 0 && dispatchedAt !== undefined ? now - dispatchedAt : undefined;
  const left = spent === undefined || percent === undefined || percent >= 100 ? '' : ` (about ${estimate((spent / percent) * (100 - percent))} left)`;
  const isOver = state === 'SUCCEEDED' || state === 'SKIPPED';
  const parts = [
    isRunning && percent !== undefined ? `${Math.round(percent)} %${left}` : '',
    checkpoint && !isOver ? `${isRunning ? 'last checkpoint' : 'goes on from checkpoint'} ${oneLine(checkpoint.name)}${checkpoint.percent === undefined ? '' : ` (${Math.round(checkpoint.percent)} %)`}` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
};

const reason = (waitingFor: WaitingFor, { retryAt, waitingReason }: TaskView, { now }: TextOptions): string => {
  switch (waitingFor) {
    case 'slot':
      return 'waits for a slot';
    case 'dependencies':
      return 'waits for its dependencies';
    case 'backoff':
      return retryAt === undefined ? 'is tried again' : `is tried again in ${duration(Math.max(0, retryAt - now))}`;
    case 'wave':
      return 'waits for its wave';
    case 'person':
      return 'waits for a person';
    case 'decision':
      return oneLine(waitingReason ?? 'waits for a decision');
    case 'paused':
      return 'the execution is paused';
    case 'approval':
      return 'waits for an approval';
    case 'stopping':
    case 'window':
    case 'resource':
    case 'reserved':
    case 'grant':
    case 'worker':
    case 'pressure':
    case 'breaker':
    default:
      return oneLine(waitingReason ?? waitingFor);
  }
};

/** Those that it told of itself, or that others say of it. */
const rollbackLines = ({ rolledBack }: ExecutionState, rollbacks: readonly ExecutionSummary[]): readonly string[] => {
  const others = rollbacks.filter(({ executionId }) => executionId !== rolledBack?.rollback);
  return [...(rolledBack ? [`  ${outcomeText(rolledBack)}`] : []), ...others.map(({ executionId, status }) => `  ${status === 'running' ? 'is being rolled back' : 'rolled back'} by ${executionId} (${status})`)];
};

const failedLines = ({ executionId, failed, failedTotal }: ExecutionState): readonly string[] => {
  if (failedTotal === 0) return [];
  const lines = failed.slice(0, SHOWN).flatMap((task) => [`  ${failedHead(task)}`, `      ${failedMore(executionId, task)}`]);
  const hidden = failedTotal - Math.min(SHOWN, failed.length);
  return ['Failed:', ...lines, ...(hidden > 0 ? [`  … and ${hidden} more`] : [])];
};

const styled = (status: ExecutionState['status']): string => {
  if (status === 'succeeded') return style('green', status);
  return status === 'failed' || status === 'aborted' || status === 'terminated' ? style('red', status) : style('yellow', status);
};

const fit = (line: string, { width }: TextOptions): string => (width > 0 ? truncate(line, width) : line);
