/** Which loggers follow a run, by output format. */
import type { ExecutionId } from '../../model/ids.ts';
import type { Context } from './context.ts';
import type { EventView } from './view/event-view.ts';
import { jsonlView } from './view/jsonl-view.ts';
import { lineView } from './view/line-view.ts';

export interface RunViewOptions {
  readonly execution: ExecutionId;
  readonly titles?: ReadonlyMap<string, string>;
  /** `answer`: the lines are what was asked for, so they go to standard output. */
  readonly lines: 'progress' | 'answer';
}

export const runViews = (context: Context, { execution, titles, lines }: RunViewOptions): readonly EventView[] => {
  const { out, values, now } = context;
  if (out.format === 'jsonl') return [jsonlView(out)];
  if (out.format !== 'text' && lines === 'answer') return [];
  const view = lineView({
    execution,
    write: (line) => (lines === 'answer' ? out.line(line) : out.progress(line)),
    ...(out.isLive && { status: (text) => out.status(text) }),
    width: out.width,
    timeFormat: out.timeFormat,
    verbose: values.flag('verbose') || out.shows('debug'),
    now,
    ...(titles && { titles }),
  });
  return [view];
};
