/** What is being merged into a working tree right now: whoever comes after a crash finds it, and finishes. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../write-whole.ts';
import { holderSchema } from './holder.ts';

const commit = z.string().regex(/^[0-9a-f]{40,64}$/u);

const journalSchema = z.object({
  schema: z.literal(1),
  /** What was checked out, and what is going to be. */
  from: commit,
  to: commit,
  /** The git process that changes the files. */
  git: holderSchema.optional(),
  /** When it began, by the clock of the file system, in milliseconds. */
  since: z.number().optional(),
  /** It was refused: whoever finishes it brings back what was there. */
  refused: z.literal(true).optional(),
});
export type Journal = z.infer<typeof journalSchema>;

export const journalFile = (gitDirectory: string): string => join(gitDirectory, 'tasks-merge.json');

const unfinishedFile = (gitDirectory: string): string => `${journalFile(gitDirectory)}.tmp`;

/** Within the lock only. */
export const writeJournal = (gitDirectory: string, journal: Omit<Journal, 'schema'>): void =>
  writeWhole(journalFile(gitDirectory), JSON.stringify({ schema: 1, ...journal }), unfinishedFile(gitDirectory));

export const closeJournal = async (gitDirectory: string): Promise<void> => {
  await rm(unfinishedFile(gitDirectory), { force: true });
  await rm(journalFile(gitDirectory), { force: true });
};

/** Undefined when nothing is under way. */
export const readJournal = async (gitDirectory: string): Promise<Journal | undefined> => {
  try {
    return journalSchema.parse(JSON.parse(await readFile(journalFile(gitDirectory), 'utf8')));
  } catch {
    return undefined;
  }
};
