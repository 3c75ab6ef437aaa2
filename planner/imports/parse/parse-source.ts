/** One source file from the disk to its imports. Runs in a parser's process. */
import { readFile, stat } from 'node:fs/promises';
import { MAX_SOURCE_BYTES } from '../limits.ts';
import { parseJavaScript } from '../npm/parse-javascript.ts';
import { parsePython } from '../python/parse-python.ts';
import { pythonParser } from '../python/syntax.ts';
import { ecosystemOf } from './languages.ts';
import { unparsed } from './parsed-source.ts';
import type { ParsedSource } from './parsed-source.ts';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Never rejects: what cannot be read or parsed says so as its fault. */
export const parseSource = async (path: string): Promise<ParsedSource> => {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_SOURCE_BYTES) return unparsed({ message: `it is larger than ${MAX_SOURCE_BYTES / (1024 * 1024)} MiB` });
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    return unparsed({ message: error instanceof TypeError ? 'it is not UTF-8 text' : `it cannot be read: ${messageOf(error)}` });
  }
  try {
    return ecosystemOf(path) === 'python' ? parsePython(await pythonParser(), path, text) : parseJavaScript(path, text);
  } catch (error) {
    return unparsed({ message: `the parser gave up: ${messageOf(error)}` });
  }
};
