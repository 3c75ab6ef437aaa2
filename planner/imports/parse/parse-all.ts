/** Reads the imports of many files, by parsers in processes of their own. */
import { parseFiles } from '../../parsing/parse-files.ts';
import { MAX_PARSE_MS } from '../limits.ts';
import { unparsed } from './parsed-source.ts';
import type { ParsedSource } from './parsed-source.ts';

export interface ParseAllOptions {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Milliseconds for one file. */
  readonly limitMs?: number;
}

/**
 * Every file gets an answer; one that ends the parser, or holds it up, is left out with a fault.
 *
 * @throws TasksError TASKS5006 when no parser can be started.
 */
export const parseAll = ({ files, limitMs = MAX_PARSE_MS }: ParseAllOptions): Promise<ReadonlyMap<string, ParsedSource>> =>
  parseFiles({ task: 'imports', files, limitMs, failed: (message) => unparsed({ message }) });
