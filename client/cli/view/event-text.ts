/** One event in words. */
import type { ApprovalPolicy } from '../../../model/graph.ts';
import type { EventBody } from '../../../model/event.ts';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import type { Pressure } from '../../../model/pool.ts';
import { targetText } from '../../../model/rollback.ts';
import { shellWord } from '../../../model/shell-word.ts';
import { unreachable } from '../../../model/unreachable.ts';
import { oneLine, style } from '../markup.ts';
import { duration } from '../time-text.ts';
import { size } from '../../../model/size-text.ts';
import { counted, stateCountsText, stateWord } from './counts-text.ts';
import { breakerText, endedBreakerText, heldText, mendedText, quarantinedText, raisedText } from './healing-text.ts';
import { alertText } from './alert-text.ts';
import { lateEdgesText, lateEdgeText } from './late-edge-text.ts';
import { newsText } from './patch-text.ts';

export interface EventText {
  readonly line: string;
  /** Output of the task, to be shown below. */
  readonly tail?: string;
  /** Lines to copy from. */
  readonly more?: readonly string[];
  /** Only for `--verbose`. */
  readonly quiet?: true;
}

interface EventTextOptions {
  readonly execution: ExecutionId;
  readonly titles: ReadonlyMap<string, string>;
}

export const describeEvent = (event: EventBody & { readonly at: number }, { execution, titles }: EventTextOptions): EventText | undefined => {
  const named = (task: TaskId): string => {
    const title = titles.get(task);
    return title === undefined || title === task ? style('bold', task) : `${style('bold', task)} ${style('dim', `(${oneLine(title)})`)}`;
  };
  const attempt = (number: number): string => (number > 1 ? ` (attempt ${number})` : '');
  switch (event.type) {
    case 'execution_started':
      return { line: `${style('bold', execution)} started: ${counted(event.tasks, 'task', 'tasks')}` };
    case 'findings_accepted':
      return { line: style('yellow', `started although the plan has hard fails, which ${event.findings[0]?.by ?? 'somebody'} accepted: ${event.findings.map(({ code, count }) => `${count} × ${code}`).join(', ')}`) };
    case 'execution_paused':
      return { line: style('yellow', `paused${by(event)}: running tasks finish, none starts`), more: [`tasks resume ${execution}`] };
    case 'execution_resumed':
      return { line: `resumed${by(event)}` };
    case 'execution_aborting':
      return { line: style('yellow', `aborting${by(event)}: running tasks are being ended`) };
    case 'execution_continued':
      return { line: `continued as run ${event.run}; nothing could start for ${duration(event.blockedMs)}`, quiet: true };
    case 'execution_completed':
      return { line: `${event.outcome}: ${stateCountsText(event.counts)}` };
    case 'task_started':
      return { line: `→ ${named(event.task)}${attempt(event.attempt)}${event.worker === undefined ? '' : ` → ${oneLine(event.worker)}`}` };
    case 'task_progress':
      return { line: `  ${style('bold', event.task)} ${Math.round(event.percent)} %` };
    case 'task_checkpoint':
      return { line: checkpointText(event) };
    case 'task_resumed':
      return { line: `↻ ${style('bold', event.task)} goes on from checkpoint ${oneLine(event.checkpoint)}${percentText(event.percent)}${event.execution === undefined ? '' : ` of ${event.execution}`}` };
    case 'checkpoint_refused':
      return { line: style('yellow', `! ${event.task} cannot go on from checkpoint ${oneLine(event.checkpoint)}: ${oneLine(event.reason)}`) };
    case 'execution_resumed_from': {
      const again = event.again === 0 ? '' : `, ${event.again} run again`;
      return { line: `takes over ${counted(event.tasks, 'task', 'tasks')} of ${event.from}${again}${event.unchecked === undefined ? '' : style('yellow', `; artifacts were not looked at: ${oneLine(event.unchecked)}`)}` };
    }
    case 'task_run_again':
      return { line: `↺ ${named(event.task)} had succeeded and is run again: ${oneLine(event.reason)}` };
    case 'task_succeeded':
      return { line: `${style('green', '✓')} ${named(event.task)} succeeded ${style('dim', duration(event.durationMs))}${attempt(event.attempt)}` };
    case 'task_failed': {
      const why = oneLine(event.error.message);
      // Before the reason: a long one is cut on a narrow terminal.
      const next = event.canRetry ? style('yellow', event.heldBy === undefined ? `, tried again${retryIn(event)}` : heldText(event.heldBy)) : '';
      return { line: `${style('red', '✗')} ${named(event.task)} failed${attempt(event.attempt)}${next}: ${why}`, tail: event.tail };
    }
    case 'task_needs_decision':
      return {
        line: `${style('yellow', '?')} ${named(event.task)} needs a decision${attempt(event.attempt)}: ${oneLine(event.reason)}`,
        more: [event.byHand ? `tasks complete ${execution} ${event.task}` : `tasks retry ${execution} ${event.task}`, `tasks skip ${execution} ${event.task}`],
      };
    case 'task_waiting_for_person':
      return { line: `${style('yellow', '?')} ${named(event.task)} waits for a person; when it is done:`, more: [`tasks complete ${execution} ${event.task}`] };
    case 'approval_requested': {
      const until = event.until === undefined ? '' : ` within ${duration(event.until - event.at)}`;
      return { line: `${style('yellow', '?')} ${named(event.task)} waits for an approval${until}:`, more: [`tasks approve ${execution} ${event.task}`] };
    }
    case 'approval_given':
      return { line: `${style('green', '✓')} ${named(event.task)} approved${by(event)}` };
    case 'approval_refused':
      return { line: `${style('red', '✗')} ${named(event.task)} not approved${by(event)}` };
    case 'approval_timed_out':
      return { line: style('yellow', `nobody approved ${event.task} in time: ${UNANSWERED[event.outcome]}`) };
    case 'task_unplaced':
      return { line: `  ${event.task} was not taken${event.worker === '' ? '' : ` by ${oneLine(event.worker)}`}${attempt(event.attempt)}: it goes to another worker, or there again later`, quiet: true };
    case 'task_preempted':
      return { line: style('yellow', `↺ ${named(event.task)} stopped ${event.by === undefined ? 'because the machine is over its limit' : `for ${event.by}`}: it goes on later, from its last checkpoint if it has one`) };
    case 'task_skipped':
      return { line: `- ${named(event.task)} skipped${by(event)}` };
    case 'task_cancelled':
      return { line: `- ${named(event.task)} cancelled` };
    case 'task_retried':
      return { line: `↻ ${named(event.task)} is tried again${event.revived ? ' and quarantined no more' : ''}${by(event)}` };
    case 'task_upstream_failed':
      return { line: `- ${named(event.task)} cannot run: ${event.upstream} failed` };
    case 'wave_opened':
      return { line: `wave ${event.wave}: ${counted(event.tasks, 'task', 'tasks')}` };
    case 'wave_fallback':
      return { line: style('yellow', `wave ${event.wave} ran out of time; deferred: ${event.deferred.join(', ') || 'nothing'}`) };
    case 'resource_acquired':
      return { line: `  ${event.task} holds ${event.resources.map(oneLine).join(', ')}`, quiet: true };
    case 'resource_released':
      return { line: `  ${event.task} gave back ${event.resources.map(oneLine).join(', ')}`, quiet: true };
    case 'hot_update':
      return { line: `⚡ patch ${oneLine(event.patchId)} applied${by(event)}: ${newsText(event)}; graph version ${event.version}` };
    case 'alert':
      return { line: alertText(event), ...(event.state === 'firing' && event.action === 'pause' && { more: [`tasks resume ${execution}`] }) };
    case 'alert_not_written':
      return { line: style('yellow', `alert ${oneLine(event.alert)} could not be written to ${oneLine(event.file)}: ${oneLine(event.reason)}`) };
    case 'late_edge':
      return { line: lateEdgeText(event) };
    case 'late_edges':
      return { line: lateEdgesText(event) };
    case 'resource_limit':
      return { line: style('yellow', limitText(event)) };
    case 'worker_missing':
      return {
        line: `${style('yellow', '?')} ${counted(event.tasks, 'task waits', 'tasks wait')}: ${event.missing.length > 0 ? `no worker can do ${event.missing.map(oneLine).join(', ')}` : 'no one worker can do all they ask for'}; start one:`,
        more: [`tasks worker ${event.capabilities.map((name) => `--capability ${shellWord(name)}`).join(' ')}`],
      };
    case 'request_rejected':
      return { line: style('yellow', `request ${oneLine(event.request)} refused: ${oneLine(event.reason)} [${oneLine(event.code)}]`) };
    case 'task_compensating':
      return { line: `↶ ${named(event.task)} is being undone${attempt(event.attempt)}`, ...(event.rollback !== undefined && { quiet: true }) };
    case 'task_rolled_back':
      return { line: `${style('green', '↶')} ${named(event.task)} undone${attempt(event.attempt)}` };
    case 'task_not_rolled_back':
      return { line: style('yellow', `${event.task} was not undone (${stateWord(event.state)}): ${oneLine(event.reason)}`) };
    case 'rollback_started':
      return { line: `rollback${by(event)} of ${oneLine(targetText(event.target))}: ${counted(event.tasks, 'task', 'tasks')}`, more: [`tasks watch ${event.rollback}`] };
    case 'rollback_finished':
      return { line: `rollback ${event.outcome}: ${event.undone} undone${event.notUndone > 0 ? style('yellow', `, ${event.notUndone} not undone`) : ''}` };
    case 'circuit_breaker':
      return breakerText(event);
    case 'breaker_ended':
      return endedBreakerText(event, execution);
    case 'task_quarantined':
      return quarantinedText(event, { execution, named });
    case 'quarantine_unknown':
      return { line: style('yellow', `! it is not known which tasks are quarantined, none is left out: ${oneLine(event.reason)}`) };
    case 'task_self_heal':
      return { line: style('yellow', `↻ ${named(event.task)}: ${oneLine(event.strategy)} (${event.step}, turn ${event.turn} of ${event.turns})`) };
    case 'task_mended':
      return { line: mendedText(event) };
    case 'task_limits_raised':
      return { line: style('yellow', `↑ ${named(event.task)}: ${raisedText(event)} for its next attempt`) };
    default:
      return unreachable(event);
  }
};

