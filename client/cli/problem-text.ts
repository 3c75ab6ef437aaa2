/** Problems as people read them: what, where with the source line underlined, the way out, the code. */
import { readFileSync } from 'node:fs';
import type { Place } from '../../model/graph.ts';
import type { Problem } from '../../model/problem.ts';
import { oneLine, style } from './markup.ts';

/** More than this is shown only by `-o json`. */
export const PROBLEM_CAP = 20;
const RELATED_CAP = 50;
const EXCERPT_COLUMNS = 120;

type Kind = 'error' | 'warning' | 'certain' | 'likely';
const WORDS = { error: 'problems', warning: 'warnings', certain: 'certain findings', likely: 'likely findings' } as const;
const isGrave = (kind: Kind): boolean => kind === 'error' || kind === 'certain';

export interface ProblemTextOptions {
  readonly problems: readonly Problem[];
  readonly kind?: Kind;
  /** Answers the text of a line; read from the file itself unless given. */
  readonly readLine?: (place: Place) => string | undefined;
}

export const problemsText = ({ problems, kind = 'error', readLine = lineReader() }: ProblemTextOptions): string => {
  const blocks = problems.slice(0, PROBLEM_CAP).map((problem) => problemText(problem, kind, readLine));
  const hidden = problems.length - blocks.length;
  const word = WORDS[kind];
  if (hidden > 0) blocks.push(style('bold', `… and ${hidden} more: ${problems.length} ${word} in all; \`-o json\` prints every one`));
  else if (problems.length > 1) blocks.push(style('bold', `${problems.length} ${word}`));
  return blocks.join('\n');
};

/** `file:line:column`, as editors and terminals understand it. */
export const placeText = ({ file, line, column }: Place): string => [oneLine(file), line, column].filter((part) => part !== undefined).join(':');

const problemText = (problem: Problem, kind: Kind, readLine: (place: Place) => string | undefined): string => {
  const { code, message, place, excerpt, hint, related = [] } = problem;
  const lines = [`${style(isGrave(kind) ? 'red' : 'yellow', `${kind}:`)} ${style('bold', message.trim())} [${code}]`];
  if (place) {
    lines.push(`  ${style('cyan', '-->')} ${placeText(place)}`);
    const text = excerpt?.text ?? readLine(place);
    // Of a cycle the first edge shows the same line.
    const isRepeated = related.some((other) => other.place && placeText(other.place) === placeText(place));
    if (text !== undefined && !isRepeated) lines.push(...excerptLines(text, place, excerpt));
  }
  for (const { message: text, place: where } of related.slice(0, RELATED_CAP)) {
    lines.push(`  ${style('cyan', '=')} ${oneLine(text)}${where ? `  ${style('dim', placeText(where))}` : ''}`);
    const source = where && readLine(where);
    if (where && source !== undefined) lines.push(...excerptLines(source, where, undefined));
  }
  if (related.length > RELATED_CAP) lines.push(`  = … and ${related.length - RELATED_CAP} more`);
  if (hint !== undefined) lines.push(`  ${style('green', 'help:')} ${hint}`);
  return lines.join('\n');
};

/** The source line and, below it, `^^^^` under the span. */
const excerptLines = (text: string, place: Place, span: Problem['excerpt']): readonly string[] => {
  const number = String(place.line ?? '');
  const gutter = ' '.repeat(number.length);
  const from = span?.from ?? place.column;
  const start = window(text, from ?? 1);
  const shown = text.slice(start, start + EXCERPT_COLUMNS).replaceAll('\t', ' ');
  const lines = [`  ${style('dim', `${number} |`)} ${shown.trimEnd()}`];
  if (from === undefined) return lines;
  const end = Math.max(from + 1, span?.to ?? from + wordLength(text, from));
  const width = Math.min(end, start + EXCERPT_COLUMNS + 1) - from;
  lines.push(`  ${gutter} ${style('dim', '|')} ${' '.repeat(from - 1 - start)}${style('red', '^'.repeat(Math.max(1, width)))}`);
  return lines;
};

/** Where a long line is cut, so that the column is in sight. */
const window = (text: string, column: number): number => (text.length <= EXCERPT_COLUMNS ? 0 : Math.max(0, column - 1 - EXCERPT_COLUMNS / 2));

const wordLength = (text: string, column: number): number => /^("[^"]*"|[\w.-]+)/u.exec(text.slice(column - 1))?.[0].length ?? 1;

const lineReader = (): ((place: Place) => string | undefined) => {
  const files = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    if (line === undefined) return undefined;
    let lines = files.get(file);
    if (!lines) {
      try {
        lines = readFileSync(file, 'utf8').split(/\r?\n/u);
      } catch {
        lines = [];
      }
      files.set(file, lines);
    }
    return lines[line - 1];
  };
};
