/** Which executions an execution goes back to, and where their checkpoints lie. */
import type { Client } from '@temporalio/client';
import { defaultCheckpoints } from '../model/checkpoint.ts';
import type { CheckpointSource } from '../model/checkpoint.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import { isExecutionId } from '../model/ids.ts';
import { readExecutionInput } from '../model/input-guard.ts';
import type { ExecutionInput } from '../model/message.ts';
import { executionHistory } from './history.ts';
import type { HistoryRequest } from './history.ts';
import { firstValue } from './payload.ts';

/** More of them in a row than anybody has had the patience for. */
const MAX_GENERATIONS = 50;

const startInput = async (request: HistoryRequest): Promise<ExecutionInput | undefined> => {
  for await (const { event } of executionHistory(request)) {
    const input = readExecutionInput(await firstValue(request.client, event.workflowExecutionStartedEventAttributes?.input));
    return input.ok ? input.value : undefined;
  }
  return undefined;
};

/**
 * The execution itself, the one that it resumed, and so on; ends where the server has forgotten one.
 * `codebasePath` of a plan is the workspace of those whose input names none.
 */
export const lineageOf = async (options: {
  readonly client: Client;
  readonly execution: ExecutionId;
  readonly codebasePath: (plan: ContentHash) => Promise<string | undefined>;
}): Promise<readonly CheckpointSource[]> => {
  const { client, codebasePath } = options;
  const sources: CheckpointSource[] = [];
  let execution: ExecutionId | undefined = options.execution;
  while (execution !== undefined && sources.length < MAX_GENERATIONS) {
    const input: ExecutionInput | undefined = await startInput({ client, execution }).catch(() => undefined);
    if (!input) break;
    const workspace = input.workspace ?? (await codebasePath(input.plan).catch(() => undefined));
    const directory = input.checkpoints ?? (workspace === undefined ? undefined : defaultCheckpoints(workspace));
    if (directory !== undefined) sources.push({ execution, directory });
    const next: ExecutionId | undefined = input.resumeFrom;
    execution = next !== undefined && isExecutionId(next) && !sources.some((source) => source.execution === next) ? next : undefined;
  }
  return sources;
};
