/**
 * Builders of the Markdown that `Plan.md` and `Decisions.md` are made of. A string is always text, never markup: what comes
 * from documents and code cannot become a heading, a cell or HTML, since mdast writes it out.
 */
import type { BlockContent, Heading, List, ListItem, Paragraph, PhrasingContent, Table, TableCell, ThematicBreak } from 'mdast';
import { flat, MAX_TITLE } from './flat.ts';

/** Text, or what one of the functions below has made. */
export type Inline = string | PhrasingContent;
/** A run of inlines: `['Adds ', code(name)]`. */
export type Phrase = Inline | readonly Inline[];

const isList = (phrase: Phrase): phrase is readonly Inline[] => Array.isArray(phrase);
/** As a list: to be spread into another. */
export const inlines = (phrase: Phrase): readonly Inline[] => (isList(phrase) ? phrase : [phrase]);

/** Text beside text is one text: faster to write, and what is escaped is seen as a whole. */
const merged = (nodes: readonly PhrasingContent[]): readonly PhrasingContent[] => {
  const result: PhrasingContent[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text') result[result.length - 1] = { type: 'text', value: last.value + node.value };
    else result.push(node);
  }
  return result;
};

const trimmed = (nodes: readonly PhrasingContent[]): readonly PhrasingContent[] => {
  const last = nodes.at(-1);
  return last?.type === 'text' ? [...nodes.slice(0, -1), { ...last, value: last.value.trimEnd() }] : nodes;
};

const phrasing = (phrase: Phrase): PhrasingContent[] => [...trimmed(merged(inlines(phrase).map((each): PhrasingContent => (typeof each === 'string' ? { type: 'text', value: each } : each))))];

export const text = (value: string, max?: number): Inline => ({ type: 'text', value: flat(value, max) });
/** Of text that says which it is, such as a title. */
export const strong = (value: string): Inline => ({ type: 'strong', children: [{ type: 'text', value: flat(value, MAX_TITLE) }] });

/** A table's cell cannot hold a backslash before a bar as code: that is written as text. */
const isCode = (value: string): boolean => !value.includes('\\|');
/** Names, paths and commands. */
export const code = (value: string, max?: number): Inline => {
  const one = flat(value, max);
  return isCode(one) ? { type: 'inlineCode', value: one } : { type: 'text', value: one };
};

/** A title or a sentence: what it puts between backticks is code. */
export const titled = (value: string): readonly Inline[] => {
  const parts = flat(value, MAX_TITLE).split('`');
  // A backtick without another is a character.
  if (parts.length % 2 === 0) return [text(value, MAX_TITLE)];
  return parts.flatMap((part, index): readonly Inline[] => {
    if (index % 2 === 1) return part.trim() === '' ? [`\`${part}\``] : [code(part)];
    return part === '' ? [] : [part];
  });
};

export const heading = (depth: Heading['depth'], phrase: Phrase): Heading => ({ type: 'heading', depth, children: phrasing(phrase) });
export const paragraph = (phrase: Phrase): Paragraph => ({ type: 'paragraph', children: phrasing(phrase) });
export const rule = (): ThematicBreak => ({ type: 'thematicBreak' });

/** A line of a list, and what is told below it. */
export interface Item {
  readonly line: Phrase;
  readonly below?: readonly Line[];
  /** Set: a box that is not ticked. */
  readonly isOpen?: true;
}
export type Line = Phrase | Item;

const isItem = (line: Line): line is Item => typeof line === 'object' && !Array.isArray(line) && 'line' in line;

const listItem = (line: Line): ListItem => {
  const { line: phrase, below = [], isOpen }: Item = isItem(line) ? line : { line };
  return { type: 'listItem', spread: false, ...(isOpen && { checked: false }), children: [paragraph(phrase), ...(below.length > 0 ? [bullets(below)] : [])] };
};

const list = (lines: readonly Line[], ordered: boolean): List => ({ type: 'list', ordered, spread: false, ...(ordered && { start: 1 }), children: lines.map(listItem) });
/** @param lines at least one */
export const bullets = (lines: readonly Line[]): List => list(lines, false);
/** @param lines at least one */
export const numbered = (lines: readonly Line[]): List => list(lines, true);

const cell = (phrase: Phrase): TableCell => ({ type: 'tableCell', children: phrasing(phrase) });
/** The first row is its head. */
export const table = (rows: readonly (readonly Phrase[])[]): Table => ({ type: 'table', children: rows.map((row) => ({ type: 'tableRow', children: row.map(cell) })) });

export type Block = BlockContent;
