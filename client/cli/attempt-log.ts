/** Finding and reading the log of one attempt. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isTaskId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import type { TaskView } from '../../model/message.ts';
import { TasksError } from '../../model/problem.ts';
import type { TasksClient } from '../api.ts';

export interface AttemptLog {
  readonly attempt: number;
  /** Absolute path on this host. */
  readonly path: string;
  /** False once the attempt has ended: nothing more is written. */
  readonly running: boolean;
}

export interface AttemptLogRequest {
  readonly execution: ExecutionId;
  readonly task: string;
  /** The latest unless stated. */
  readonly attempt?: number;
}

/**
 * An attempt that has ended says itself where its log is; of one that still runs the path is known.
 * @throws TasksError TASKS3004 for an unknown task, TASKS3005 when nothing has run yet, TASKS4005 when the
 * log is on another host.
 */
export const findAttemptLog = async (client: TasksClient, { execution, task, attempt }: AttemptLogRequest): Promise<AttemptLog> => {
  if (!isTaskId(task)) throw new TasksError({ code: 'TASKS3004', message: `${JSON.stringify(task)} cannot be the id of a task` });
  const [ledger, view] = await Promise.all([client.ledger(execution), currentView(client, execution, task)]);
  const lines = ledger.filter(isAttemptLine).filter((line) => line.task_id === task);
  if (view instanceof Error && lines.length === 0) throw view;
  const latest = Math.max(0, ...lines.map((line) => line.attempt), view instanceof Error ? 0 : view.attempt);
  const wanted = attempt ?? latest;
  if (wanted === 0) throw notStarted({ execution, task }, `task ${task} has not started yet`);
  if (wanted > latest) throw notStarted({ execution, task }, `task ${task} has had ${latest} attempt${latest === 1 ? '' : 's'}`);
  const line = lines.findLast((candidate) => candidate.attempt === wanted);
  const path = line?.log ?? join((await client.state(execution)).workspace, '.tasks', execution, task, `${wanted}.log`);
  if (line === undefined || (await exists(path))) return { attempt: wanted, path, running: line === undefined };
  if (line.host !== hostname()) throw elsewhere(`attempt ${wanted} of ${task}`, { host: line.host, path });
  return { attempt: wanted, path, running: false };
};

/** How the task stands, or why nobody says so; the history has the attempts all the same. */
const currentView = (client: TasksClient, execution: ExecutionId, task: TaskId): Promise<TaskView | Error> =>
  client.task(execution, task).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

const notStarted = ({ execution, task }: AttemptLogRequest, message: string): TasksError =>
  new TasksError({ code: 'TASKS3005', message, hint: `\`tasks status ${execution} --tasks\` shows what ${task} waits for` });

/** An attempt that was lost has not said where it ran. */
const elsewhere = (what: string, { host, path }: { readonly host: string; readonly path: string }): TasksError =>
  host === ''
    ? new TasksError({ code: 'TASKS4005', message: `the log of ${what} is not on this host, and the attempt was lost before it said where it ran`, hint: `if it has written anything, on its host: ${path}` })
    : new TasksError({ code: 'TASKS4005', message: `the log of ${what} is on another host`, hint: `on ${host}: ${path}` });

const exists = (path: string): Promise<boolean> => stat(path).then((found) => found.isFile(), () => false);

/** Reads from `from`; answers where it stopped. A file that was rotated is read from its beginning again. */
export const readLog = async (path: string, from: number, write: (text: string) => void): Promise<number> => {
  const size = await stat(path).then((found) => found.size, () => undefined);
  if (size === undefined || size === from) return from;
  let at = size < from ? 0 : from;
  // A character may lie across two chunks.
  const decoder = new TextDecoder();
  for await (const chunk of createReadStream(path, { start: at, end: size - 1 })) {
    const bytes: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    at += bytes.length;
    write(decoder.decode(bytes, { stream: true }));
  }
  write(decoder.decode());
  return at;
};
