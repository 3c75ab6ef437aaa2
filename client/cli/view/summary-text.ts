/** The final summary of a run, after S.L.A.P.S. "Final metrics". */
import type { FailedTask } from '../../../model/message.ts';
import type { Resolutions } from '../../../model/self-heal.ts';
import { shellWord } from '../../../model/shell-word.ts';
import { pad, style, truncate, widthOf } from '../markup.ts';
import { duration, estimate } from '../time-text.ts';
import { stateCountsText, whenTerminated } from './counts-text.ts';
import { failedHead, failedMore } from './failed-text.ts';
import { tailLines } from './line-view.ts';
import { isResumable } from './report.ts';
import type { RunReport, SlowTask } from './report.ts';
import { outcomeText, undoneLines } from './rollback-text.ts';

export interface SummaryOptions {
  readonly report: RunReport;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
  /** The plan as it was named, for the command that resumes it. */
  readonly planReference?: string;
  /** The command that tries it again, instead. */
  readonly again?: string;
  /** A preflight has changed the plan: it is not known by what it was named. */
  readonly isChanged?: boolean;
  /** Whether to say what to do next; yes unless stated. */
  readonly next?: boolean;
}

const FAILED_SHOWN = 10;
const TAIL_LINES = 3;
/** Where there is no terminal to say more: output without line ends comes 4 KB at a time. */
const TAIL_COLUMNS = 160;

export const summaryText = ({ report, width, planReference, again, isChanged = false, next = true }: SummaryOptions): string => {
  const fit = (line: string): string => (width > 0 ? truncate(line, width) : line);
  const { metrics } = report;
  const lines = [
    fit(headline(report)),
    fit(`  - Total time: ${duration(report.durationMs)}${estimateText(report)}`),
    fit(`  - Tasks${whenTerminated(report.outcome)}: ${stateCountsText(report.counts)}`),
    ...(metrics.resource_efficiency === null ? [] : [fit(`  - Slots used: ${Math.round(metrics.resource_efficiency * 100)} % on average`)]),
    fit(`  - Retries: ${metrics.retries_total} total`),
    ...resolvedLines(metrics.resolutions).map(fit),
    ...(metrics.circuit_breaker_activations > 0 ? [fit(`  - Circuit breakers: ${metrics.circuit_breaker_activations} triggered, ${metrics.circuit_breakers_resolved} resolved`)] : []),
    ...(metrics.hot_updates_applied > 0 ? [fit(`  - Hot updates: ${metrics.hot_updates_applied} applied`)] : []),
    ...(report.rollback ? undoneLines(report.rollback).map(fit) : []),
    ...(report.rolledBack ? [fit(`  - ${capital(outcomeText(report.rolledBack))}`)] : []),
    ...(metrics.checkpoints_saved + metrics.checkpoints_restored > 0 ? [fit(`  - Checkpoints: ${metrics.checkpoints_saved} saved, ${metrics.checkpoints_restored} restored`)] : []),
    ...slowestLines(report.slowest).map(fit),
    ...failedLines(report, fit),
    ...(report.webUrl === undefined ? [] : ['', `Web UI: ${report.webUrl}`]),
    ...(next ? ['', ...nextLines(report, { planReference, again, isChanged })] : []),
  ];
  return lines.join('\n');
};

const resolvedLines = ({ RESOLVED_AUTO: auto = 0, RESOLVED_HUMAN: human = 0, QUARANTINED: parked = 0 }: Resolutions): readonly string[] => {
  const parts = [...(auto > 0 ? [`${auto} by themselves`] : []), ...(human > 0 ? [`${human} by people`] : []), ...(parked > 0 ? [`${parked} quarantined`] : [])];
  return parts.length > 0 ? [`  - Errors resolved: ${parts.join(', ')}`] : [];
};

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const headline = (report: RunReport): string => {
  const text = `${report.executionId} ${report.outcome}`;
  return report.outcome === 'succeeded' ? style('green', `✓ ${text}`) : style('red', `✗ ${text}`);
};

const estimateText = ({ estimatedSeconds = 0, criticalPathSeconds = 0 }: RunReport): string =>
  estimatedSeconds === 0 ? '' : ` (vs ${estimate(estimatedSeconds * 1000)} of estimated work, ${estimate(criticalPathSeconds * 1000)} on the longest chain)`;

const slowestLines = (slowest: readonly SlowTask[]): readonly string[] => {
  if (slowest.length === 0) return [];
  const column = Math.max(...slowest.map(({ task }) => widthOf(task)));
  return ['  - Slowest:', ...slowest.map((slow) => `      ${pad(slow.task, column)}  ${duration(slow.durationMs).padStart(7)}${estimated(slow)}`)];
};

const estimated = ({ estimateMs }: SlowTask): string => (estimateMs === undefined ? '' : style('dim', `  estimated ${estimate(estimateMs)}`));

const failedLines = (report: RunReport, fit: (line: string) => string): readonly string[] => {
  if (report.failedTotal === 0) return [];
  const shown = report.failed.slice(0, FAILED_SHOWN).flatMap((task) => [...failedTask(task).map(fit), `      ${failedMore(report.executionId, task)}`]);
  const hidden = report.failedTotal - Math.min(FAILED_SHOWN, report.failed.length);
  return [`  - Failed:`, ...shown, ...(hidden > 0 ? [`      … and ${hidden} more: tasks status ${report.executionId} --tasks`] : [])];
};

const failedTask = (task: FailedTask): readonly string[] => {
  const { tail } = task;
  return [`      ${failedHead(task)}`, ...(tail === undefined ? [] : tailLines(tail).slice(-TAIL_LINES).map((line) => truncate(`        │ ${line}`, TAIL_COLUMNS)))];
};

const nextLines = (report: RunReport, { planReference, again, isChanged }: { readonly planReference: string | undefined; readonly again: string | undefined; readonly isChanged: boolean }): readonly string[] => {
  const id = report.executionId;
  if (report.rollback && report.outcome !== 'succeeded') return [`Next: tasks rollback ${report.rollback.of} undoes what is left`];
  if (report.outcome === 'succeeded') return [`Next: tasks ledger ${id}`];
  if (again !== undefined) return [`Next: mend the cause, then ${again}`];
  if (!isResumable(report)) return [`Next: tasks status ${id} --tasks`];
  const plan = planReference === undefined || planReference === '-' ? 'PLAN' : shellWord(planReference);
  return [`Next: mend the cause, then tasks execute ${plan} --resume-from-checkpoint${isChanged ? ` --execution ${id}` : ''}`];
};
