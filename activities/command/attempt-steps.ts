/** The order of an attempt: the executor's command, then `smoke`, then the acceptance checks. */
import type { TaskSpec } from '../../model/graph.ts';
import type { CheckContext } from '../check/check.ts';
import { runChecks } from '../check/run-checks.ts';
import type { ExecutorSteps } from '../executors/executor.ts';
import type { AttemptSession } from './attempt-session.ts';
import { tellingLine } from '../failure/telling-line.ts';
import { verdictOf, type FailedVerdict, type Verdict } from './attempt-verdict.ts';
import type { RunReport } from './launcher/protocol.ts';
import type { CommandEnd } from './run-command.ts';

export type Phase = 'command' | 'smoke' | 'checks' | 'compensation';

export interface StepsRequest {
  readonly spec: TaskSpec;
  readonly steps: Extract<ExecutorSteps, { ok: true }>;
  readonly session: AttemptSession;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly checks: Pick<CheckContext, 'workspace' | 'metricsFile' | 'startedAt'>;
  readonly onPhase: (phase: Phase) => void;
}

export interface StepsEnd {
  readonly verdict: Verdict;
  /** Of the task's own command, when it has one and it ended. */
  readonly report?: RunReport;
}

const asCheck = (verdict: FailedVerdict, check: string): Verdict => ({ ...verdict, reason: 'check', check });

export const runSteps = async ({ spec, steps, session, signal, timeoutMs, checks, onPhase }: StepsRequest): Promise<StepsEnd> => {
  const verdict = (end: CommandEnd, subject: string): Verdict => verdictOf({ end, subject, timeoutMs, stopReason: signal.reason });
  let report: RunReport | undefined;
  const done = (last: Verdict): StepsEnd => ({ verdict: last, ...(report ? { report } : {}) });

  if (steps.command !== undefined) {
    onPhase('command');
    const end = await session.run({ command: steps.command, reports: true });
    if ('report' in end) report = end.report;
    const result = verdict(end, 'The command');
    if (result.outcome !== 'succeeded') return done(result);
  }
  if (!steps.verify) return done({ outcome: 'succeeded' });

  if (spec.smoke !== undefined && spec.smoke.trim() !== '') {
    onPhase('smoke');
    const result = verdict(await session.run({ command: spec.smoke, heading: `--- smoke: ${spec.smoke}` }), 'The smoke test');
    if (result.outcome === 'failed' && (result.reason === 'exit' || result.reason === 'signal')) return done(asCheck(result, `smoke: ${spec.smoke}`));
    if (result.outcome !== 'succeeded') return done(result);
  }

  if (spec.checks && spec.checks.length > 0) {
    onPhase('checks');
    const run: CheckContext['run'] = (request) => session.runForCheck({ ...request, heading: `--- check: ${request.command}` });
    const bad = await runChecks(spec.checks, { ...checks, run });
    if (bad?.result.status === 'interrupted') return done(verdict(bad.result.end, 'An acceptance check'));
    if (bad?.result.status === 'failed') {
      const { message, exitCode, tail } = bad.result;
      const line = tail === undefined ? undefined : tellingLine(tail);
      const text = `An acceptance check failed: ${bad.check}: ${message}${line === undefined ? '.' : `: ${line}`}`;
      return done({ outcome: 'failed', reason: 'check', check: bad.check, message: text, exitCode, tail });
    }
  }
  // Nothing was running when it was asked to stop, but what it was asked counts.
  return done(signal.aborted ? verdict({ kind: 'stopped', report: undefined }, 'The command') : { outcome: 'succeeded' });
};
