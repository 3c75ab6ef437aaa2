/** What a document consists of, as far as finding requirements goes: in the order of the text, without overlap. */
import type { Span } from './document.ts';

export type BlockKind =
  | 'heading'
  | 'paragraph'
  /** The first paragraph of a list item; what else the item holds are blocks with it as `parent`. */
  | 'item'
  /** Of a table, its head left out. */
  | 'row'
  /** Fenced or indented code, and what a tag such as `<pre>` holds. */
  | 'code'
  /** Comments, lines that are one tag (`<PRD>`), front matter, link definitions, rules: nothing to read. */
  | 'other';

export interface Block extends Span {
  readonly kind: BlockKind;
  /** Of a heading 1 to 6; of an item its nesting, from 1; else 0. */
  readonly depth: number;
  /** Index of the item that holds it. */
  readonly parent?: number;
  /** Of an item: which list of the document. */
  readonly list?: number;
  /** Of an item with a number: that number. */
  readonly ordinal?: number;
  /** Of an item with a checkbox: whether it is ticked. */
  readonly isChecked?: boolean;
  /** Within a block quote. */
  readonly isQuoted: boolean;
  /** Of a row. */
  readonly cells?: readonly Span[];
  /** Of a row: the cells of its table's head. */
  readonly head?: readonly Span[];
}
