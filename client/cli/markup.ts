/**
 * Styles as markers inside plain strings. Renderers compose text freely; {@link paint} is the one place
 * where it meets a terminal: it takes every control sequence out first, whoever brought it in, and only then
 * turns the markers into colour. Text that a task wrote can at most colour itself.
 */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const OPEN = {
  bold: '\uF8E0',
  dim: '\uF8E1',
  red: '\uF8E2',
  green: '\uF8E3',
  yellow: '\uF8E4',
  cyan: '\uF8E5',
} as const;
const CLOSE = '\uF8EF';
const MARKERS = /[\uF8E0-\uF8EF]/gu;

const ESCAPE = '\u001B';
const RESET = `${ESCAPE}[0m`;
const CODES: ReadonlyMap<string, string> = new Map([
  [OPEN.bold, '1'],
  [OPEN.dim, '2'],
  [OPEN.red, '31'],
  [OPEN.green, '32'],
  [OPEN.yellow, '33'],
  [OPEN.cyan, '36'],
]);

export type Style = keyof typeof OPEN;

export const style = (name: Style, text: string): string => `${OPEN[name]}${text}${CLOSE}`;

/** What would let text reorder what is shown around it. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** C0 and C1, without the line feed and the tab. */
const CONTROL = /[^\P{Cc}\n\t]/gu;

/** Text without control sequences; line ends become line feeds. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/\r\n?/gu, '\n').replace(CONTROL, '').replace(BIDI, '');

/** Text on one line: nothing in a title can make up a line of its own. */
export const oneLine = (text: string): string => clean(text).replaceAll(/\s+/gu, ' ').trim();

/** Ready to be written: cleaned, and coloured or not. */
export const paint = (text: string, color: boolean): string => {
  const safe = clean(text);
  if (!color) return safe.replace(MARKERS, '');
  const open: string[] = [];
  const painted = safe.replace(MARKERS, (marker) => {
    if (marker !== CLOSE) {
      open.push(marker);
      return `${ESCAPE}[${CODES.get(marker) ?? '0'}m`;
    }
    open.pop();
    return RESET + open.map((style) => `${ESCAPE}[${CODES.get(style) ?? '0'}m`).join('');
  });
  return open.length > 0 ? painted + RESET : painted;
};

/** Columns that the text takes on a terminal. */
export const widthOf = (text: string): number => stringWidth(clean(text).replace(MARKERS, ''));

const SEGMENTER = new Intl.Segmenter();

/** At most `width` columns, with `…` where something was cut; styles that were opened are closed. */
export const truncate = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  let result = '';
  let used = 0;
  let depth = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    const columns = widthOf(segment);
    if (used + columns > Math.max(0, width - 1)) break;
    used += columns;
    result += segment;
    if (segment === CLOSE) depth -= 1;
    else if (columns === 0 && CODES.has(segment)) depth += 1;
  }
  return `${result}…${CLOSE.repeat(Math.max(0, depth))}`;
};

/** Padded on the right to `width` columns. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Words on lines of at most `width` columns; a longer word gets a line of its own. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
};
