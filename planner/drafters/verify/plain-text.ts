/** Text of a drafter as a plan may hold it: one line of bounded length, nothing that a terminal or a reader is misled by, no secrets. */
import { redact } from '../../../model/redact.ts';

/** Control characters, marks that turn the direction of text around, and characters without a width. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

export const plainText = (text: string, limit: number): string => {
  const flat = redact(text.slice(0, limit * 4).replace(/\s+/g, ' ').replace(INVISIBLE, '').trim());
  return flat.length <= limit ? flat : `${flat.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
};
