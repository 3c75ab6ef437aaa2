/** Who lives of a queue's workers, for people. */
import type { PoolView, Pressure, WorkerView } from '../../../model/pool.ts';
import { oneLine, pad, style, truncate, widthOf } from '../markup.ts';
import type { Style } from '../markup.ts';
import { estimate } from '../time-text.ts';

export interface WorkersTextOptions {
  readonly now: number;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
}

const HEADINGS = ['worker', 'host', 'takes', 'slots', 'pressure', 'since', 'heard of'] as const;
/** A longer name is cut, so that what follows it is seen. */
const LONGEST: readonly (number | undefined)[] = [40, 24, 40];
const GAP = '  ';

export const workersText = ({ name, workers }: PoolView, { now, width }: WorkersTextOptions): string => {
  if (workers.length === 0) return `No worker of the queue ${oneLine(name)} lives.`;
  const rows = workers.map((view) => cells(view, now));
  const widths = HEADINGS.map((heading, at) => Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[at] ?? ''))));
  const line = (row: readonly string[]): string => row.map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at] ?? 0))).join(GAP);
  const fit = (text: string): string => (width > 0 ? truncate(text, width) : text);
  return [style('dim', fit(line(HEADINGS))), ...rows.map((row) => fit(line(row)))].join('\n');
};

const cells = ({ worker, host, capabilities, slots, pressure, since, heardAt }: WorkerView, now: number): readonly string[] =>
  [oneLine(worker), oneLine(host), capabilities.length === 0 ? 'anything' : capabilities.map(oneLine).join(', '), String(slots), COLOURS[pressure] ? style(COLOURS[pressure], pressure) : pressure, estimate(Math.max(0, now - since)), `${estimate(Math.max(0, now - heardAt))} ago`].map(
    (text, at) => truncate(text, LONGEST[at] ?? Number.POSITIVE_INFINITY),
  );

const COLOURS: Readonly<Record<Pressure, Style | undefined>> = { none: undefined, soft: 'yellow', hard: 'red' };
