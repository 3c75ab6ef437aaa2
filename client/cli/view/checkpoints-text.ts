/** The checkpoints of an execution as a table, for people. */
import { oneLine, pad, style, truncate, widthOf } from '../markup.ts';
import type { TimeFormat } from '../common-options.ts';
import { moment } from '../time-text.ts';
import { counted } from './counts-text.ts';
import { size } from '../../../model/size-text.ts';

/** Of a task: `kept` can be gone on from; `damaged` is there and cannot; `gone` was pruned; `elsewhere` is on another machine. */
export type Keeping = 'kept' | 'damaged' | 'gone' | 'elsewhere' | 'not kept';

export interface ListedCheckpoint {
  /** What `--checkpoint-id` takes. */
  readonly id: string;
  readonly kind: 'task' | 'run';
  /** The execution that passed it. */
  readonly execution: string;
  readonly attempt?: number;
  readonly percent?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly files?: number;
  readonly bytes?: number;
  /** Of a task. */
  readonly keeping?: Keeping;
  readonly rollbackCapable: boolean;
}

export interface CheckpointsTextOptions {
  readonly execution: string;
  readonly checkpoints: readonly ListedCheckpoint[];
  readonly now: number;
  readonly width: number;
  readonly timeFormat: TimeFormat;
}

const KEEPING: Readonly<Record<Keeping, string>> = { kept: 'kept', damaged: style('red', 'damaged'), gone: 'pruned', elsewhere: 'on another machine', 'not kept': style('yellow', 'nothing was kept') };

export const checkpointsText = ({ execution, checkpoints, now, width, timeFormat }: CheckpointsTextOptions): string => {
  const column = Math.min(60, Math.max(0, ...checkpoints.map(({ id }) => widthOf(id))));
  return checkpoints
    .map((point) => {
      const { id, percent, at, files = 0, bytes = 0, keeping, rollbackCapable } = point;
      const parts = [
        pad(id, column),
        percent === undefined ? '     ' : `${Math.round(percent)} %`.padStart(5),
        moment(at, { format: timeFormat, now }),
        keeping === undefined ? 'of the run' : KEEPING[keeping],
        files === 0 ? '' : `${counted(files, 'file', 'files')}, ${size(bytes)}`,
        rollbackCapable ? '' : style('yellow', 'no way back from here'),
        point.execution === execution ? '' : style('dim', `of ${oneLine(point.execution)}`),
      ];
      const line = parts.filter((part) => part !== '').join('  ');
      return width > 0 ? truncate(line, width) : line;
    })
    .join('\n');
};
