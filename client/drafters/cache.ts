/**
 * Answers of drafters, kept by what was asked: the same request is answered once, and a plan can be made again without anybody
 * being asked. Files of their own, for the user alone; a damaged one is as none. What is kept is the answer, not the request.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { sha256 } from '../../planner/artifacts/content-hash.ts';
import type { DraftRequest } from '../../planner/drafters/draft-request.ts';
import type { Drafter } from '../../planner/drafters/drafter.ts';
import { fail, ok } from '../../model/problem.ts';
import { drafterProblem } from './problem.ts';

const VERSION = 1;
const entrySchema = z.object({ version: z.literal(VERSION), drafter: z.string(), variant: z.string(), answer: z.unknown() });

export interface CachedDrafterOptions {
  readonly drafter: Drafter;
  readonly directory: string;
  /** Answers from the cache alone: nobody is called. */
  readonly isOnly?: boolean;
  /** Asks even if there is an answer, and keeps the new one. */
  readonly isFresh?: boolean;
}

/** sha256 of drafter, model and request: canonical JSON, so that the order of keys does not matter. */
export const cacheKey = ({ name, variant }: Pick<Drafter, 'name' | 'variant'>, request: DraftRequest): string => sha256(canonicalize({ version: VERSION, drafter: name, variant, request }) ?? '');

export const cachedDrafter = ({ drafter, directory, isOnly = false, isFresh = false }: CachedDrafterOptions): Drafter => ({
  name: drafter.name,
  variant: drafter.variant,
  draft: async (request, call) => {
    call.signal.throwIfAborted();
    const file = join(directory, `${cacheKey(drafter, request)}.json`);
    const kept = isFresh && !isOnly ? undefined : await readEntry(file);
    if (kept) return ok(kept.answer);
    if (isOnly) return fail([drafterProblem(drafter.name, 'has not answered this before, and is not asked (--drafter-cache-only)', `Leave --drafter-cache-only out, or name the cache that has the answer with --drafter-cache; this one is ${directory}.`)]);
    const answered = await drafter.draft(request, call);
    if (answered.ok) await writeEntry(file, directory, { version: VERSION, drafter: drafter.name, variant: drafter.variant, answer: answered.value });
    return answered;
  },
});

const readEntry = async (file: string): Promise<z.infer<typeof entrySchema> | undefined> => {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success && parsed.data.answer !== undefined ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};

/** Whole or not at all. A cache that cannot be written costs a call the next time, and nothing else. */
const writeEntry = async (file: string, directory: string, entry: object): Promise<void> => {
  const writing = `${file}.${randomUUID()}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(writing, `${JSON.stringify(entry, undefined, 2)}\n`, { mode: 0o600 });
    await rename(writing, file);
  } catch {
    await rm(writing, { force: true }).catch(() => undefined);
  }
};
