/** One source file from the disk to what it tells. Runs in a parser's process. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { SgNode } from '@ast-grep/napi';
import type { Language } from '../analysis.ts';
import { languageOf } from '../languages.ts';
import { MAX_SOURCE_BYTES } from '../limits.ts';
import { TOO_LARGE } from './too-large.ts';
import { saysGenerated } from './generated.ts';
import { readGo } from './go.ts';
import { parseText } from './grammars.ts';
import { readJava } from './java.ts';
import { readJavaScript } from './javascript.ts';
import { readCss, readHtml } from './markup.ts';
import { readPython } from './python.ts';
import { readRuby } from './ruby.ts';
import { readRust } from './rust.ts';
import { NO_FACTS, unreadSource } from './source-facts.ts';
import type { ReadSource, SourceFacts } from './source-facts.ts';



/** Never rejects: what cannot be read or parsed says so as its fault. */
export const readSource = async (path: string): Promise<ReadSource> => {
  let bytes: Buffer;
  try {
    if ((await stat(path)).size > MAX_SOURCE_BYTES) return unreadSource(TOO_LARGE);
    bytes = await readFile(path);
  } catch (error) {
    return unreadSource(`it cannot be read: ${codeOf(error)}`);
  }
  const language = languageOf(path);
  const facts = language === undefined ? NO_FACTS : await factsOf(language, bytes);
  return { contentHash: createHash('sha256').update(bytes).digest('hex'), facts };
};

/** Of a text alone: the same for the same text, whatever the file is called. */
export const factsOf = async (language: Language, bytes: Uint8Array): Promise<SourceFacts> => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ...NO_FACTS, fault: { message: 'it is not UTF-8 text' } };
  }
  if (text.includes('\0')) return { ...NO_FACTS, fault: { message: 'it is no text' } };
  const isGenerated = saysGenerated(text);
  try {
    return read(language, await parseText(language, text), text, isGenerated);
  } catch (error) {
    return { ...NO_FACTS, isGenerated, fault: { message: `the parser gave up: ${error instanceof Error ? error.message : String(error)}` } };
  }
};

const read = (language: Language, root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  switch (language) {
    case 'typescript':
    case 'tsx':
    case 'javascript':
      return readJavaScript(root, text, isGenerated);
    case 'python':
      return readPython(root, text, isGenerated);
    case 'go':
      return readGo(root, text, isGenerated);
    case 'java':
      return readJava(root, text, isGenerated);
    case 'rust':
      return readRust(root, text, isGenerated);
    case 'ruby':
      return readRuby(root, text, isGenerated);
    case 'html':
      return readHtml(root, isGenerated);
    case 'css':
      return readCss(root, isGenerated);
    default:
      return language satisfies never;
  }
};

/** Messages of the system name whole paths, which are nobody else's. */
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason');
