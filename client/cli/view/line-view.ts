/**
 * The default view: a line for everything that happens, a counts line now and then, on a terminal a status
 * line below. Nothing moves off a terminal.
 */
import type { ExecutionEvent } from '../../../model/event.ts';
import type { ExecutionId } from '../../../model/ids.ts';
import type { TimeFormat } from '../common-options.ts';
import { oneLine, style, truncate } from '../markup.ts';
import { stamp } from '../time-text.ts';
import { countsText, runningText } from './counts-text.ts';
import { describeEvent } from './event-text.ts';
import type { EventView } from './event-view.ts';
import type { RunBoard } from './run-board.ts';

export interface LineViewOptions {
  readonly execution: ExecutionId;
  readonly write: (line: string) => void;
  /** Sets or takes away the status line; left out where none can be. */
  readonly status?: (text: string | undefined) => void;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
  readonly timeFormat: TimeFormat;
  /** Every event, also those that only a person looking for something wants to see. */
  readonly verbose: boolean;
  readonly now: () => number;
  /** Titles of tasks, where they are known. */
  readonly titles?: ReadonlyMap<string, string>;
}

/** Counts come at least this long apart, by the events' own clock. */
const COUNTS_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 100;
const TAIL_LINES = 12;

export const lineView = (options: LineViewOptions): EventView => {
  const { execution, write, status, width, timeFormat, verbose, now, titles = new Map<string, string>() } = options;
  let countsAt: number | undefined;

  const counts = (event: ExecutionEvent, board: RunBoard): void => {
    countsAt ??= event.at;
    if (status || event.at - countsAt < COUNTS_EVERY_MS) return;
    countsAt = event.at;
    put(style('dim', `   ${countsText(board)}`));
  };
  const put = (line: string): void => write(width > 0 ? truncate(line, width) : line);
  let drawnAt = -Infinity;
  const tick = (board: RunBoard): void => {
    drawnAt = now();
    status?.(`${countsText(board)}${runningText(board, drawnAt)}`);
  };

  return {
    event: (event, board) => {
      const text = describeEvent(event, { execution, titles });
      if (text && (verbose || !text.quiet)) {
        const time = style('dim', stamp(event.at, { format: timeFormat, start: board.startedAt ?? event.at }));
        put(`${time} ${text.line}`);
        for (const line of text.tail ? tailLines(text.tail) : []) put(`      ${style('dim', '│')} ${line}`);
        // A command to copy is never cut.
        for (const line of text.more ?? []) write(`      ${line}`);
      }
      counts(event, board);
      // A backlog of thousands of events must not redraw thousands of times.
      if (now() - drawnAt >= REDRAW_EVERY_MS) tick(board);
    },
    tick,
    close: () => status?.(undefined),
  };
};

/** The last lines of a task's output, each on a line of its own. */
export const tailLines = (tail: string): readonly string[] => {
  const lines = tail.trimEnd().split(/\r\n|\r|\n/u).map((line) => line.replaceAll('\t', '  '));
  const shown = lines.filter((line) => oneLine(line) !== '').slice(-TAIL_LINES);
  return lines.length > TAIL_LINES ? ['…', ...shown] : shown;
};
