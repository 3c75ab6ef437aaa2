/** Waiting for an execution with everything around it: progress, leaving, the end, the exit code. */
import type { StoredPlan } from '../../model/graph.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { EXIT } from '../../model/problem.ts';
import type { ExitCode } from '../../model/problem.ts';
import type { TasksClient } from '../api.ts';
import type { Context } from './context.ts';
import { follow, SILENCE_MS } from './follow.ts';
import type { Silence } from './follow.ts';
import { runViews } from './run-views.ts';
import { warnOfVersion } from './version-warning.ts';
import { exitOf, makeReport } from './view/report.ts';
import { summaryText } from './view/summary-text.ts';

export interface AttendOptions {
  readonly client: TasksClient;
  readonly execution: ExecutionId;
  /** When it is at hand: titles and estimates come from it. */
  readonly plan?: StoredPlan;
  /** The plan as it was named, for the command that resumes it. */
  readonly planReference?: string;
  /** The command that tries it again, where that is no execution of a plan that has a name. */
  readonly again?: string;
  readonly lines: 'progress' | 'answer';
  /** A worker inside this command stops when it ends. */
  readonly hasWorker: boolean;
  readonly broken?: Promise<never>;
  /** It took over what an earlier execution had finished. */
  readonly resumed?: boolean;
  /** Server and run end with the command: there is nothing to come back to. */
  readonly ephemeral?: true;
}

export const attend = async (context: Context, options: AttendOptions): Promise<ExitCode> => {
  const { client, execution, plan, planReference, lines, hasWorker, broken } = options;
  const { out } = context;
  const titles = new Map(plan?.graph.tasks.flatMap((task) => (task.title === undefined ? [] : [[task.id, task.title] as const])));
  const followed = await follow(context, {
    client,
    execution,
    views: runViews(context, { execution, titles, lines }),
    onSilence: (silence) => out.warn(silenceText(silence, hasWorker)),
    ...(broken && { broken }),
    resumed: options.resumed ?? false,
  });
  if (!followed.ended && options.ephemeral) {
    out.progress(`Stopped ${execution}`);
    return EXIT.aborted;
  }
  if (!followed.ended) {
    for (const line of leavingLines(execution, hasWorker)) out.progress(line);
    if (out.format === 'json') out.answer({ executionId: execution, detached: true }, () => '');
    return EXIT.ok;
  }
  warnOfVersion(context, followed.state);
  const webUrl = options.ephemeral ? undefined : client.webUrl(execution);
  const report = makeReport({
    executionId: execution,
    outcome: followed.outcome,
    board: followed.board,
    ...(followed.state && { state: followed.state }),
    ...(plan && { estimates: new Map(plan.graph.tasks.flatMap((task) => (task.estimateMs === undefined ? [] : [[task.id, task.estimateMs] as const]))) }),
    ...(webUrl !== undefined && { webUrl }),
  });
  if (out.format !== 'jsonl') {
    out.answer(report, () => summaryText({ report, width: out.width, next: !options.ephemeral, ...(planReference !== undefined && { planReference }), ...(options.again !== undefined && { again: options.again }), isChanged: plan?.fields['preflight'] !== undefined }));
  }
  return exitOf(report);
};

const silenceText = ({ serverAnswers, problem }: Silence, hasWorker: boolean): string => {
  if (problem) return `${problem.message}; it keeps waiting${problem.hint === undefined ? '' : `: ${problem.hint}`}`;
  const seconds = SILENCE_MS / 1000;
  if (!serverAnswers) return `the server has not answered for ${seconds} s; waiting for it`;
  return hasWorker
    ? `the worker has not taken the execution for ${seconds} s; it keeps waiting`
    : `no worker has taken the execution for ${seconds} s; it keeps waiting: start one with \`tasks worker\``;
};

const leavingLines = (execution: ExecutionId, hasWorker: boolean): readonly string[] => [
  hasWorker
    ? `Left ${execution}. The worker of this command stops too: the execution goes on when another one runs (\`tasks worker\`).`
    : `Left ${execution}. It goes on.`,
  `Come back: tasks execute --execution ${execution}`,
  `End it:    tasks abort ${execution}`,
];
