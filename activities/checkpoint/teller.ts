/**
 * Tells the execution of an attempt under way, by as few signals as will do: each is three events of its history.
 * What cannot be told now is told with the next; what is never told is in the attempt's result.
 */
import type { AttemptProgress, CheckpointPoint } from '../../model/checkpoint.ts';
import type { ProgressPlan } from '../../model/graph.ts';
import type { News } from './recorder.ts';

/** Between two reports of progress alone, unless the plan says otherwise. */
const PROGRESS_MS = 5_000;
/** Between any two. */
const ANY_MS = 1_000;
/** After one that failed. */
const AGAIN_MS = 5_000;

export interface Teller extends Disposable {
  /** `plan` says what of it, and how often. */
  tell(news: News, plan?: ProgressPlan): void;
}

export interface TellerOptions {
  readonly about: Pick<AttemptProgress, 'firstRunId' | 'task' | 'attempt'>;
  /** Rejects when it could not be told; answers false when nobody is there any more. */
  readonly send: (progress: AttemptProgress) => Promise<boolean>;
}

export const createTeller = ({ about: { firstRunId, task, attempt }, send }: TellerOptions): Teller => {
  let everyMs = PROGRESS_MS;
  let pending: News = {};
  let timer: NodeJS.Timeout | undefined;
  let isSending = false;
  let isOver = false;
  let toldAt = -Infinity;

  const isEmpty = (): boolean => Object.keys(pending).length === 0;

  const schedule = (): void => {
    if (isOver || isSending || isEmpty()) return;
    clearTimeout(timer);
    const isUrgent = pending.checkpoints !== undefined || pending.resumed !== undefined || pending.refused !== undefined;
    timer = setTimeout(() => void flush(), Math.max(0, toldAt + (isUrgent ? ANY_MS : everyMs) - performance.now()));
    // The attempt does not wait for it.
    timer.unref();
  };

  const flush = async (): Promise<void> => {
    const now = pending;
    pending = {};
    isSending = true;
    try {
      isOver ||= !(await send({ firstRunId, task, attempt, ...now }));
      toldAt = performance.now();
    } catch {
      // In the order in which it happened, what came meanwhile after it.
      pending = merged(now, pending);
      toldAt = performance.now() + AGAIN_MS - ANY_MS;
    }
    isSending = false;
    schedule();
  };

  return {
    tell: ({ percent, checkpoints, ...rest }, { everyMs: stated = PROGRESS_MS, reporting = 'percentage_and_checkpoint' } = {}) => {
      everyMs = stated;
      const says = (what: string): boolean => reporting === 'percentage_and_checkpoint' || reporting === what;
      pending = merged(pending, {
        ...rest,
        ...(percent !== undefined && says('percentage') && { percent }),
        ...(checkpoints && says('checkpoint') && { checkpoints }),
      });
      schedule();
    },
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
};

const merged = (first: News, then: News): News => {
  const checkpoints: readonly CheckpointPoint[] = [...(first.checkpoints ?? []), ...(then.checkpoints ?? [])];
  const refused = [...(first.refused ?? []), ...(then.refused ?? [])];
  return { ...first, ...then, ...(checkpoints.length > 0 && { checkpoints }), ...(refused.length > 0 && { refused }) };
};
