/** The checkpoints of an execution and of those that it resumed, from their events. */
import type { ExecutionId } from '../../model/ids.ts';
import type { TasksClient } from '../api.ts';
import { RunBoard } from './view/run-board.ts';
import type { PassedCheckpoint } from './view/run-board.ts';

export interface PassedBy {
  readonly execution: ExecutionId;
  readonly event: PassedCheckpoint;
}

export interface PassedCheckpoints {
  /** In the order in which they were passed: those of earlier executions first. */
  readonly passed: readonly PassedBy[];
  /** Of the execution itself. */
  readonly board: RunBoard;
}

/** Ends where the server has forgotten an execution. */
export const passedCheckpoints = async (client: TasksClient, execution: ExecutionId): Promise<PassedCheckpoints> => {
  const own = await boardOf(client, execution);
  const generations = [{ execution, board: own }];
  const seen = new Set([execution]);
  for (let from = own.resumedFrom; from !== undefined && !seen.has(from); ) {
    seen.add(from);
    const board = await boardOf(client, from).catch(() => undefined);
    if (!board) break;
    generations.unshift({ execution: from, board });
    from = board.resumedFrom;
  }
  return { board: own, passed: generations.flatMap((generation) => generation.board.checkpoints.map((event) => ({ execution: generation.execution, event }))) };
};

const boardOf = async (client: TasksClient, execution: ExecutionId): Promise<RunBoard> => {
  const board = new RunBoard();
  for await (const event of client.events(execution)) board.apply(event);
  return board;
};
