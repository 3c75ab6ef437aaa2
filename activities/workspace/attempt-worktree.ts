/**
 * The worktree of one attempt, from its begin to its end: its commands run in it; what they have changed is merged into the
 * workspace when all has passed; it is gone when the attempt is over.
 */
import { constants } from 'node:fs';
import { appendFile, lstat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { termsOf } from '../../model/workspace.ts';
import type { Repository } from '../../store/repository.ts';
import { findRepository } from '../../store/repository.ts';
import type { FailedVerdict, Verdict } from '../command/attempt-verdict.ts';
import { verdictOf } from '../command/attempt-verdict.ts';
import { commitMessage } from '../git/commit-task.ts';
import { inTurn } from '../git/git.ts';
import { capture } from './capture.ts';
import { bringIgnored } from './ignored-artifacts.ts';
import { readJournal } from './journal.ts';
import { makeLinks, removeLinks } from './links.ts';
import type { Linked } from './links.ts';
import { takeLock } from './lock.ts';
import { merge, refusalText } from './merge.ts';
import { mergedBefore, writeRecord } from './merge-record.ts';
import { recover } from './recover.ts';
import { addWorktree, keepWorktree, removeWorktree, removeWorktrees, worktreePath } from './worktree.ts';
import type { Worktree } from './worktree.ts';

/** For a merge of somebody else's, which takes a fraction of a second. */
const LOCK_WAIT_MS = 120_000;

export interface WorktreeRequest {
  readonly input: AttemptInput;
  readonly spec: TaskSpec;
  /** A real path. */
  readonly workspace: string;
  /** Of the task, for what its attempts leave. */
  readonly taskDirectory: string;
  /** An earlier attempt may have left something there. */
  readonly hasEarlier: boolean;
  readonly signal: AbortSignal;
}

/** What an attempt leaves that was merged. */
type Left = Pick<AttemptResult, 'artifacts' | 'unchanged' | 'commit' | 'touched'>;

/** What the attempt comes to. */
export interface Concluded extends Left {
  readonly verdict: Verdict;
  /** For the log, if there is anything to say. */
  readonly note?: string;
}

export interface ConcludeRequest {
  readonly verdict: Verdict;
  /** Declared artifacts as they are now in that directory, with paths relative to it. */
  readonly leaves: (workspace: string) => Promise<Pick<Left, 'artifacts' | 'unchanged'>>;
  /** What the attempt would report. */
  readonly result: (left: Left) => AttemptResult;
}

/** Disposed of, it is gone, unless it is to be kept. That never rejects: what cannot be removed is removed by the next attempt, or at the execution's end. */
export interface AttemptWorktree extends AsyncDisposable {
  /** Where its commands run: a real path. */
  readonly workspace: string;
  /** For the log, if there is anything to say of it. */
  readonly note: string | undefined;
  /** Merges what passed. Never rejects: what goes wrong is the attempt's failure. */
  conclude(request: ConcludeRequest): Promise<Concluded>;
}

export type OpenedWorktree =
  | { readonly kind: 'open'; readonly worktree: AttemptWorktree }
  /** It was merged before its worker died: this is what it reports, but for who reports it, and when. */
  | { readonly kind: 'merged'; readonly result: AttemptResult }
  | { readonly kind: 'refused'; readonly verdict: Verdict };

export const wantsWorktree = ({ input, spec }: Pick<WorktreeRequest, 'input' | 'spec'>): boolean => termsOf(input.workspaceTerms, spec.workspaceTerms).mode === 'worktree';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const refused = (message: string): OpenedWorktree => ({ kind: 'refused', verdict: { outcome: 'failed', reason: 'spawn', message } });
const unmerged = (message: string): FailedVerdict => ({ outcome: 'failed', reason: 'check', check: 'git merge', message });

const stoppedBy = ({ input: { timeoutMs }, signal }: WorktreeRequest): Verdict => verdictOf({ end: { kind: 'stopped', report: undefined }, subject: 'The merge', timeoutMs, stopReason: signal.reason });

/** One at a time: of this process by turns, of all by a lock. */
const alone = <T>({ top, gitDirectory }: Repository, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  inTurn(top, async () => {
    await using _lock = await takeLock({ directory: gitDirectory, waitMs: LOCK_WAIT_MS, signal });
    await recover({ top, gitDirectory });
    return work();
  });

/** A later attempt takes away the worktrees of those before it. */
const GIVEN_UP: FailedVerdict = { outcome: 'failed', reason: 'lost', message: 'Its worktree is gone: another attempt of the task has begun since.' };

const isThere = ({ top }: Worktree): Promise<boolean> => lstat(top).then(() => true, () => false);

const conclude = async (options: WorktreeRequest & { readonly repository: Repository; readonly worktree: Worktree; readonly links: readonly Linked[]; readonly request: ConcludeRequest }): Promise<Concluded> => {
  const { input, spec, workspace, taskDirectory, signal, repository, worktree, links, request } = options;
  const { verdict, leaves, result } = request;
  if (!(await isThere(worktree))) return { verdict: GIVEN_UP };
  const left = await leaves(worktree.workspace);
  await removeLinks(links);
  const captured = await capture(worktree, repository);
  if (typeof captured === 'string') return { verdict: unmerged(`Its changes cannot be merged: ${captured}.`) };
  const { tree, touched } = captured;
  return alone(repository, signal, async () => {
    // Again: within the lock nobody takes it away.
    if (!(await isThere(worktree))) return { verdict: GIVEN_UP };
    const written = (left.artifacts ?? []).flatMap(({ path, hash }) => (hash === undefined ? [] : [path]));
    const bring = (): Promise<void> => bringIgnored({ tree: worktree.workspace, workspace, paths: written });
    if (tree === undefined) {
      await bring();
      return { verdict, ...left };
    }
    const record = (own: Left, commit: string): void => writeRecord(taskDirectory, { input, result: { ...result({ ...own, commit, touched }), commit } });
    const onAccepted = async (commit: string | undefined): Promise<void> => {
      await bring();
      if (commit !== undefined) record(left, commit);
    };
    const merged = await merge({ repository, start: worktree.start, tree, message: commitMessage(input, spec), onAccepted });
    if (!merged.ok) return { verdict: { outcome: 'failed', reason: merged.reason, message: refusalText(merged) } };
    const { commit, head } = merged;
    if (head === worktree.start) return { verdict, ...left, touched, ...(commit !== undefined && { commit }) };
    // Others have been merged meanwhile, perhaps into the same files.
    const together = await leaves(workspace);
    if (commit !== undefined) record(together, commit);
    return { verdict, ...together, touched, ...(commit !== undefined && { commit }) };
  });
};

const link = ({ input, spec, workspace }: WorktreeRequest, worktree: Worktree): ReturnType<typeof makeLinks> =>
  makeLinks({ workspace, tree: worktree.workspace, paths: termsOf(input.workspaceTerms, spec.workspaceTerms).link ?? [] });

const opened = (request: WorktreeRequest, repository: Repository, worktree: Worktree, made: { readonly links: readonly Linked[]; readonly missing: readonly string[] }): AttemptWorktree => {
  const { input, spec, workspace, signal } = request;
  const { links, missing } = made;
  const keeps = termsOf(input.workspaceTerms, spec.workspaceTerms).keepFailed === true;
  let isKept = false;
  const merged = async (asked: ConcludeRequest): Promise<Concluded> => {
    try {
      return await conclude({ ...request, repository, worktree, links, request: asked });
    } catch (error) {
      return { verdict: signal.aborted ? stoppedBy(request) : unmerged(`What it has changed could not be merged: ${messageOf(error)}.`) };
    }
  };
  const concluded = async (asked: ConcludeRequest): Promise<Concluded> => {
    if (asked.verdict.outcome !== 'succeeded') return { verdict: asked.verdict };
    const end = await merged(asked);
    // For its compensation, and for who looks at one that is kept.
    if (end.verdict.outcome === 'failed') await link(request, worktree).catch(() => undefined);
    return end;
  };
  return {
    workspace: worktree.workspace,
    note: missing.length > 0 ? `not linked into the worktree, because the workspace does not have it: ${missing.join(', ')}` : undefined,
    conclude: async (asked) => {
      const end = await concluded(asked);
      const { verdict } = end;
      isKept = keeps && verdict.outcome === 'failed' && verdict.reason !== 'lost';
      if (!isKept || verdict.outcome !== 'failed') return end;
      const where = relative(workspace, worktree.top);
      return { verdict: { ...verdict, message: `${verdict.message} (its worktree is kept: ${where})` }, note: `the worktree of this attempt is kept until the next one: ${where}` };
    },
    [Symbol.asyncDispose]: async () => {
      const { execution, task, attempt } = input;
      if (isKept) await keepWorktree(worktree, `attempt ${attempt} of ${task} in ${execution} has failed`);
      else await removeWorktree(repository.top, worktree.top);
    },
  };
};

/** What is there of earlier attempts: the report of one that was merged, or nothing any more. */
const lookBack = async ({ input, taskDirectory, hasEarlier, signal }: WorktreeRequest, repository: Repository): Promise<AttemptResult | undefined> => {
  if (!hasEarlier && !(await readJournal(repository.gitDirectory))) return undefined;
  const { top } = repository;
  return alone(repository, signal, async () => {
    const result = await mergedBefore({ input, taskDirectory, top });
    if (!result) await removeWorktrees(top, taskDirectory);
    return result;
  });
};

/** In the log that it goes on with: that of the attempt that was merged. */
const noteTakenOver = async ({ log, attempt, commit = '' }: AttemptResult): Promise<void> => {
  if (log !== undefined) await appendFile(log, `--- merged as ${commit.slice(0, 12)} before anybody heard of it: attempt ${attempt} reports it, and runs nothing\n`, { flag: constants.O_WRONLY | constants.O_APPEND }).catch(() => undefined);
};

/** Never rejects. What earlier attempts of the task have left is gone then, so that each begins with what is committed. */
export const openWorktree = async (request: WorktreeRequest): Promise<OpenedWorktree> => {
  const { input, workspace, taskDirectory, signal } = request;
  const found = await findRepository(workspace);
  if (!found.ok) return refused(`The task runs in a git worktree of its own, and there can be none: ${found.error}.`);
  const { top } = found.value;
  try {
    const earlier = await lookBack(request, found.value);
    if (earlier) {
      await noteTakenOver(earlier);
      return { kind: 'merged', result: earlier };
    }
    const worktree = await addWorktree({ repository: found.value, path: worktreePath(taskDirectory, input.attempt) });
    const links = await link(request, worktree).catch((error: unknown) => messageOf(error));
    if (typeof links !== 'string') return { kind: 'open', worktree: opened(request, found.value, worktree, links) };
    await removeWorktree(top, worktree.top);
    return refused(`${links}.`);
  } catch (error) {
    return signal.aborted ? { kind: 'refused', verdict: stoppedBy(request) } : refused(`The task's worktree could not be made: ${messageOf(error)}.`);
  }
};
