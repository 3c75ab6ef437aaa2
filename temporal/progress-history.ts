/**
 * The points that attempts told their execution while they ran, from its history: of one that was lost, or that was open
 * when its execution was terminated, there is no other word.
 */
import type { Client } from '@temporalio/client';
import type { CheckpointPoint, ResumedPoint } from '../model/checkpoint.ts';
import type { TaskId } from '../model/ids.ts';
import { INTERNAL_SIGNAL } from '../model/message.ts';
import { readAttemptProgress } from '../model/progress-guard.ts';
import type { ExecutionEventRecord } from './history.ts';
import { firstValue } from './payload.ts';

interface Heard {
  readonly checkpoints?: readonly CheckpointPoint[];
  readonly resumed?: ResumedPoint;
}

const keyOf = ({ task, attempt }: { readonly task: TaskId; readonly attempt: number }): string => `${task}/${attempt}`;

export class ProgressHistory {
  readonly #client: Client;
  readonly #heard = new Map<string, Heard>();
  #firstRunId: string | undefined;

  constructor({ client }: { readonly client: Client }) {
    this.#client = client;
  }

  of(attempt: { readonly task: TaskId; readonly attempt: number }): Heard {
    return this.#heard.get(keyOf(attempt)) ?? {};
  }

  /** Takes the next event; they must come in order. What cannot be read, or is meant for another execution, says nothing. */
  async add({ run, runId, event }: ExecutionEventRecord): Promise<void> {
    if (run === 0) this.#firstRunId = event.workflowExecutionStartedEventAttributes?.firstExecutionRunId || (this.#firstRunId ?? runId);
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (signalName !== INTERNAL_SIGNAL.attemptProgress) return;
    const told = readAttemptProgress(await firstValue(this.#client, input).catch(() => undefined));
    if (!told || told.firstRunId !== this.#firstRunId) return;
    const { checkpoints: known = [], resumed } = this.of(told);
    const isNew = ({ n }: CheckpointPoint): boolean => n > (known.at(-1)?.n ?? 0);
    const checkpoints = [...known, ...(told.checkpoints ?? []).filter(isNew)];
    const from = resumed ?? told.resumed;
    this.#heard.set(keyOf(told), { ...(checkpoints.length > 0 && { checkpoints }), ...(from && { resumed: from }) });
  }
}
