/**
 * The blocks of a document, read line by line: CommonMark with tables and checkboxes, as far as documents use it, and plain
 * text. Linear in the text, whatever it holds; nesting beyond {@link MAX_NESTING} counts as that deep.
 *
 * A full Markdown parser is the judge of this one in the tests, and not used here: it takes 5 ms a KB, 30 ms a KB of tables, and
 * minutes for 100 KB of `>`. Two readings are ours on purpose: a line that is one tag (`<PRD>`) hides nothing that follows,
 * and a list that is indented too far is a list.
 */
import { unreachable } from '../../model/unreachable.ts';
import type { Block, BlockKind } from './block.ts';
import type { Span } from './document.ts';
import { checkboxOf, isDelimiterRow, isUnderline, shapeOf } from './line-shapes.ts';
import type { Shape } from './line-shapes.ts';
import { linesOf, trimmed } from './lines.ts';
import { plainHeadingOf } from './numbered-heading.ts';
import { cellsOf, MAX_CELLS } from './table.ts';

export const MAX_NESTING = 32;
const TAB = 4;
const CODE_INDENT = 4;

interface OpenItem {
  /** Column of the marker, and of what the item holds. */
  readonly indent: number;
  readonly content: number;
  readonly list: number;
  readonly type: string;
  readonly block: number;
}

/** What goes on until a line ends it. */
type Raw =
  | { readonly until: 'fence'; readonly fence: string; readonly content: number; readonly start: number }
  | { readonly until: 'text'; readonly end: string; readonly kind: BlockKind; readonly start: number };

interface Cursor {
  /** Offset of the first character that is no indentation. */
  readonly at: number;
  readonly indent: number;
}

