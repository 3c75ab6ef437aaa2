/** Alerts in words. */
import { METRICS } from '../../../model/alert.ts';
import type { AlertAction, MetricKind } from '../../../model/alert.ts';
import type { EventBody } from '../../../model/event.ts';
import { unreachable } from '../../../model/unreachable.ts';
import { oneLine, style } from '../markup.ts';
import { duration } from '../time-text.ts';

const DOES: Readonly<Record<AlertAction, string>> = { report: '', reduce_concurrency: ': half as many tasks run at once', pause: ': nothing more starts', abort: ': the execution is aborted' };

const kindOf = (name: string): MetricKind | undefined => new Map<string, MetricKind>(Object.entries(METRICS)).get(name.split('.')[0] ?? name);

const valueText = (name: string, value: number): string => {
  const kind = kindOf(name);
  switch (kind) {
    case 'share':
      return `${Math.round(value * 1_000) / 10} %`;
    case 'time':
      return duration(value);
    case 'rate':
      return `${Math.round(value * 10) / 10} a minute`;
    case 'count':
    case undefined:
      return String(value);
    default:
      return unreachable(kind);
  }
};

export const alertText = ({ alert, condition, metrics, action, state }: Extract<EventBody, { readonly type: 'alert' }>): string => {
  const values = Object.entries(metrics).map(([name, value]) => `${oneLine(name)} ${valueText(name, value)}`);
  const measured = values.length > 0 ? ` (${values.join(', ')})` : '';
  if (state === 'over') return `alert ${style('bold', oneLine(alert))} is over${measured}`;
  return style('yellow', `! alert ${oneLine(alert)}: ${oneLine(condition)}${measured}${DOES[action]}`);
};
