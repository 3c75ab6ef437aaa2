/**
 * Finishes a merge whose worker died in it: forward, when the workspace is still where it was, else back. A file is only
 * touched when it holds what git had put there, or was putting there; whatever else it holds is a person's.
 */
import { lstat, mkdir, readFile, readlink, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Repository } from '../../store/repository.ts';
import { changesBetween, isSame, NOTHING, stagedSince } from './changes.ts';
import type { Change, Entry } from './changes.ts';
import { lifeOf } from './holder.ts';
import { closeJournal, journalFile, readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { asked, bytes, line, run } from './run-git.ts';
import type { Asked } from './run-git.ts';

const GIT_ENDS_MS = 30_000;
/** A lock of the index that nobody has taken away for this long was left by the git that died. */
const INDEX_LOCK_MS = 5_000;
const POLL_MS = 50;
const LINK = '120000';

const until = async (condition: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> => {
  for (const end = Date.now() + withinMs; ; await delay(POLL_MS)) {
    if (await condition()) return true;
    if (Date.now() > end) return false;
  }
};

const modifiedAt = (path: string): Promise<number | undefined> => lstat(path).then(({ mtimeMs }) => mtimeMs, () => undefined);

/** A lock of the index that is older than the journal, or much younger, is not that of the git that died: git itself waits for it, and refuses. */
const waitForGit = async ({ git, since }: Journal, gitDirectory: string): Promise<void> => {
  if (git && !(await until(() => lifeOf(git) !== 'alive', GIT_ENDS_MS))) throw new Error(`git (process ${git.pid}) is still merging into this repository`);
  const lock = join(gitDirectory, 'index.lock');
  if (await until(async () => (await modifiedAt(lock)) === undefined, INDEX_LOCK_MS)) return;
  const [locked = Infinity, began = 0] = [await modifiedAt(lock), since ?? (await modifiedAt(journalFile(gitDirectory)))];
  if (locked >= began && locked < began + GIT_ENDS_MS) await rm(lock, { force: true });
};

/** What is in the file, as git would write it; undefined for nothing, `other` for what git has no content of. */
const contentOf = async (path: string): Promise<Buffer | 'other' | undefined> => {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return undefined;
  if (found.isSymbolicLink()) return Buffer.from(await readlink(path));
  return found.isFile() ? readFile(path) : 'other';
};

const expected = async ({ mode, object }: Entry, path: string, top: string): Promise<Buffer | undefined> => {
  if (mode === NOTHING) return undefined;
  // As a checkout writes it; a link is written as it is.
  const args = mode === LINK ? ['cat-file', 'blob', object] : ['cat-file', '--filters', `--path=${path}`, object];
  return bytes(args, { at: top });
};

const isOurs = async ({ path, before, after }: Change, top: string): Promise<boolean> => {
  const content = await contentOf(join(top, path));
  if (content === undefined) return true;
  if (content === 'other') return false;
  const [old, fresh] = [await expected(before, path, top), await expected(after, path, top)];
  // Git writes from the beginning: what it had not finished is the beginning of it.
  return (old?.equals(content) ?? false) || (fresh?.subarray(0, content.length).equals(content) ?? false);
};

/** Git leaves no empty directory behind either. */
const removeFile = async (path: string, top: string): Promise<void> => {
  // Where it was there may be something else by now: a file in the place of its directory.
  if (!(await rm(path).then(() => true, () => false))) return;
  for (let at = dirname(path); at.length > top.length; at = dirname(at)) if (!(await rmdir(at).then(() => true, () => false))) return;
};

const settle = async (change: Change, wanted: Entry, top: string): Promise<void> => {
  const { path } = change;
  if (!(await isOurs(change, top))) return;
  if (wanted.mode === NOTHING) return removeFile(join(top, path), top);
  await mkdir(dirname(join(top, path)), { recursive: true });
  await run(['checkout-index', '--force', '-u', '-z', '--stdin'], { at: top, input: path });
};

/** What each path is to be, as `head` has it, or as it was to become; what is to go first: a file may be in the way of a directory. */
const wantedOf = async ({ from, to }: Journal, head: string | undefined, at: Asked): Promise<readonly (readonly [Change, Entry])[]> => {
  const changes = await changesBetween(from, to, at);
  const now = head === undefined ? undefined : new Map((await changesBetween(from, head, at)).map(({ path, after }) => [path, after]));
  const wanted = changes.map((change) => [change, now ? (now.get(change.path) ?? change.before) : change.after] as const);
  const isRemoval = ([, { mode }]: readonly [Change, Entry]): boolean => mode === NOTHING;
  return [...wanted.filter(isRemoval), ...wanted.filter((each) => !isRemoval(each))];
};

/**
 * Within the lock. Answers whether there was anything to finish.
 *
 * @throws Error when a git that may still be writing does not end, or somebody else's has the index; the next one finishes it then.
 */
export const recover = async ({ top, gitDirectory }: Pick<Repository, 'top' | 'gitDirectory'>): Promise<boolean> => {
  const journal = await readJournal(gitDirectory);
  if (!journal) return false;
  const { from, to, refused } = journal;
  // A git that has refused it ended by itself, and left no lock.
  if (!refused || journal.git) await waitForGit(journal, gitDirectory);
  const at = { at: top };
  const head = await line(['rev-parse', 'HEAD'], at);
  const isDone = (await asked(['merge-base', '--is-ancestor', to, head], at)).exitCode === 0;
  if (!isDone) {
    // What the index has is ours when it is what was there before, or what was coming.
    const staged = new Map((await stagedSince(from, at)).map(({ path, after }) => [path, after]));
    const forward = !refused && head === from;
    const ours = (await wantedOf(journal, forward ? undefined : head, at)).filter(([{ path, after }]) => isSame(staged.get(path) ?? after, after));
    const entries = ours.map(([{ path }, { mode, object }]) => `${mode} ${object}\t${path}\0`);
    await run(['update-index', '-z', '--index-info'], { at: top, input: entries.join('') });
    for (const [change, wanted] of ours) await settle(change, wanted, top);
    if (forward) await run(['update-ref', '-m', 'tasks: a merge, finished after a crash', 'HEAD', to, from], at);
  }
  await closeJournal(gitDirectory);
  return true;
};
