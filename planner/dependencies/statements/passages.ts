/**
 * A document as passages: list items and paragraphs, each with where it stands. Markdown's marks are blanked out, so that offsets stay
 * those of the document. Fenced code, and sections that ask for nothing, have none.
 */
import type { Section, SpecDocument } from '../../document/document.ts';

export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly section: number;
  /** From the document, one character for one, without marks and line breaks. */
  readonly text: string;
  /** Its first line: what a list item is called, before what is said of it. */
  readonly head: string;
  /** Of an ordered list: which one, and the number as written. */
  readonly item?: { readonly list: number; readonly number: number };
}

const FENCE = /^\s*(`{3,}|~{3,})/u;
const ORDERED = /^(\s{0,12})(\d{1,4})[.)]\s/u;
const BULLET = /^(\s{0,12})[-*+]\s/u;
const HEADING = /^\s{0,3}#{1,6}\s/u;
const MARKS = /[*`\r\n\t]/gu;
/** A longer passage is cut: nobody states an order so far behind. */
const MAX_LENGTH = 4_000;

interface Lists {
  /** Of each depth of indentation the list that is open there. */
  readonly open: Map<number, { readonly list: number; last: number }>;
  count: number;
}

/** A list goes on as long as its numbers grow. */
const itemOf = (lists: Lists, indent: number, number: number): Passage['item'] => {
  const known = lists.open.get(indent);
  for (const deeper of lists.open.keys()) if (deeper > indent) lists.open.delete(deeper);
  if (known && number > known.last) {
    known.last = number;
    return { list: known.list, number };
  }
  lists.count += 1;
  lists.open.set(indent, { list: lists.count, last: number });
  return { list: lists.count, number };
};

function* passagesIn(section: Section, text: string, lists: Lists): Generator<Passage> {
  let fence = '';
  let current: { start: number; end: number; item?: Passage['item'] } | undefined;
  const close = (): readonly Passage[] => {
    if (!current) return [];
    const { start, end, item } = current;
    current = undefined;
    const raw = text.slice(start, Math.min(end, start + MAX_LENGTH));
    const [head = ''] = raw.split('\n', 1);
    return [{ start, end, section: section.index, text: raw.replaceAll(MARKS, ' '), head: head.replaceAll(MARKS, ' '), ...(item && { item }) }];
  };
  for (let at = section.start; at < section.end; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 || newline >= section.end ? section.end : newline;
    const line = text.slice(at, Math.min(end, at + MAX_LENGTH));
    const mark = FENCE.exec(line)?.[1];
    const ordered = ORDERED.exec(line);
    if (fence !== '') {
      if (mark?.startsWith(fence)) fence = '';
    } else if (mark !== undefined) {
      yield* close();
      fence = mark;
    } else if (line.trim() === '' || HEADING.test(line)) {
      yield* close();
    } else if (ordered || BULLET.test(line)) {
      yield* close();
      const item = ordered ? itemOf(lists, ordered[1]?.length ?? 0, Number(ordered[2])) : undefined;
      current = { start: at, end, ...(item && { item }) };
    } else if (current) current.end = end;
    else current = { start: at, end };
    at = end + 1;
  }
  yield* close();
}

export const passagesOf = ({ text, sections }: SpecDocument): readonly Passage[] => {
  const lists: Lists = { open: new Map(), count: 0 };
  return sections.flatMap((section) => {
    if (section.kind !== 'content') return [];
    lists.open.clear();
    return [...passagesIn(section, text, lists)];
  });
};