const percentText = (percent: number | undefined): string => (percent === undefined ? '' : ` (${Math.round(percent)} %)`);

const checkpointText = ({ task, checkpoint, percent, files, bytes, stored, rollbackCapable }: Extract<EventBody, { readonly type: 'task_checkpoint' }>): string => {
  const kept = stored === false ? style('yellow', ', nothing was kept') : style('dim', files === 0 ? '' : ` ${counted(files, 'file', 'files')}, ${size(bytes)}`);
  return `${style('green', '✓')} ${style('bold', task)} checkpoint ${oneLine(checkpoint)}${percentText(percent)}${kept}${rollbackCapable === false ? style('yellow', ': no way back from here') : ''}`;
};

const UNANSWERED: Readonly<Record<ApprovalPolicy['onTimeout'], string>> = { fail: 'it fails', skip: 'it is skipped', proceed: 'it starts all the same' };

const LEVELS: Readonly<Record<Pressure, string>> = { none: 'is over', soft: 'nothing new starts', hard: 'nothing runs that can wait' };

const limitText = ({ level, host, metric, value, limit }: Extract<EventBody, { readonly type: 'resource_limit' }>): string => {
  const where = host === undefined ? '' : ` on ${oneLine(host)}`;
  const unit = metric === 'error_rate' ? ' a minute' : ' %';
  const figures = value === undefined || limit === undefined ? '' : ` ${Math.round(value)}${unit}, limit ${limit}${unit}`;
  const what = metric === 'error_rate' ? 'failed attempts' : (metric ?? 'pressure');
  return level === 'none' ? `resource limit${where} is over` : `RESOURCE_LIMIT_EXCEEDED${where}: ${what}${figures}: ${LEVELS[level]}`;
};

const by = (request: { readonly by?: string; readonly reason?: string }): string => {
  const who = request.by === undefined ? '' : ` by ${oneLine(request.by)}`;
  return request.reason === undefined ? who : `${who} (${oneLine(request.reason)})`;
};

const retryIn = (event: { readonly retryAt?: number; readonly at: number }): string =>
  event.retryAt === undefined ? '' : ` in ${duration(event.retryAt - event.at)}`;
