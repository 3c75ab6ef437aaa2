/**
 * Finds the checkpoint that an attempt goes on from, and brings its files back. Of its own execution the last one, else
 * of those that it resumes; one that is damaged is refused and said, and the one before it is taken.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isBefore } from '../../model/checkpoint.ts';
import type { CheckpointOrders, CheckpointSource, RefusedPoint, WantedPoint } from '../../model/checkpoint.ts';
import type { TaskId } from '../../model/ids.ts';
import type { ManifestEntry, StoredCheckpoint } from '../../store/checkpoint/manifest.schema.ts';
import { entriesOf } from '../../store/checkpoint/manifests.ts';
import { restore } from './restore.ts';

export interface ResumeRequest {
  readonly task: TaskId;
  /** Its own execution, and where its checkpoints lie. */
  readonly own: CheckpointSource;
  readonly orders: CheckpointOrders;
  readonly workspace: string;
  /** Of the task, for what is brought back. */
  readonly directory: string;
  readonly attempt: number;
}

export interface Resumption {
  readonly from?: {
    readonly checkpoint: StoredCheckpoint;
    /** With copies of its files. */
    readonly directory: string;
    readonly changed: number;
    /** Holds what was in the way, when there was something. */
    readonly replaced: string;
  };
  readonly refused: readonly RefusedPoint[];
  /** The attempt must not begin: a point that no way leads back from was passed, or a checkpoint that was asked for is not there. */
  readonly stop?: string;
}

const REPLACED = '.replaced';
const MAX_REASON = 300;

interface Candidate {
  readonly entry: ManifestEntry;
  readonly directory: string;
}

/** The last first. */
const candidatesOf = async ({ directory, execution }: CheckpointSource, task: TaskId): Promise<Candidate[]> => {
  try {
    return [...(await entriesOf({ directory, execution, task }))].toReversed().map((entry) => ({ entry, directory }));
  } catch (error) {
    const reason = `its manifest cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return [{ entry: { ok: false, name: '(unreadable)', reason }, directory }];
  }
};

const nameOf = ({ entry }: Candidate): string => (entry.ok ? entry.checkpoint.name : entry.name);

/** Undefined when a checkpoint was asked for by its name and is not among them. What cannot be read is asked about its place in vain. */
const fromWanted = (candidates: readonly Candidate[], wanted: WantedPoint | null | undefined): readonly Candidate[] | undefined => {
  if (wanted === undefined) return candidates;
  if (wanted === null) return [];
  if (wanted.name !== undefined && !candidates.some((candidate) => nameOf(candidate) === wanted.name)) return undefined;
  const isLater = ({ entry }: Candidate): boolean => (entry.ok ? isBefore(wanted, entry.checkpoint) : wanted.name !== undefined && entry.name !== wanted.name);
  return candidates.filter((candidate) => !isLater(candidate));
};

const isUndone = ({ entry }: Candidate, { since = 0 }: CheckpointOrders): boolean => entry.ok && entry.checkpoint.attempt <= since;

const problemOf = ({ entry }: Candidate, { notBefore }: CheckpointOrders): string | undefined => {
  if (!entry.ok) return entry.reason;
  if (entry.checkpoint.refused !== undefined) return `nothing was kept of it: ${entry.checkpoint.refused}`;
  return notBefore && isBefore(entry.checkpoint, notBefore) ? `${notBefore.name} was passed after it, and no way leads back from there` : undefined;
};

/** What earlier attempts left: copies that have served, and what they had replaced, which is kept until the next attempt. */
const tidy = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory).catch(() => [])) {
    if (/^\d+\.(?:checkpoint|replaced|progress\.jsonl|checkpoints\.txt)$/.test(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
};

const NO_WAY_BACK = 'It cannot begin anew';

export const resumePoint = async (request: ResumeRequest): Promise<Resumption> => {
  const { task, own, orders, workspace, directory, attempt } = request;
  const { notBefore, wanted } = orders;
  const mine = await candidatesOf(own, task);
  const earlier = (await Promise.all((orders.from ?? []).map((source) => candidatesOf(source, task)))).flat();
  const asked = fromWanted(earlier, wanted);
  if (mine.length === 0 && asked === undefined) return { refused: [], stop: `The checkpoint ${wanted?.name ?? ''} is not there: it was pruned, or lies on another machine.` };
  await tidy(directory);
  const refused: RefusedPoint[] = [];
  for (const candidate of [...mine, ...(asked ?? [])]) {
    if (isUndone(candidate, orders)) continue;
    const say = (reason: string): void => void refused.push({ checkpoint: nameOf(candidate), reason: reason.slice(0, MAX_REASON) });
    const problem = problemOf(candidate, orders);
    if (problem !== undefined || !candidate.entry.ok) {
      say(problem ?? 'it cannot be read');
      continue;
    }
    const { checkpoint } = candidate.entry;
    const copies = join(directory, `${attempt}.checkpoint`);
    const replaced = join(directory, `${attempt}${REPLACED}`);
    await rm(copies, { recursive: true, force: true });
    const restored = await restore({ directory: candidate.directory, checkpoint, workspace, copies, replaced });
    if (restored.ok) return { from: { checkpoint, directory: copies, changed: restored.changed, replaced }, refused };
    say(restored.problem);
  }
  if (notBefore) return { refused, stop: `${NO_WAY_BACK}: it has passed ${notBefore.name}, from where no way leads back, and no checkpoint of then or later can be used.` };
  return { refused };
};
