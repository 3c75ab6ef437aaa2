/** Source files from the disk, or from the cache, to what each of them tells. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseFiles } from '../parsing/parse-files.ts';
import type { CacheKey, FactsCache } from './cache/open-cache.ts';
import { languageOf } from './languages.ts';
import { MAX_PARSE_MS, MAX_SOURCE_BYTES } from './limits.ts';
import { readBounded } from './read-bounded.ts';
import { NO_FACTS, unreadSource } from './source/source-facts.ts';
import type { ReadSource, SourceFacts } from './source/source-facts.ts';

/** Read one after the other in such slices: asking for each by itself takes several times as long. */
const SLICE = 256;

export interface ReadSourcesOptions {
  readonly root: string;
  /** Relative to the root. */
  readonly files: readonly string[];
  readonly cache: FactsCache;
  readonly onRead?: (done: number) => void;
}

export interface ReadSources {
  readonly facts: ReadonlyMap<string, SourceFacts>;
  readonly hashes: ReadonlyMap<string, string>;
}

/** @throws TasksError TASKS5006 when there is no parser. */
export const readSources = async ({ root, files, cache, onRead }: ReadSourcesOptions): Promise<ReadSources> => {
  const facts = new Map<string, SourceFacts>();
  const hashes = new Map<string, string>();
  const unknown: string[] = [];
  const seen = new Map<string, string>();
  for (const [at, file] of files.entries()) {
    if (at % SLICE === SLICE - 1) {
      onRead?.(facts.size);
      await setImmediate();
    }
    const key = keyOf(root, file);
    if (typeof key === 'string') {
      facts.set(file, { ...NO_FACTS, fault: { message: key } });
      continue;
    }
    const cached = key && cache.get(key);
    if (key && cached) {
      facts.set(file, cached);
      hashes.set(file, key.contentHash);
      continue;
    }
    if (key) seen.set(file, key.contentHash);
    unknown.push(file);
  }
  const known = facts.size;
  const parsed = await parseFiles<ReadSource>({
    task: 'symbols',
    files: unknown.map((file) => join(root, file)),
    limitMs: MAX_PARSE_MS,
    failed: unreadSource,
    onParsed: (done) => onRead?.(known + done),
  });
  for (const file of unknown) {
    const { contentHash, facts: found } = parsed.get(join(root, file)) ?? unreadSource('it was not read');
    facts.set(file, found);
    const language = languageOf(file);
    const content = contentHash ?? seen.get(file);
    if (content !== undefined) hashes.set(file, content);
    // What broke a parser down is tried again next time: it may have been the machine.
    if (contentHash === undefined || language === undefined) continue;
    cache.add({ contentHash, language }, found);
  }
  await cache.save();
  return { facts, hashes };
};

/** A text where nobody needs to look: it says why. */
const keyOf = (root: string, file: string): CacheKey | string | undefined => {
  const language = languageOf(file);
  if (language === undefined) return undefined;
  const read = readBounded(join(root, file), MAX_SOURCE_BYTES);
  return 'fault' in read ? read.fault : { language, contentHash: hash('sha256', read.bytes) };
};
