/** Who holds and who waits, for people. */
import type { HolderView, MutexView, ResourceView, WaiterView } from '../../../model/mutex.ts';
import { oneLine, style, truncate } from '../markup.ts';
import { duration } from '../time-text.ts';

const SHOWN = 20;

export interface ResourcesTextOptions {
  readonly now: number;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
}

export const resourcesText = (domains: readonly MutexView[], { now, width }: ResourcesTextOptions): string => {
  const fit = (line: string): string => (width > 0 ? truncate(line, width) : line);
  return domains.flatMap((view) => [...header(view, domains.length, now), ...view.resources.flatMap((resource) => resourceLines(resource, now)).map(fit)]).join('\n');
};

const header = ({ domain, grantsFrom, deadlocks = [] }: MutexView, domains: number, now: number): string[] => [
  ...(domains > 1 ? [style('dim', `lock domain ${domain}`)] : []),
  ...(grantsFrom === undefined ? [] : [`The lock domain ${domain} was ended and began anew: it grants nothing for ${duration(Math.max(0, grantsFrom - now))} more, while holders announce themselves.`]),
  ...deadlocks.map((attempts) => style('red', `DEADLOCK, each waits for the next: ${circle(attempts)}`)),
];

const circle = (attempts: readonly string[]): string => [...attempts, attempts[0] ?? ''].map(oneLine).join(' → ');

const resourceLines = (resource: ResourceView, now: number): string[] => [
  `${style('bold', oneLine(resource.name))}  ${resource.mode}, ${use(resource)}`,
  ...resource.holders.slice(0, SHOWN).map((holder) => `  ${holderLine(holder, now)}`),
  ...more(resource.holders.length, 'holders'),
  ...resource.queue.slice(0, SHOWN).map((waiter, at) => `  ${waiterLine(waiter, at + 1, now)}`),
  ...more(resource.waiting, 'waiting'),
];

const more = (count: number, what: string): string[] => (count > SHOWN ? [`  and ${count - SHOWN} more ${what}`] : []);

const use = ({ mode, units, capacity, readers }: ResourceView): string => {
  const taken = `${units} of ${capacity} taken`;
  if (readers > 0) return `${readers} reading`;
  const share = mode === 'semaphore' && capacity > 0 ? ` (${Math.round((100 * units) / capacity)} %)` : '';
  return units === 0 ? `free, capacity ${capacity}` : `${taken}${share}`;
};

const amount = ({ units, access }: { readonly units: number; readonly access: 'read' | 'write' }): string => `${access}${units === 1 ? '' : ` ${units}`}`;

const holderLine = (holder: HolderView, now: number): string =>
  `held by ${holder.execution}/${holder.task}, attempt ${holder.attempt}, for ${duration(now - holder.since)}  ${style('dim', `${amount(holder)}, fence ${holder.fence}`)}`;

const waiterLine = (waiter: WaiterView, place: number, now: number): string =>
  `${place}. ${waiter.execution}/${waiter.task} waits for ${duration(now - waiter.since)}: ${oneLine(waiter.reason)}  ${style('dim', amount(waiter))}`;
