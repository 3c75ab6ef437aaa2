/**
 * Brings what an attempt has changed into the workspace: one commit on top of whatever is checked out there, and the files
 * with it. It is computed without touching a file; then git changes those files alone, and refuses where one of them has
 * changes that nobody has committed.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../store/repository.ts';
import { gitError, identity } from '../git/git.ts';
import type { GitAnswer } from '../git/git.ts';
import { named } from './capture.ts';
import { changesBetween } from './changes.ts';
import { holderOf } from './holder.ts';
import type { Holder } from './holder.ts';
import { closeJournal, journalFile, writeJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { recover } from './recover.ts';
import { asked, line } from './run-git.ts';
import { uncommitted } from './uncommitted.ts';

/** Somebody commits in the workspace while we merge: it is begun anew, so often. */
const TRIES = 20;

export interface MergeRequest {
  readonly repository: Pick<Repository, 'top' | 'gitDirectory'>;
  /** Commit that the attempt began with, and tree that it ended with. */
  readonly start: string;
  readonly tree: string;
  readonly message: string;
  /** Nothing refuses it any more, and nothing is changed yet: what is about to be there, if that is anything new. May be called again. */
  readonly onAccepted: (commit: string | undefined) => Promise<void>;
}

export type Merged =
  /** `head`: what it was merged on top of. `commit` undefined: the workspace has all of it already. */
  | { readonly ok: true; readonly head: string; readonly commit?: string }
  /** Nothing was changed. `commit` has what the attempt did, on top of what it began with; nothing refers to it, and git keeps it for two weeks. */
  | { readonly ok: false; readonly reason: 'conflict' | 'dirty'; readonly paths: readonly string[]; readonly commit: string };

const conflictsOf = (output: string): readonly string[] => [...new Set(output.split('\0').slice(1).filter((path) => path !== ''))];

/** The tree of both, or the paths that contradict each other. A base of our own: what was checked out may have another history by now. */
const mergedTree = async ({ repository: { top }, start, tree }: MergeRequest, head: string, own: string): Promise<string | readonly string[]> => {
  if (head === start) return tree;
  const at = { at: top };
  const theirs = await line(['-c', 'user.name=tasks', '-c', 'user.email=tasks@localhost', 'commit-tree', `${head}^{tree}`, '-p', start, '-m', 'what is there now'], at);
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', theirs, own];
  const answer = await asked(args, at);
  if (answer.exitCode === 0) return (answer.stdout.split('\0')[0] ?? '').trim();
  if (answer.exitCode === 1) return conflictsOf(answer.stdout);
  throw gitError(args, answer);
};

type Step = Pick<Journal, 'from' | 'to' | 'since'>;

/** `git`: the one that was killed, and may have left a lock. */
const takeBack = async (repository: MergeRequest['repository'], step: Step, git?: Holder): Promise<void> => {
  writeJournal(repository.gitDirectory, { ...step, refused: true, ...(git && { git }) });
  await recover(repository);
};

/** Git takes the lock of the index before it looks at any file. */
const isLocked = ({ stderr }: GitAnswer): boolean => stderr.includes('index.lock');

/** Git checks all files before it changes the first. @throws Error when it refuses, or fails in the middle; all is as it was then. */
const updateFiles = async (repository: MergeRequest['repository'], { from, to }: Step): Promise<Step> => {
  const { top, gitDirectory } = repository;
  writeJournal(gitDirectory, { from, to });
  const step: Step = { from, to, since: (await stat(journalFile(gitDirectory))).mtimeMs };
  let started: Holder | undefined;
  const onStart = (pid: number): void => {
    started = holderOf(pid);
    writeJournal(gitDirectory, { ...step, git: started });
  };
  const args = ['read-tree', '-m', '-u', from, to];
  const answer = await asked(args, { at: top, onStart }).catch(async (error: unknown) => {
    await takeBack(repository, step);
    throw error;
  });
  if (answer.exitCode === 0) return step;
  if (isLocked(answer)) {
    await closeJournal(gitDirectory);
    throw new Error(`another git is at work in the workspace: it holds ${join(gitDirectory, 'index.lock')} (end it, or remove that file when none runs, then retry the task)`);
  }
  await takeBack(repository, step, answer.exitCode === undefined ? started : undefined);
  throw gitError(args, answer);
};

/** In its turn and within the lock. @throws Error with git's own words where it refuses for another reason. */
export const merge = async (request: MergeRequest): Promise<Merged> => {
  const { repository, start, tree, message, onAccepted } = request;
  const { top, gitDirectory } = repository;
  const at = { at: top };
  const who = await identity(top);
  const commitOf = (what: string, parent: string): Promise<string> => line([...who, 'commit-tree', what, '-p', parent, '-F', '-'], { at: top, input: message });
  const own = await commitOf(tree, start);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const head = await line(['rev-parse', '--verify', 'HEAD^{commit}'], at);
    const together = await mergedTree(request, head, own);
    if (typeof together !== 'string') return { ok: false, reason: 'conflict', paths: together, commit: own };
    const changes = await changesBetween(head, together, at);
    if (changes.length === 0) {
      await onAccepted(undefined);
      return { ok: true, head };
    }
    const paths = await uncommitted(changes, { top, head });
    if (paths.length > 0) return { ok: false, reason: 'dirty', paths, commit: own };
    const commit = head === start ? own : await commitOf(together, head);
    await onAccepted(commit);
    const step = await updateFiles(repository, { from: head, to: commit });
    const moved = await asked(['update-ref', '-m', `tasks: ${message.split('\n')[0] ?? ''}`, 'HEAD', commit, head], at);
    if (moved.exitCode === 0) {
      await closeJournal(gitDirectory);
      return { ok: true, head, commit };
    }
    await takeBack(repository, step);
  }
  throw new Error(`the workspace's branch was moved ${TRIES} times while something was to be merged into it`);
};

/** What became of it, as a sentence. */
export const refusalText = ({ reason, paths, commit }: Extract<Merged, { ok: false }>): string => {
  const files = paths.length > 0 ? named(paths) : 'files';
  const kept = `What the attempt did is in commit ${commit.slice(0, 12)} (git show, git cherry-pick).`;
  return reason === 'conflict'
    ? `Its changes contradict what has been merged since it began, in ${files}; the next attempt begins with that. ${kept}`
    : `It has changed ${files}, which the workspace has with changes that are not committed; nothing was merged. Commit or stash them, then retry the task. ${kept}`;
};
