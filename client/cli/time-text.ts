/** Durations and points in time as people read them. */
import prettyMilliseconds from 'pretty-ms';
import type { TimeFormat } from './common-options.ts';

/** `0.4s`, `12.3s`, `2m 3s`, `14h 45m`: the two largest units. */
export const duration = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'unknown';
  const whole = Math.max(0, ms);
  if (whole < 60_000) return `${(whole / 1000).toFixed(1)}s`;
  return prettyMilliseconds(whole, { unitCount: 2, secondsDecimalDigits: 0 });
};

/** Estimates need no tenths. */
export const estimate = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)}ms` : prettyMilliseconds(ms, { unitCount: 2, secondsDecimalDigits: 0 });

export const isoTime = (at: number): string => new Date(at).toISOString();

/** A point in time, by `--time-format`. */
export const moment = (at: number, options: { readonly format: TimeFormat; readonly now: number }): string => {
  if (options.format === 'iso') return isoTime(at);
  if (options.format === 'raw') return String(at);
  const ago = options.now - at;
  return ago < 0 ? `in ${estimate(-ago)}` : `${estimate(ago)} ago`;
};

/** A time in a row of lines: since the start, `00:45`, `1:02:45`; or the point itself. */
export const stamp = (at: number, options: { readonly format: TimeFormat; readonly start: number }): string => {
  if (options.format === 'iso') return isoTime(at);
  if (options.format === 'raw') return String(at);
  const seconds = Math.max(0, Math.floor((at - options.start) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
};
