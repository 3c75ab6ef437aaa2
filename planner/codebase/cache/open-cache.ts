/**
 * What source files told, kept by their content: the same text tells the same, wherever it lies. A directory for
 * each version of the analyser holds 64 parts, each a file of lines `<key> <facts>` below the sum of all of them; a part
 * whose sum does not fit, or that cannot be read, is as if it were not there. A part is written under a name of its own and then
 * renamed: of two processes that write it, one wins, and the other has lost nothing but time.
 */
import { hash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../analysis.ts';
import { MAX_SHARD_BYTES } from '../limits.ts';
import type { SourceFacts } from '../source/source-facts.ts';

const PART = /^[0-3][0-9a-f]$/;
const DAY_MS = 86_400_000;

export interface CacheKey {
  readonly contentHash: string;
  readonly language: Language;
}

export interface FactsCache {
  get(key: CacheKey): SourceFacts | undefined;
  add(key: CacheKey, facts: SourceFacts): void;
  /** Writes what was added. A cache that cannot be written costs time, and nothing else. */
  save(): Promise<void>;
}

export const NO_CACHE: FactsCache = { get: () => undefined, add: () => undefined, save: () => Promise.resolve() };

const keyText = ({ contentHash, language }: CacheKey): string => `${contentHash}.${language}`;

/** A quarter of the first byte's values: 64 parts. */
const partOf = (key: string): string => (Number.parseInt(key.slice(0, 2), 16) & 0x3f).toString(16).padStart(2, '0');

interface Part {
  /** By key, without the key. */
  readonly lines: Map<string, string>;
  readonly used: Set<string>;
  isChanged: boolean;
}

export const openCache = async (directory: string, version: string): Promise<FactsCache> => {
  const home = join(directory, version);
  const parts = new Map<string, Part>();
  const names = (await readdir(home).catch(() => [])).filter((name) => PART.test(name));
  await Promise.all(names.map(async (name) => parts.set(name, { lines: await readPart(join(home, name)), used: new Set(), isChanged: false })));
  const part = (key: string): Part => {
    const name = partOf(key);
    const known = parts.get(name) ?? { lines: new Map(), used: new Set(), isChanged: false };
    parts.set(name, known);
    return known;
  };
  return {
    get: (wanted) => {
      const key = keyText(wanted);
      const { lines, used } = part(key);
      const json = lines.get(key);
      if (json === undefined) return undefined;
      used.add(key);
      // The sum of the part says that it is what was written.
      return JSON.parse(json) as SourceFacts;
    },
    add: (wanted, facts) => {
      const key = keyText(wanted);
      const own = part(key);
      own.lines.set(key, JSON.stringify(facts));
      own.used.add(key);
      own.isChanged = true;
    },
    save: async () => {
      const changed = [...parts].filter(([, { isChanged }]) => isChanged);
      if (changed.length === 0) return;
      try {
        await mkdir(home, { recursive: true });
        for (const [name, own] of changed) await writePart(join(home, name), own);
        await removeLeftovers(home);
      } catch {
        // Without a cache the next analysis parses again.
      }
    },
  };
};

const summed = (content: string): string => `${hash('sha256', content)}\n${content}`;

const readPart = async (path: string): Promise<Map<string, string>> => {
  const lines = new Map<string, string>();
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > 2 * MAX_SHARD_BYTES) return lines;
    const text = await readFile(path, 'utf8');
    const content = text.slice(text.indexOf('\n') + 1);
    if (text !== summed(content)) return lines;
    for (const line of content.split('\n')) {
      const space = line.indexOf(' ');
      if (space > 0) lines.set(line.slice(0, space), line.slice(space + 1));
    }
  } catch {
    // As if it were not there.
  }
  return lines;
};

/** What was used now comes first; of the rest, what there is room for. */
const writePart = async (path: string, { lines, used }: Part): Promise<void> => {
  const text: string[] = [];
  let bytes = 0;
  const ordered = [...used, ...[...lines.keys()].filter((key) => !used.has(key))];
  for (const key of ordered) {
    const line = `${key} ${lines.get(key) ?? ''}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > MAX_SHARD_BYTES) break;
    text.push(line);
  }
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, summed(text.join('')));
  await rename(temporary, path);
};

/** Of processes that were killed while they wrote. */
const removeLeftovers = async (home: string): Promise<void> => {
  for (const name of await readdir(home)) {
    if (PART.test(name)) continue;
    const path = join(home, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > DAY_MS) await rm(path, { force: true });
  }
};
