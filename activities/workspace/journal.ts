/** What is being merged into a working tree right now: whoever comes after a crash finds it, and finishes. */
import { writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { holderSchema } from './holder.ts';

const commit = z.string().regex(/^[0-9a-f]{40,64}$/u);

const journalSchema = z.object({
  schema: z.literal(1),
  /** What was checked out, and what is going to be. */
  from: commit,
  to: commit,
  /** The git process that changes the files. */
  git: holderSchema.optional(),
});
export type Journal = z.infer<typeof journalSchema>;

export const journalFile = (gitDirectory: string): string => join(gitDirectory, 'tasks-merge.json');

/** At once, so that it is there before anything it tells of. Within the lock only. */
export const writeJournal = (gitDirectory: string, journal: Omit<Journal, 'schema'>): void => writeFileSync(journalFile(gitDirectory), JSON.stringify({ schema: 1, ...journal }), { mode: 0o600 });

export const closeJournal = (gitDirectory: string): Promise<void> => rm(journalFile(gitDirectory), { force: true });

/** Undefined when nothing is under way. One that was cut short tells of nothing that has begun. */
export const readJournal = async (gitDirectory: string): Promise<Journal | undefined> => {
  try {
    return journalSchema.parse(JSON.parse(await readFile(journalFile(gitDirectory), 'utf8')));
  } catch {
    return undefined;
  }
};
