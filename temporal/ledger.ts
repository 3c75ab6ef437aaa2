/** The provenance record of an execution: read from Temporal's history alone, and written as a file. */
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { ContentHash } from '../model/ids.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { AcceptedFindings } from '../model/accepted.ts';
import { TasksError } from '../model/problem.ts';
import { AttemptHistory } from './attempt-history.ts';
import { parseAcceptedOfInput, parsePlanOfInput } from './attempt.schema.ts';
import { executionHistory } from './history.ts';
import type { HistoryRequest } from './history.ts';
import { createLedgerFile } from './ledger-file.ts';
import { compareLines, lineOfAccepted, lineOfCrossing, lineOfResult, lineOfRollback, lineOfUnreported } from './ledger-line.ts';
import { firstValue } from './payload.ts';
import { PressureHistory } from './pressure-history.ts';
import { ProgressHistory } from './progress-history.ts';
import { RollbackHistory } from './rollback-history.ts';

/**
 * One line for every attempt that has ended, for every limit that a host of its workers has crossed, and for the end of a
 * rollback, in the order of time; of an open execution, up to now. Needs
 * no worker, and reads terminated executions too. An attempt that was open when its execution was terminated
 * counts as its child says (`orphaned`, as a rule), and as lost at that moment where no child says anything.
 *
 * @throws TasksError TASKS3001 for an unknown execution, TASKS4004 when a part of its history is past retention,
 * TASKS4006 for a history that another version or codec wrote.
 */
export const readLedger = async (request: HistoryRequest): Promise<LedgerLine[]> => {
  const attempts = new AttemptHistory(request);
  const pressure = new PressureHistory(request);
  const rollback = new RollbackHistory(request);
  const progress = new ProgressHistory(request);
  let plan: ContentHash | undefined;
  let accepted: { readonly at: number; readonly findings: readonly AcceptedFindings[] } | undefined;
  for await (const record of executionHistory(request)) {
    const started = record.event.workflowExecutionStartedEventAttributes;
    if (started && record.run === 0) {
      const input = await firstValue(request.client, started.input);
      plan = parsePlanOfInput(input);
      accepted = { at: tsToMs(record.event.eventTime), findings: parseAcceptedOfInput(input) };
    }
    await attempts.add(record);
    await pressure.add(record);
    await rollback.add(record);
    await progress.add(record);
    const { event } = record;
    if (event.workflowExecutionTerminatedEventAttributes ?? event.workflowExecutionTimedOutEventAttributes) await attempts.closeAt(event);
  }
  const ended = [...attempts.ended];
  const { concluded } = rollback;
  const wasAccepted = accepted && accepted.findings.length > 0 ? accepted : undefined;
  if (ended.length === 0 && pressure.crossings.length === 0 && !concluded && !wasAccepted) return [];
  if (!plan) throw planUnknown(request);
  const head = { execution: request.execution, plan };
  const lines: LedgerLine[] = ended.map((end) => ('result' in end ? lineOfResult(head, end.result, progress.of(end.result)) : lineOfUnreported(head, end.unreported, progress.of(end.unreported))));
  return [...(wasAccepted ? [lineOfAccepted(head, wasAccepted)] : []), ...lines, ...pressure.crossings.map((crossing) => lineOfCrossing(head, crossing)), ...(concluded ? [lineOfRollback(head, concluded)] : [])].sort(compareLines);
};

/**
 * Writes `provenance/<minute of the start>.jsonl` under the workspace, whole or not at all, and answers its path.
 * Writing the same execution's ledger again replaces its file; another's of the same minute is left alone, and
 * the name gets a number (`2025-08-19T00-02Z-2.jsonl`).
 *
 * @throws TasksError TASKS4003 when it cannot be written.
 */
export const writeLedgerFile = async (request: {
  readonly lines: readonly LedgerLine[];
  readonly workspace: string;
  readonly startedAt: Date;
}): Promise<string> => {
  const { lines, workspace } = request;
  const stem = `${request.startedAt.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length).replace(':', '-')}Z`;
  try {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    return await createLedgerFile({ workspace, stem, text, owner: lines[0]?.execution_id });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Mend the permissions or the space of the workspace; `tasks ledger` writes it again at any time from Temporal.';
    throw new TasksError({ code: 'TASKS4003', message: `The ledger cannot be written under ${workspace}: ${why}.`, hint }, { cause });
  }
};

const planUnknown = ({ execution }: HistoryRequest): TasksError =>
  new TasksError({
    code: 'TASKS4006',
    message: `The input of execution ${execution} names no plan.`,
    hint: 'Read it with the version of tasks that started it.',
  });
