/** One source file from the disk to what it tells. Runs in a parser's process. */
import { hash } from 'node:crypto';
import type { SgNode } from '@ast-grep/napi';
import type { Language } from '../analysis.ts';
import { languageOf } from '../languages.ts';
import { MAX_SOURCE_BYTES } from '../limits.ts';
import { readBounded, utf8 } from '../read-bounded.ts';
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
  const read = readBounded(path, MAX_SOURCE_BYTES);
  if ('fault' in read) return unreadSource(read.fault);
  const language = languageOf(path);
  const facts = language === undefined ? NO_FACTS : await factsOf(language, read.bytes);
  return { contentHash: hash('sha256', read.bytes), facts };
};

/** Of a text alone: the same for the same text, whatever the file is called. */
export const factsOf = async (language: Language, bytes: Uint8Array): Promise<SourceFacts> => {
  const text = utf8(bytes);
  if (text === undefined) return { ...NO_FACTS, fault: { message: 'it is not UTF-8 text' } };
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