/** Whether nothing in it is marked up as Markdown does it: then numbers may be headings, and indentation means nothing. */
const isPlainText = (text: string): boolean => !/^ {0,3}(?:#{1,6}[ \t]|```|~~~)/m.test(text);

class BlockReader {
  private readonly blocks: Block[] = [];
  private readonly lines: readonly Span[];
  private readonly isPlain: boolean;
  private readonly items: OpenItem[] = [];
  /** Of the items that were closed last, by nesting: the next one there may go on with their list. */
  private readonly lists: (OpenItem | undefined)[] = [];
  private paragraph: { start: number; end: number; kind: 'paragraph' | 'item'; index: number } | undefined;
  private raw: Raw | undefined;
  private head: readonly Span[] | undefined;
  private isQuoted = false;
  private nextList = 0;

  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.lines = linesOf(text);
    this.isPlain = isPlainText(text);
  }

  read(): readonly Block[] {
    const first = this.frontMatter();
    for (let line = first; line < this.lines.length; line += 1) this.readLine(line);
    this.endParagraph();
    if (this.raw) this.push({ kind: this.raw.until === 'fence' ? 'code' : this.raw.kind, start: this.raw.start, end: this.text.length });
    return this.blocks;
  }

  private push(block: Span & { readonly kind: BlockKind } & Partial<Block>): number {
    const parent = this.items.at(-1)?.block;
    return this.blocks.push({ depth: 0, isQuoted: this.isQuoted, ...(parent === undefined ? {} : { parent }), ...block }) - 1;
  }

  private frontMatter(): number {
    const line = (index: number): string => this.slice(this.lines[index]).trimEnd();
    if (line(0) !== '---') return 0;
    for (let index = 1; index < this.lines.length; index += 1) {
      const shown = line(index);
      if (shown !== '---' && shown !== '...') continue;
      if (index === 1) return 0;
      this.push({ kind: 'other', start: 0, end: this.lines[index]?.end ?? 0 });
      return index + 1;
    }
    return 0;
  }

  private slice(span: Span | undefined): string {
    return span ? this.text.slice(span.start, span.end) : '';
  }

  private endParagraph(): void {
    const open = this.paragraph;
    this.paragraph = undefined;
    this.head = undefined;
    if (!open) return;
    const { start, end } = trimmed(this.text, open);
    const block = this.blocks[open.index];
    if (block) this.blocks[open.index] = { ...block, start, end };
  }

  private closeItems(to: number): void {
    while (this.items.length > to) {
      const item = this.items.pop();
      this.lists[this.items.length] = item;
      this.lists.length = this.items.length + 1;
    }
  }

  private closeAll(): void {
    this.endParagraph();
    this.closeItems(0);
    this.lists.length = 0;
  }

  private indentOf(start: number, end: number, column = 0): Cursor {
    let at = start;
    let indent = column;
    while (at < end) {
      const character = this.text[at];
      if (character === ' ') indent += 1;
      else if (character === '\t') indent += TAB - (indent % TAB);
      else break;
      at += 1;
    }
    return { at, indent };
  }

  private readLine(index: number): void {
    const line = this.lines[index];
    if (!line) return;
    if (this.raw && this.goesOn(line, this.raw)) return;
    const { start, marks } = this.quoteMarks(line);
    const cursor = this.indentOf(start, line.end);
    if (cursor.at >= line.end) {
      this.endParagraph();
      if (marks === 0) this.isQuoted = false;
      return;
    }
    const shape = shapeOf(this.text.slice(cursor.at, line.end));
    const isLazy = this.paragraph !== undefined && shape.is === 'text';
    if (marks > 0 !== this.isQuoted && !(isLazy && marks === 0)) {
      this.closeAll();
      this.isQuoted = marks > 0;
    }
    this.place(index, line, cursor, shape);
  }

  private quoteMarks({ start, end }: Span): { readonly start: number; readonly marks: number } {
    let at = start;
    let marks = 0;
    for (;;) {
      const next = this.indentOf(at, end);
      if (next.indent >= CODE_INDENT || this.text[next.at] !== '>' || next.at >= end) return { start: at, marks };
      marks += 1;
      at = next.at + 1;
      if (this.text[at] === ' ') at += 1;
    }
  }

  /** True when the line belongs to what is open. */
  private goesOn(line: Span, raw: Raw): boolean {
    if (raw.until === 'text') {
      if (!this.slice(line).toLowerCase().includes(raw.end)) return true;
      this.raw = undefined;
      this.push({ kind: raw.kind, start: raw.start, end: line.end });
      return true;
    }
    const { at, indent } = this.indentOf(this.quoteMarks(line).start, line.end);
    const rest = this.text.slice(at, Math.min(line.end, at + 200)).trimEnd();
    const isLeft = rest !== '' && indent < raw.content;
    const isClosed = rest.length >= raw.fence.length && rest === (raw.fence[0] ?? '').repeat(rest.length);
    if (!isLeft && !isClosed) return true;
    this.raw = undefined;
    this.push({ kind: 'code', start: raw.start, end: isClosed ? line.end : line.start });
    return isClosed;
  }

  /** Puts the line where it belongs: closes what it leaves, and opens what it begins. */
  private place(index: number, line: Span, cursor: Cursor, shape: Shape): void {
    const { at, indent } = cursor;
    const isText = shape.is === 'text';
    const base = this.items.at(-1)?.content ?? 0;
    if (this.paragraph && !this.head && this.isUnderlineOf(line, cursor)) {
      this.underlined(at, line.end);
      return;
    }
    if (isText && this.paragraph && !this.head && !this.beginsTable(index, line, cursor)) {
      this.paragraph.end = line.end;
      return;
    }
    const keep = this.items.findIndex((item) => indent < item.content);
    if (keep !== -1) {
      this.endParagraph();
      this.closeItems(keep);
      if (shape.is !== 'marker') this.lists.length = this.items.length;
    }
    const within = this.items.at(-1)?.content ?? 0;
    const isDeep = indent - within >= CODE_INDENT && !this.isPlain && !this.paragraph;
    if (isDeep && (shape.is !== 'marker' || base === 0)) {
      this.indentedCode(line);
      return;
    }
    this.open(index, line, cursor, shape);
  }

  private isUnderlineOf(line: Span, { at, indent }: Cursor): boolean {
    const base = this.items.at(-1)?.content ?? 0;
    return this.paragraph?.kind === 'paragraph' && indent >= base && indent - base < CODE_INDENT && isUnderline(this.text.slice(at, Math.min(line.end, at + 1_001)));
  }

  private underlined(at: number, end: number): void {
    const open = this.paragraph;
    if (!open) return;
    this.endParagraph();
    const block = this.blocks[open.index];
    if (block) this.blocks[open.index] = { ...block, kind: this.items.length > 0 || this.isQuoted ? 'paragraph' : 'heading', depth: this.text[at] === '=' ? 1 : 2 };
    this.push({ kind: 'other', start: at, end });
    this.lists.length = 0;
  }

  private indentedCode(line: Span): void {
    const last = this.blocks.at(-1);
    if (last?.kind === 'code' && this.text.slice(last.end, line.start).trim() === '') this.blocks[this.blocks.length - 1] = { ...last, end: line.end };
    else this.push({ kind: 'code', start: line.start, end: line.end });
  }

  private open(index: number, line: Span, cursor: Cursor, shape: Shape): void {
    const { at } = cursor;
    switch (shape.is) {
      case 'heading':
        return this.heading(line, at, shape);
      case 'marker':
        return this.marker(index, line, cursor, shape);
      case 'fence':
        this.endParagraph();
        this.raw = { until: 'fence', fence: shape.fence, content: this.items.at(-1)?.content ?? 0, start: at };
        return undefined;
      case 'comment':
        return this.opaque({ line, at, end: '-->', kind: 'other', skip: 4 });
      case 'raw':
        return this.opaque({ line, at, end: `</${shape.tag}>`, kind: 'code', skip: 0 });
      case 'rule':
      case 'tag':
      case 'definition':
        this.endParagraph();
        if (shape.is !== 'definition') this.closeAll();
        this.push({ kind: 'other', start: at, end: line.end });
        return undefined;
      case 'text':
        return this.textLine(index, line, cursor);
      default:
        return unreachable(shape);
    }
  }

  private opaque({ line, at, end, kind, skip }: { line: Span; at: number; end: string; kind: BlockKind; skip: number }): void {
    this.endParagraph();
    const isClosed = this.text.slice(at + skip, line.end).toLowerCase().includes(end);
    if (!isClosed) this.raw = { until: 'text', end, kind, start: at };
    else this.push({ kind, start: at, end: line.end });
  }

  private heading(line: Span, at: number, { depth, width }: { readonly depth: number; readonly width: number }): void {
    this.endParagraph();
    const isSection = this.items.length === 0 && !this.isQuoted;
    const { start, end } = trimmed(this.text, { start: at + width, end: line.end });
    const title = this.text.slice(start, Math.min(end, start + 500));
    const closing = /(?:^|[ \t])#+$/.exec(title);
    const to = closing && start + title.length === end ? start + closing.index : end;
    this.push({ kind: isSection ? 'heading' : 'paragraph', depth: isSection ? depth : 0, start, end: Math.max(start, to) });
    if (isSection) this.lists.length = 0;
  }

  private marker(index: number, line: Span, { at, indent }: Cursor, shape: Extract<Shape, { is: 'marker' }>): void {
    if (this.paragraph && this.items.length === 0 && (shape.ordinal ?? 1) !== 1) {
      this.paragraph.end = line.end;
      return;
    }
    if (this.isPlain && shape.ordinal !== undefined && this.plainHeading(index, line, at)) return;
    this.endParagraph();
    if (this.items.length >= MAX_NESTING) this.closeItems(MAX_NESTING - 1);
    const after = this.indentOf(at + shape.width, line.end, indent + shape.width);
    const isEmpty = after.at >= line.end;
    const content = isEmpty || after.indent - indent - shape.width > CODE_INDENT ? indent + shape.width + 1 : after.indent;
    const nesting = this.items.length;
    const before = this.lists[nesting];
    const list = before && before.type === shape.type ? before.list : this.nextList++;
    const box = isEmpty ? undefined : checkboxOf(this.text.slice(after.at, Math.min(line.end, after.at + 20)));
    const start = after.at + (box?.width ?? 0);
    const block = this.push({
      kind: 'item',
      depth: nesting + 1,
      start: Math.min(start, line.end),
      end: line.end,
      list,
      ...(shape.ordinal === undefined ? {} : { ordinal: shape.ordinal }),
      ...(box ? { isChecked: box.isChecked } : {}),
    });
    this.items.push({ indent, content, list, type: shape.type, block });
    if (isEmpty) return;
    this.itemText(index, line, { at: start, indent: after.indent }, block);
  }

  /** What stands beside the marker: text, or again a marker or a fence. */
  private itemText(index: number, line: Span, cursor: Cursor, block: number): void {
    const inner = shapeOf(this.text.slice(cursor.at, line.end));
    const isInner = inner.is === 'marker' ? this.items.length < MAX_NESTING : inner.is === 'fence' || inner.is === 'comment';
    if (isInner) {
      const item = this.blocks[block];
      if (item) this.blocks[block] = { ...item, end: item.start };
      this.open(index, line, cursor, inner);
    } else this.paragraph = { start: cursor.at, end: line.end, kind: 'item', index: block };
  }

  private isBlank(index: number): boolean {
    const line = this.lines[index];
    return !line || this.slice({ start: line.start, end: Math.min(line.end, line.start + 2_000) }).trim() === '';
  }

  /** True when the line is a heading of plain text, which it then becomes. */
  private plainHeading(index: number, line: Span, at: number): boolean {
    if (line.end - at > 100 || this.isQuoted || this.paragraph || this.items.length > 0 || !this.isBlank(index - 1) || !this.isBlank(index + 1)) return false;
    const found = plainHeadingOf(this.text.slice(at, line.end).trimEnd());
    if (!found) return false;
    let next = index + 1;
    while (next < this.lines.length && this.isBlank(next)) next += 1;
    const following = plainHeadingOf(this.slice(this.lines[next]).trim().slice(0, 101));
    const isListed = found.number !== '' && !found.number.includes('.') && following !== undefined && following.depth === 1 && following.number !== '';
    if (isListed || this.lists.length > 0) return false;
    this.push({ kind: 'heading', depth: found.depth, ...trimmed(this.text, { start: at, end: line.end }) });
    return true;
  }

  private beginsTable(index: number, line: Span, { at }: Cursor): boolean {
    const below = this.lines[index + 1];
    if (!below || line.end - at > 10_000 || !this.text.slice(at, line.end).includes('|')) return false;
    const next = this.indentOf(this.quoteMarks(below).start, below.end);
    const isRuled = isDelimiterRow(this.text.slice(next.at, Math.min(below.end, next.at + 1_001)));
    return isRuled && cellsOf(this.text, { start: at, end: line.end }).length === cellsOf(this.text, { start: next.at, end: below.end }).length;
  }

  private textLine(index: number, line: Span, cursor: Cursor): void {
    const { at } = cursor;
    if (this.head) {
      const cells = cellsOf(this.text, { start: at, end: line.end });
      const isDelimiter = this.blocks.at(-1)?.kind !== 'row' && isDelimiterRow(this.text.slice(at, Math.min(line.end, at + 1_001)));
      if (!isDelimiter && cells.length <= MAX_CELLS) this.push({ kind: 'row', ...trimmed(this.text, { start: at, end: line.end }), cells, head: this.head });
      return;
    }
    if (this.beginsTable(index, line, cursor)) {
      this.endParagraph();
      this.head = cellsOf(this.text, { start: at, end: line.end });
      this.push({ kind: 'other', start: at, end: line.end });
      return;
    }
    if (this.isPlain && this.plainHeading(index, line, at)) return;
    if (this.items.length === 0) this.lists.length = 0;
    const block = this.push({ kind: 'paragraph', start: at, end: line.end });
    this.paragraph = { start: at, end: line.end, kind: 'paragraph', index: block };
  }
}

export const readBlocks = (text: string): readonly Block[] => new BlockReader(text).read();
