/**
 * Takes secrets out of text before it is written or reported anywhere: values that are known, and shapes that
 * are secrets whoever they belong to. Streams go through `redact-stream.ts`, which uses {@link secretSpans}.
 */
import { PEM_BEGIN, PEM_END, REDACT_RULES, REDACT_TRIGGER } from './redact-rules.ts';

export const REDACTED = '[REDACTED]';

/** Start and end (exclusive) in a text. */
export type Span = readonly [from: number, to: number];

const HARMLESS = /^(?:true|false|null|none|undefined|\[REDACTED\]?|\*+)$/i;
/** A line of a secret of several lines counts from this length on. */
const MIN_LINE = 6;
/** Encoded forms of values shorter than this would hit too much else. */
const MIN_ENCODED = 8;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** The texts to look for: each value, its lines, and the forms in which it commonly turns up. Longest first. */
export const secretNeedles = (values: readonly string[]): readonly string[] => {
  const needles = new Set<string>();
  for (const value of values) {
    const trimmed = value.trim();
    if (trimmed === '') continue;
    const lines = trimmed.split(/[\r\n]+/).map((line) => line.trim());
    if (lines.length === 1) needles.add(trimmed);
    else for (const line of lines) if (line.length >= MIN_LINE) needles.add(line);
    if (trimmed.length >= MIN_ENCODED) {
      needles.add(JSON.stringify(trimmed).slice(1, -1));
      needles.add(encodeURIComponent(trimmed.replace(LONE_SURROGATE, '\ufffd')));
      needles.add(Buffer.from(trimmed, 'utf8').toString('base64'));
      needles.add(Buffer.from(value, 'utf8').toString('base64'));
    }
  }
  return [...needles].sort((a, b) => b.length - a.length);
};

const lastGroup = (match: RegExpExecArray): Span => {
  const indices = match.indices ?? [];
  for (let group = indices.length - 1; group > 0; group -= 1) {
    const span = indices[group];
    if (span) return span;
  }
  return [match.index, match.index + match[0].length];
};

const merge = (spans: Span[]): Span[] => {
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], span[1])];
    else merged.push(span);
  }
  return merged;
};

export interface SecretSpans {
  /** In order and without overlap. */
  readonly spans: readonly Span[];
  /** The same with what gives each secret away (`password=` …): a cut inside one of these could hide it. */
  readonly reach: readonly Span[];
  /** The text ends inside a private key block: what follows, up to the block's end, is secret too. */
  readonly open: boolean;
}

const NOTHING: SecretSpans = { spans: [], reach: [], open: false };

/** Pushes the private key blocks of `text`; true when the last one has no end. */
const privateKeys = (text: string, spans: Span[]): boolean => {
  PEM_BEGIN.lastIndex = 0;
  for (let begin = PEM_BEGIN.exec(text); begin; begin = PEM_BEGIN.exec(text)) {
    PEM_END.lastIndex = PEM_BEGIN.lastIndex;
    const end = PEM_END.exec(text);
    spans.push([begin.index, end ? PEM_END.lastIndex : text.length]);
    if (!end) return true;
    PEM_BEGIN.lastIndex = PEM_END.lastIndex;
  }
  return false;
};

/** Where the secrets of a text are. */
export const secretSpans = (text: string, needles: readonly string[]): SecretSpans => {
  const spans: Span[] = [];
  const reach: Span[] = [];
  let open = false;
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) spans.push([at, at + needle.length]);
  }
  if (REDACT_TRIGGER.test(text)) {
    open = privateKeys(text, spans);
    for (const { pattern } of REDACT_RULES) {
      for (const match of text.matchAll(pattern)) {
        const span = lastGroup(match);
        if (HARMLESS.test(text.slice(span[0], span[1]))) continue;
        spans.push(span);
        reach.push([match.index, span[1]]);
      }
    }
  }
  if (spans.length === 0) return NOTHING;
  const merged = merge(spans);
  return { spans: merged, reach: merge([...merged, ...reach]), open };
};

export const replaceSpans = (text: string, spans: readonly Span[]): string => {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    parts.push(text.slice(at, from), REDACTED);
    at = to;
  }
  parts.push(text.slice(at));
  return parts.join('');
};

/** For short texts at hand, such as a failure's message. */
export const redact = (text: string, needles: readonly string[] = []): string => replaceSpans(text, secretSpans(text, needles).spans);
