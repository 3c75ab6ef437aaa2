/** What alerts are measured by, and which of them hold. Plain data, part of the scheduler's state. */

/** Attempts older than this do not count, */
export const WINDOW_MS = 10 * 60_000;
/** nor more than the newest so many; */
export const MAX_ENDED = 1_000;
/** and of fewer than this nothing is known. */
export const MIN_ATTEMPTS = 10;

export interface EndedAttempt {
  readonly at: number;
  readonly failed: boolean;
  /** Checkpoints that it made, and that could not be kept. */
  readonly kept?: number;
  readonly lost?: number;
}

export interface AlertState {
  /** When the execution began. */
  readonly since: number;
  /** When the conditions were looked at last. */
  lookedAt?: number;
  /** Something has happened since. */
  isDue: boolean;
  /** Oldest first. */
  ended: EndedAttempt[];
  /** Those that hold; `clearSince` when they do no more, and it is not told yet. */
  firing: { readonly name: string; readonly since: number; clearSince?: number }[];
}

/** From when on all attempts that ended are known: within the window, since the execution began, and as far back as the list goes when it is full. */
export const knownSince = ({ since, ended }: AlertState, now: number): number => {
  const [oldest] = ended;
  return Math.max(since, now - WINDOW_MS, ended.length >= MAX_ENDED ? (oldest?.at ?? 0) : 0);
};
