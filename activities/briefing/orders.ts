/** What an attempt runs, and what it is told beforehand: by its executor, by what failed before, by its specification. */
import { isBuiltInExecutor } from '../../model/executor.ts';
import type { AttemptInput } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import type { AttemptFiles } from '../command/attempt-files.ts';
import { readFailure } from '../command/attempt-result-file.ts';
import type { FailedVerdict } from '../command/attempt-verdict.ts';
import type { TaskSource } from '../command/task-source.ts';
import type { ExecutorSteps } from '../executors/executor.ts';
import { EXECUTORS } from '../executors/table.ts';
import { planExecutor } from '../executors/plan.ts';
import { brief } from './brief.ts';
import { lookAround } from './look-around.ts';

export interface Orders {
  readonly steps: Extract<ExecutorSteps, { ok: true }>;
  /** With what its executor brings. */
  readonly spec: TaskSpec;
  readonly environment: Readonly<Record<string, string>>;
  /** For the attempt's log. */
  readonly notes: readonly string[];
}

export interface OrdersRequest {
  readonly input: AttemptInput;
  readonly given: Given;
  readonly workspace: string;
  readonly files: AttemptFiles;
}

const failedAs = (reason: FailedVerdict['reason'], message: string): FailedVerdict => ({ outcome: 'failed', reason, message });

/** What its executor does. */
export interface Given {
  readonly steps: ExecutorSteps;
  /** With what its executor brings. */
  readonly spec: TaskSpec;
}

export const givenTo = async ({ source, input, spec }: { readonly source: TaskSource; readonly input: AttemptInput; readonly spec: TaskSpec }): Promise<Given> => {
  const ours = EXECUTORS.get(input.executor);
  if (ours) return { steps: ours.steps(spec), spec };
  const own = input.plan && (await source.executors(input.plan)).find(({ name }) => name === input.executor);
  return own ? planExecutor(own, spec) : { steps: { ok: false, message: `There is no executor called ${JSON.stringify(input.executor)}.` }, spec };
};

/** Writes files only where somebody is told something: by its plan's executor, by a briefing, or after a turn of context repair. */
export const ordersOf = async (request: OrdersRequest): Promise<Orders | FailedVerdict> => {
  const { input, workspace, files, given } = request;
  const { steps, spec } = given;
  if (!steps.ok) return failedAs('internal', steps.message);
  if (isBuiltInExecutor(input.executor) && !input.repairContext && !spec.briefing && !spec.answersPatch) return { steps, spec, environment: {}, notes: [] };
  const { unfit, findings } = input.repairContext ? await lookAround({ workspace, spec }) : { unfit: [], findings: [] };
  if (unfit.length > 0) return failedAs('spawn', `The workspace is not fit for another attempt: ${unfit.join('; ')}.`);
  const previous = await readFailure({ files, input });
  const { environment } = await brief({ input, spec, workspace, files, previous, findings });
  const notes = input.repairContext ? ['context repair: the workspace is fit', ...(previous ? [`attempt ${previous.attempt} failed: ${previous.message}`] : []), ...findings] : [];
  return { steps, spec, environment, notes };
};
