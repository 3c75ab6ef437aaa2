/** What becomes of a command's output: decoded, made printable, redacted; then log, tail and what a check reads. */
import { createRedactStream } from '../redact-stream.ts';
import { createTail, tailBytes } from '../tail.ts';
import { createLogFile } from './log-file.ts';
import { TAIL_BYTES, type RunRequest } from './protocol.ts';

export interface OutputStream {
  push(bytes: Uint8Array): void;
  end(): void;
}

export interface Output {
  /** One for stdout, one for stderr: each has a decoder and unfinished lines of its own. */
  stream(): OutputStream;
  /** A line of our own, for the log alone. */
  note(text: string): void;
  finish(): { readonly tail: string; readonly output?: string; readonly log?: string };
}

export const createOutput = ({ needles, log, keepOutput }: Pick<RunRequest, 'needles' | 'log' | 'keepOutput'>): Output => {
  const file = log ? createLogFile(log) : undefined;
  const tail = createTail(2 * TAIL_BYTES);
  const kept = keepOutput > 0 ? createTail(keepOutput) : undefined;
  let isLineOpen = false;
  const write = (text: string): void => {
    file?.write(text);
    if (text !== '') isLineOpen = !text.endsWith('\n');
    tail.append(text);
    kept?.append(text);
  };
  return {
    stream: () => {
      // Bytes that are no UTF-8 become U+FFFD; so does a character that the end cuts off.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const redacted = createRedactStream({ needles, write });
      return {
        push: (bytes) => redacted.push(decoder.decode(bytes, { stream: true })),
        end: () => {
          redacted.push(decoder.decode());
          redacted.end();
        },
      };
    },
    note: (text) => {
      file?.write(`${isLineOpen ? '\n' : ''}--- ${text}\n`);
      isLineOpen = false;
    },
    finish: () => {
      file?.close();
      return {
        tail: tailBytes(tail.text(), TAIL_BYTES),
        ...(kept ? { output: kept.text() } : {}),
        ...(file?.path ? { log: file.path } : {}),
      };
    },
  };
};
