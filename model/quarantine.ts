/**
 * The contract of the `quarantine` workflow, `quarantine/<task queue>`: which tasks are parked until a person revives
 * them, by the name of their plan. Executions add to it what they quarantine, and ask it when they begin.
 *
 * It keeps the last word on a task, by the time at which it was said: a message that arrives late, or twice, changes
 * nothing. So a task that was revived is not parked again by what had been said before.
 */
import type { ErrorKind, FailureClass } from './attempt.ts';
import type { ExecutionId, TaskId } from './ids.ts';

/** A list of {@link QuarantineNews}. */
export const QUARANTINE_SIGNAL = { tell: 'tell' } as const;
/** Takes a {@link ReviveRequest}, answers the {@link QuarantineEntry} that was. */
export const QUARANTINE_UPDATE = { revive: 'revive' } as const;
/** Takes a {@link QuarantineQuery}, answers a {@link QuarantinePage}. */
export const QUARANTINE_QUERY = { list: 'list' } as const;

/** Tasks of one register: all of it is handed from run to run as one payload. Beyond them none is taken in; none is ever dropped. */
export const MAX_QUARANTINED = 500;
/** Revived tasks that are remembered, against what arrives late. */
export const MAX_REVIVED = 500;
/** What one message tells. */
export const MAX_NEWS = 100;
const MAX_PLAN = 200;
const MAX_WORDS = 200;
const MAX_WHO = 64;

/** Why a task is parked, and who says so. */
export interface QuarantineCause {
  /** A breaker or a step of the ladder, or the person who asked for it. */
  readonly by: string;
  /** What a person gave as reason. */
  readonly reason?: string;
  /** Of the last failed attempt, if there was one; `message` is redacted. */
  readonly class?: FailureClass;
  readonly kind?: ErrorKind;
  readonly message?: string;
}

export interface QuarantineEntry extends QuarantineCause {
  /** Name of the plan, as {@link planKey} has it. */
  readonly plan: string;
  readonly task: TaskId;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Where it was quarantined, and how many attempts it had had there. */
  readonly execution: ExecutionId;
  readonly attempt: number;
}

/** From an execution: it has quarantined a task, or a person has had it tried again there. */
export type QuarantineNews = ({ readonly type: 'quarantined' } & QuarantineEntry) | { readonly type: 'revived'; readonly plan: string; readonly task: TaskId; readonly at: number };

export interface ReviveRequest {
  readonly plan: string;
  readonly task: string;
  readonly by?: string;
  readonly reason?: string;
}

export interface QuarantineQuery {
  /** Only of this plan. */
  readonly plan?: string;
  readonly from?: number;
  readonly limit?: number;
}

export interface QuarantinePage {
  /** By plan and task. */
  readonly items: readonly QuarantineEntry[];
  /** Pass as `from` to get the next page; undefined at the end. */
  readonly next?: number;
  /** There are {@link MAX_QUARANTINED}, of all plans: no other task is taken in. */
  readonly full: boolean;
}

/** Of one line at most, and short: entries are many, and texts of failures are anybody's. */
const words = (text: string, most: number): string => {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1).replace(/\p{Surrogate}$/u, '')}…` : line;
};

/** The name by which a register knows a plan: such as can be shown on a line, and typed. */
export const planKey = (name: string): string => words(name, MAX_PLAN);

/** The same with texts as short as a register takes them. */
export const bounded = ({ by, reason = '', message = '', ...rest }: QuarantineCause): QuarantineCause => {
  const [why, what] = [words(reason, MAX_WORDS), words(message, MAX_WORDS)];
  return { ...rest, by: words(by, MAX_WHO) || 'unknown', ...(why !== '' && { reason: why }), ...(what !== '' && { message: what }) };
};

export const isPlanKey = (text: string): boolean => text === planKey(text);
export const isWho = (text: string): boolean => text !== '' && text === words(text, MAX_WHO);
export const isWords = (text: string): boolean => text !== '' && text === words(text, MAX_WORDS);
