/** How well something has to be done: a number with a unit and a bound, or the name of a quality. */
import type { Rule } from './rule.ts';

export const QUALITY: Rule = { id: 'quality-bound', finds: 'a number with a unit, and how it is bounded', example: 'Pages load in under 2 seconds.', strength: 'stated' };

const UNIT =
  '(?:%|percent|ms|milliseconds?|s|secs?|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|[kmgt]i?b|bytes?|kilobytes?|megabytes?|gigabytes?|[kmg]bps|fps|rps|qps|tps|px|pixels?|requests?|users?|sessions?|connections?|concurrent|transactions?|items?|records?|rows?|files?|characters?|attempts?|retries|nines)';
const NUMBER = '\\d{1,3}(?:[,.\u202f ]?\\d{3}){0,4}(?:\\.\\d{1,4})?';
const BOUND = '(?:within|under|below|above|over|exceeds?|less than|more than|fewer than|greater than|at least|at most|up to|no more than|no less than|not more than|maximum(?: of)?|minimum(?: of)?|max\\.?|min\\.?|limit(?:ed)? (?:of|to)|faster than|every|after|for|[<>≤≥=~]=?)';
const BOUNDED = new RegExp(`(?:^|[\\s(])${BOUND}\\s{0,2}(?:an? |the )?(?:limit of |total of )?${NUMBER}\\s?${UNIT}(?![\\w])|${NUMBER}\\s?${UNIT}\\s(?:or (?:less|more|fewer)|max(?:imum)?|min(?:imum)?|at (?:most|least))\\b|\\b99\\.\\d{1,4}\\s?%|\\bp(?:50|80|90|95|99)\\b`, 'i');

export const isBounded = (text: string): boolean => BOUNDED.test(text);
