/** How long somebody who refused asks to be left alone, as an output tells it. */
const SECOND = 1_000;
/** Nobody waits longer on a stranger's word. */
export const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** `Retry-After: 120`, `retry-after: Wed, 21 Oct 2026 07:28:00 GMT`, `"retry_after": 1.5`, `retry after 30 seconds`, `try again in 2 minutes`. */
const SPOKEN = /(?:retry|try again)[ _-]*(?:after|in)["']?\s*[:=]?\s*["']?(\d+(?:\.\d+)?)\s*(ms|milliseconds?|m(?:in(?:ute)?s?)?\b|h(?:ours?)?\b)?/iu;
const DATED = /retry-after["']?\s*[:=]\s*["']?([A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)/iu;

const unitOf = (unit = ''): number => {
  if (/^m(?:s|illi)/iu.test(unit)) return 1;
  if (/^m/iu.test(unit)) return 60 * SECOND;
  return /^h/iu.test(unit) ? 60 * 60 * SECOND : SECOND;
};

/** Milliseconds; undefined when it is not told, or in the past. `now` is for dates. */
export const retryAfter = (text: string, now: number): number | undefined => {
  const date = DATED.exec(text)?.[1];
  const spoken = SPOKEN.exec(text);
  const wait = date !== undefined ? Date.parse(date) - now : spoken ? Number(spoken[1]) * unitOf(spoken[2]) : Number.NaN;
  return wait > 0 ? Math.min(Math.round(wait), MAX_RETRY_AFTER_MS) : undefined;
};
