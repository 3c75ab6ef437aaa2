/**
 * Sentences of a paragraph, by rules of English that do not depend on a locale's data: a full stop, question or exclamation
 * mark that white space and the begin of a sentence follow. Not within code, links or brackets' addresses; not after
 * abbreviations, initials and numbers of a list. A line that begins with a bold label begins a sentence, too.
 */
import type { Span } from './document.ts';
import { trimmed } from './lines.ts';

/** A longer one is cut at white space: a quote is something that people read. */
export const MAX_SENTENCE = 2_000;

const NEVER_LAST = new Set(['e.g', 'i.e', 'eg', 'ie', 'vs', 'cf', 'dr', 'mr', 'mrs', 'ms', 'prof', 'fig', 'figs', 'no', 'nos', 'sec', 'sect', 'approx', 'ca', 'resp', 'incl', 'excl', 'min', 'max', 'est', 'ref', 'refs', 'eq', 'ch', 'vol', 'pp', 'ver', 'st', 'viz', 'al', 'a.k.a', 'w.r.t', 'aka', 'wrt']);
/** These may end a sentence: they do when a capital follows. */
const BREAK = /[.!?\u3002\uff01\uff1f](?:[.!?]{0,8})["'”’)\]*_`»]{0,4}(?=\s)|(?:\r\n|\n|\r)[ \t>]{0,40}(?=\*\*[^*\n]{1,60}\*\*|__[^_\n]{1,60}__)/g;
const BEGINS = /^\s+(?:["'“‘([*_`«<]{0,5})(?:\p{Lu}|\p{Lo}|\d|[*_`[<#])/u;
const LAST_WORD = /[\p{L}\d][\p{L}\d.'’-]{0,30}$/u;

/** What is called by a letter: a sentence may end behind that. */
const NAMED_BY_LETTER = /\b(?:option|plan|step|type|class|person|phase|appendix|figure|table|level|part|case|group|grade|variant|user|team|task|item|system|server|client|service|node|point|version|section|or|and|to|is|than)\s\p{Lu}$/iu;

/** Spans of code within a text: between runs of as many backticks, the nearest first. Linear. */
const codeSpans = (text: string): readonly Span[] => {
  const runs = [...text.matchAll(/`+/g)].map(({ index, 0: ticks }) => ({ index, size: ticks.length }));
  const bySize = new Map<number, number[]>();
  for (const [at, { size }] of runs.entries()) {
    const list = bySize.get(size);
    if (list) list.push(at);
    else bySize.set(size, [at]);
  }
  const next = new Map<number, number>();
  const spans: Span[] = [];
  for (let at = 0; at < runs.length; at += 1) {
    const run = runs[at];
    if (!run) break;
    const list = bySize.get(run.size) ?? [];
    let place = next.get(run.size) ?? 0;
    while (place < list.length && (list[place] ?? 0) <= at) place += 1;
    next.set(run.size, place);
    const closing = list[place];
    const end = closing === undefined ? undefined : runs[closing];
    if (closing === undefined || !end) continue;
    spans.push({ start: run.index, end: end.index + end.size });
    at = closing;
  }
  return spans;
};

const isAbbreviation = (before: string, isCapitalNext: boolean): boolean => {
  const word = LAST_WORD.exec(before)?.[0] ?? '';
  if (NEVER_LAST.has(word.toLowerCase())) return true;
  // An initial, such as in "J. Smith", but not the end of "option B"; a digit or letter as a sentence's first word numbers it.
  if (/^\p{Lu}$/u.test(word)) return isCapitalNext && /(?:^|\s)\p{Lu}$/u.test(before) && !NAMED_BY_LETTER.test(before);
  return /^\s*[*_]{0,2}(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z])$/.test(before);
};

const cut = (text: string, span: Span, sentences: Span[]): void => {
  let { start } = span;
  while (span.end - start > MAX_SENTENCE) {
    const space = text.lastIndexOf(' ', start + MAX_SENTENCE);
    // Never between the two halves of a character.
    const hard = /[\uD800-\uDBFF]/.test(text[start + MAX_SENTENCE - 1] ?? '') ? start + MAX_SENTENCE - 1 : start + MAX_SENTENCE;
    const end = space > start ? space : hard;
    const piece = trimmed(text, { start, end });
    if (piece.end > piece.start) sentences.push(piece);
    start = end;
  }
  const rest = trimmed(text, { start, end: span.end });
  if (rest.end > rest.start) sentences.push(rest);
};

/** In order, without white space at their ends. Offsets are those of `text`. */
export const sentencesOf = (text: string, span: Span): readonly Span[] => {
  const body = text.slice(span.start, span.end);
  const codes = codeSpans(body);
  const sentences: Span[] = [];
  let from = 0;
  let code = 0;
  for (const { index, 0: mark } of body.matchAll(BREAK)) {
    const end = index + mark.length;
    while (code < codes.length && (codes[code]?.end ?? 0) <= index) code += 1;
    if ((codes[code]?.start ?? Infinity) < index) continue;
    const isLine = /^[\r\n]/.test(mark);
    const following = body.slice(end, end + 24);
    const isCapital = BEGINS.test(following);
    if (!isLine && (!isCapital || (mark[0] === '.' && isAbbreviation(body.slice(Math.max(from, index - 40), index), isCapital)))) continue;
    cut(text, { start: span.start + from, end: span.start + (isLine ? index : end) }, sentences);
    from = end;
  }
  cut(text, { start: span.start + from, end: span.end }, sentences);
  return sentences;
};
