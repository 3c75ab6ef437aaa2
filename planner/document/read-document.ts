/** Reads a specification: bytes of a file, or a description, as text with sections. */
import { basename } from 'node:path';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { sha256 } from '../artifacts/content-hash.ts';
import type { Block } from './block.ts';
import type { SpecDocument } from './document.ts';
import { documentDate } from './document-date.ts';
import { plainText } from './plain.ts';
import { readBlocks } from './read-blocks.ts';
import { sectionsOf } from './sections.ts';

export const MAX_DOCUMENT_BYTES = 4 * 1_024 * 1_024;
/** The name of a description on the command line. */
export const DESCRIPTION_NAME = 'description';
const MAX_TITLE = 80;

const refused = (name: string, problem: Omit<Problem, 'place'>): Result<never> => fail([{ ...problem, place: { file: name } }]);

const clipped = (text: string): string => {
  if (text.length <= MAX_TITLE) return text;
  const space = text.lastIndexOf(' ', MAX_TITLE);
  return `${text.slice(0, space > 0 ? space : MAX_TITLE).replace(/[\uD800-\uDBFF]$/, '')} …`;
};

/** Says what stands below it, and not what the document is about. */
const COMMON = /^(?:\d+\.?\s*)?(?:overview|introduction|summary|executive summary|background|context|requirements|specification|prd|product requirements(?: document)?|goals?|scope|description)$/i;

const titleOf = (text: string, blocks: readonly Block[], name: string): string => {
  const shown = ({ start, end }: Block): string => plainText(text.slice(start, Math.min(end, start + 400)));
  const isSaid = (block: Block): boolean => /[\p{L}\d]/u.test(shown(block));
  const headings = blocks.filter((block) => block.kind === 'heading' && block.depth === 1 && isSaid(block));
  const heading = headings.find((block) => !COMMON.test(shown(block).trim()));
  // Many headings of the first level are chapters, and none of them is the title.
  if (headings.length > 1 && heading !== headings[0] && name !== DESCRIPTION_NAME) return clipped(name.replace(/\.(?:md|markdown|txt|rst)$/i, ''));
  const first = heading ?? blocks.find((block) => block.kind !== 'other' && block.kind !== 'code' && isSaid(block));
  return clipped(first ? shown(first) : plainText(text.trim().slice(0, 400)) || name);
};

const readText = (name: string, text: string): Result<SpecDocument> => {
  const empty = { code: 'TASKS1601', message: 'the document is empty', hint: 'Write what is to be done: sentences with "must" or "should", a list of imperatives, user stories, or checkboxes.' } as const;
  if (text.trim() === '') return refused(name, empty);
  const nul = text.indexOf('\u0000');
  if (nul !== -1) return refused(name, { code: 'TASKS1602', message: `the document is no text: there is a NUL character at offset ${String(nul)}`, hint: 'Give Markdown or plain text; a PDF or a word processor\'s file has to be exported first.' });
  const blocks = readBlocks(text);
  const date = documentDate(text);
  return ok({ name, text, hash: sha256(text), title: titleOf(text, blocks, name), ...(date === undefined ? {} : { date }), sections: sectionsOf(text, blocks) });
};

const tooLarge = (name: string, bytes: number): Result<never> =>
  refused(name, { code: 'TASKS1603', message: `the document has ${(bytes / 1_048_576).toFixed(1)} MiB, more than the 4 MiB of one document`, hint: 'Split it, and plan each part.' });

/** Of a file. A byte order mark is left out; offsets are those of the text that is left. */
export const readDocument = ({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): Result<SpecDocument> => {
  const file = basename(name) || DESCRIPTION_NAME;
  if (bytes.length > MAX_DOCUMENT_BYTES) return tooLarge(file, bytes.length);
  try {
    return readText(file, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return refused(file, {
      code: 'TASKS1602',
      message: isUtf16 ? 'the document is UTF-16, not UTF-8' : 'the document is not UTF-8',
      hint: isUtf16 ? 'Save it as UTF-8, such as with `iconv -f UTF-16 -t UTF-8`.' : 'Give Markdown or plain text in UTF-8; a PDF or a word processor\'s file has to be exported first.',
    });
  }
};

/** A description on the command line. Halves of characters, which no file can hold, are replaced. */
export const describe = (text: string): Result<SpecDocument> => {
  const bytes = Buffer.byteLength(text, 'utf8');
  return bytes > MAX_DOCUMENT_BYTES ? tooLarge(DESCRIPTION_NAME, bytes) : readText(DESCRIPTION_NAME, text.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD').replace(/^\uFEFF/, ''));
};
