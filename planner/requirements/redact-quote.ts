/**
 * Quotes without secrets. Where a secret is, is found in the whole text, so that the cut of a quote hides none; offsets stay
 * those of the document.
 */
import { isSecretName } from '../../model/secret-names.ts';
import type { Span } from '../document/document.ts';
import { indexAt } from '../document/lines.ts';

export const REDACTED = '[REDACTED]';

const MIN_LENGTH = 6;
/** A name, a sign of assignment, and a value. */
const ASSIGNED = /(?<![\w-])([A-Za-z][\w-]{0,64})["'`*]{0,3}[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}["'`*]{0,3}([^\s"'`,;<>{}()[\]]{6,512})/g;
/** Shapes that are secrets whoever they belong to; the last group is the secret, or all of it. */
const SHAPES: readonly RegExp[] = [
  /\bauthorization["'`]?[ \t]{0,4}[:=][ \t]{0,4}["'`]?(?:bearer|basic|token)[ \t]{1,4}([\w.~+/=-]{8,2048})/dgi,
  /\bbearer[ \t]{1,4}(?=[\w.~+/=-]{0,200}\d)([\w.~+/=-]{16,2048})/dgi,
  /:\/\/[^\s/:@"'<>]{0,256}:([^\s/@"'<>]{3,1024})@/dg,
  /gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_\w{20,255}|gl(?:pat|ptt|dt|rt|cbt)-[\w-]{16,255}/dg,
  /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/dg,
  /xox[a-z]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255}|hooks\.slack\.com\/(?:services|workflows)\/[\w/]{10,255}/dg,
  /npm_[A-Za-z0-9]{30,255}|hf_[A-Za-z0-9]{30,255}|pypi-[\w-]{40,255}|do[opr]_v1_[a-f0-9]{64}|hvs\.[\w-]{24,255}|SG\.[\w-]{16,64}\.[\w-]{16,64}/dg,
  /(?<![\w-])eyJ[\w-]{5,4096}\.[\w-]{2,8192}\.[\w-]{0,1024}/dg,
  /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,64}\d)[\w-]{16,255}|(?<![A-Za-z0-9])(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,255}/dg,
  /AIza[\w-]{35}|(?<![\w.-])ya29\.[\w-]{20,255}/dg,
];
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** Prose names secrets without giving any away ("password: required"): a value is one that no word would be. */
const looksSecret = (value: string): boolean => {
  if (value.length < MIN_LENGTH || /^(?:\[REDACTED|\$|%|\*{3})/.test(value)) return false;
  const hasDigit = /\d/.test(value);
  const hasLetter = /[A-Za-z]/.test(value);
  const hasSign = /[^\w.:/-]/.test(value.replace(/[.!?:]+$/, ''));
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value.slice(1)) && value.length >= 12;
  return (hasDigit && hasLetter) || (hasSign && (hasDigit || hasLetter)) || isMixed || (hasDigit && value.length >= 8);
};

const merged = (spans: readonly Span[]): readonly Span[] => {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
};

const privateKeys = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  KEY_BEGIN.lastIndex = 0;
  for (let begin = KEY_BEGIN.exec(text); begin; begin = KEY_BEGIN.exec(text)) {
    KEY_END.lastIndex = KEY_BEGIN.lastIndex;
    const end = KEY_END.exec(text) ? KEY_END.lastIndex : text.length;
    spans.push({ start: begin.index, end });
    KEY_BEGIN.lastIndex = end;
  }
  return spans;
};

/** Where the secrets of a text are: in order, without overlap. */
export const secretSpansOf = (text: string): readonly Span[] => {
  const spans: Span[] = [...privateKeys(text)];
  for (const match of text.matchAll(ASSIGNED)) {
    const [whole, name = '', value = ''] = match;
    const start = match.index + whole.length - value.length;
    if (isSecretName(name) && looksSecret(value)) spans.push({ start, end: start + value.length });
  }
  for (const shape of SHAPES) {
    for (const { indices } of text.matchAll(shape)) {
      const found = indices?.findLast((group) => group !== undefined);
      if (found) spans.push({ start: found[0], end: found[1] });
    }
  }
  return merged(spans);
};

/** The text from `start` to `end`, each secret (or the part of one that lies within) as `[REDACTED]`. */
export const redactQuote = ({ text, secrets, start, end }: { readonly text: string; readonly secrets: readonly Span[] } & Span): string => {
  const parts: string[] = [];
  let at = start;
  // Those before the quote are many, perhaps, and none of its business.
  for (let index = Math.max(0, indexAt(secrets, start)); index < secrets.length; index += 1) {
    const secret = secrets[index];
    if (!secret || secret.start >= end) break;
    if (secret.end <= start) continue;
    parts.push(text.slice(at, Math.max(at, secret.start)), REDACTED);
    at = Math.min(end, secret.end);
  }
  parts.push(text.slice(at, end));
  return parts.join('');
};
