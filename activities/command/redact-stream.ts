/**
 * Makes a stream of output printable and takes its secrets out: the same result however it is
 * cut into chunks. Whole lines go out at once;
 * an unfinished line is held back, up to a bound, because a secret may go on in the next chunk.
 */
import { printable } from './printable.ts';
import { PEM_END } from '../../model/redact-rules.ts';
import { REDACTED, replaceSpans, secretSpans } from '../../model/redact.ts';

/** An unfinished line longer than this is let out, all but its end. */
const MAX_HELD = 64 * 1024;
const KEEP = 16 * 1024;
/** After so much text without an end mark it was no private key block. */
const MAX_PRIVATE_KEY = 64 * 1024;

export interface RedactStreamOptions {
  readonly needles: readonly string[];
  readonly write: (text: string) => void;
}

export interface RedactStream {
  push(text: string): void;
  /** Lets out what is held back. */
  end(): void;
}

const lastLineEnd = (text: string): number => Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));

export const createRedactStream = ({ needles, write }: RedactStreamOptions): RedactStream => {
  const keep = needles.reduce((longest, needle) => Math.max(longest, needle.length), KEEP);
  const maxHeld = Math.max(MAX_HELD, 2 * keep);
  let held = '';
  /** Characters dropped of a private key block that has not ended. */
  let inKey: number | undefined;
  /** Inside a secret longer than what is held back: dropped up to the next white space. */
  let inRun = false;

  /** What is left of a text after the end of the private key block it lies in. */
  const afterKey = (text: string): string => {
    if (inKey === undefined) return text;
    PEM_END.lastIndex = 0;
    if (PEM_END.test(text)) {
      inKey = undefined;
      return text.slice(PEM_END.lastIndex);
    }
    inKey += text.length;
    if (inKey > MAX_PRIVATE_KEY) inKey = undefined;
    return '';
  };

  const afterRun = (text: string): string => {
    if (!inRun) return text;
    const end = text.search(/\s/);
    if (end === -1) return '';
    inRun = false;
    return text.slice(end);
  };

  const emit = (block: string): void => {
    const text = afterRun(afterKey(printable(block)));
    if (text === '') return;
    const { spans, open } = secretSpans(text, needles);
    if (open) inKey = 0;
    write(replaceSpans(text, spans));
  };

  /** Lets out the front of a line that is too long, cut where no secret is cut. */
  const overflow = (): void => {
    held = afterRun(held);
    if (held.length <= maxHeld) return;
    let cut = held.length - keep;
    const { reach } = secretSpans(held, needles);
    const across = reach.find(([from, to]) => from < cut && cut < to);
    if (across && inKey === undefined) {
      const [from, to] = across;
      if (to < held.length) cut = to;
      else if (from > 0) cut = from;
      else {
        write(REDACTED);
        inRun = true;
        held = '';
        return;
      }
    }
    emit(held.slice(0, cut));
    held = held.slice(cut);
  };

  return {
    push: (text) => {
      held += text;
      const end = lastLineEnd(held);
      if (end !== -1) {
        const block = held.slice(0, end + 1);
        held = held.slice(end + 1);
        emit(block);
      }
      if (held.length > maxHeld) overflow();
    },
    end: () => {
      const rest = held;
      held = '';
      if (rest !== '') emit(rest);
    },
  };
};
