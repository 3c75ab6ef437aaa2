/** TASKS1312: a quote is what the document holds at its offsets, secrets apart; its lines are those of the offsets. */
import { REDACTED, redact, replaceSpans, secretSpans } from '../../../model/redact.ts';
import type { Span } from '../../../model/redact.ts';
import { LineIndex } from '../../read/line-index.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt, fileFinding } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, member, numberOf } from '../item.ts';
import { finishedBefore } from '../finished-before.ts';
import type { Quote } from '../quotes.ts';
import { quotesOf } from '../quotes.ts';
import type { Rule } from '../rule.ts';
import type { FoundDocument, V3View } from '../view.ts';

const CODE = 'TASKS1312';
const SHOWN = 60;
/** So many wrong quotes are looked for elsewhere in the document. */
const MAX_SEARCHES = 100;

interface Reading extends FoundDocument {
  readonly lines: LineIndex;
  /** Secrets of the whole document: one may begin before a quote. */
  readonly secrets: readonly Span[];
  searches: number;
}

/** The part of each span that lies within, from its start on; `spans` are in order. */
const clipped = (spans: readonly Span[], start: number, end: number): readonly Span[] =>
  spans.flatMap(([from, to]): readonly Span[] => (to > start && from < end ? [[Math.max(from, start) - start, Math.min(to, end) - start]] : []));

const isTrue = (text: string, slice: string, secrets: readonly Span[]): boolean => {
  if (text === slice) return true;
  return text.includes(REDACTED) && (text === redact(slice) || text === replaceSpans(slice, secrets));
};

const whyNot = ({ text }: Quote, document: Reading, { start, end }: { readonly start: number; readonly end: number }): string | undefined => {
  const { text: whole, secrets } = document;
  if (start >= end || end > whole.length) return `${start} to ${end} is no place in the document, which has ${whole.length} characters`;
  const slice = whole.slice(start, end);
  if (isTrue(text, slice, clipped(secrets, start, end))) return undefined;
  const shown = redact(slice);
  document.searches += 1;
  const elsewhere = document.searches > MAX_SEARCHES ? -1 : whole.indexOf(text);
  return elsewhere >= 0 ? `it stands from ${elsewhere} to ${elsewhere + text.length}` : `there stands ${quote(shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown)}`;
};

const lineFindings = (evidence: Item, of: string, document: Reading, { start, end }: { readonly start: number; readonly end: number }): readonly Finding[] => {
  const lines = [
    ['startLine', document.lines.position(start).line],
    ['endLine', document.lines.position(Math.max(start, end - 1)).line],
  ] as const;
  return lines.flatMap(([key, actual]) => {
    const item = member(evidence, key);
    const stated = numberOf(item);
    return stated === undefined || stated === actual ? [] : [findingAt({ code: CODE, message: `a quote of ${of}: its ${key} is ${actual}, not ${stated}`, where: item.where })];
  });
};

const wrongOf = (each: Quote, document: Reading): readonly Finding[] => {
  const { evidence, of, item } = each;
  if (!evidence) return [];
  const start = numberOf(at(evidence, 'loc', 'start'));
  const end = numberOf(at(evidence, 'loc', 'end'));
  // The schema's to say.
  if (start === undefined || end === undefined) return [];
  const why = whyNot(each, document, { start, end });
  if (why !== undefined) return [findingAt({ code: CODE, message: `a quote of ${of} is not what the document holds there: ${why}`, where: item.where, hint: 'Offsets count UTF-16 units from 0, the end excluded; the quote is the text between them.' })];
  return lineFindings(evidence, of, document, { start, end });
};

const isAnother = ({ document }: V3View): readonly Finding[] =>
  document?.isTheOne === false
    ? [fileFinding({ code: CODE, severity: 'warning', message: `${quote(document.file)} is not the document that the plan was made of: its sha256 is another one`, file: '', shown: document.file, hint: 'Quotes are compared with it all the same. If it was changed since, plan again.' })]
    : [];

export const evidenceTruth: Rule = {
  code: CODE,
  check: (view) => {
    const { document } = view;
    if (!document) return [];
    const reading: Reading = { ...document, lines: new LineIndex(document.text), secrets: secretSpans(document.text, []).spans, searches: 0 };
    const before = finishedBefore(view);
    const isBefore = ({ owner }: Quote): boolean => owner !== undefined && (owner.kind === 'task' ? before.tasks : before.features).has(owner.id);
    return [...isAnother(view), ...quotesOf(view).flatMap((each) => (isBefore(each) ? [] : wrongOf(each, reading)))];
  },
};
