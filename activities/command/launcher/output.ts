/** What becomes of a command's output: decoded, made printable, redacted; then log, tail and what a check reads. */
import { createReportGate } from '../../checkpoint/report-gate.ts';
import { createReportScanner } from '../../checkpoint/report-scanner.ts';
import type { Report } from '../../checkpoint/report.ts';
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

export interface OutputOptions extends Pick<RunRequest, 'needles' | 'log' | 'keepOutput'> {
  /** Called with what the command reports of itself; without it its lines are output like any other. */
  readonly onReport?: (report: Report) => void;
}

export const createOutput = ({ needles, log, keepOutput, onReport }: OutputOptions): Output => {
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
  const note = (text: string): void => {
    file?.write(`${isLineOpen ? '\n' : ''}--- ${text}\n`);
    isLineOpen = false;
  };
  const gate = onReport && createReportGate({ report: onReport, note });
  return {
    stream: () => {
      // Bytes that are no UTF-8 become U+FFFD; so does a character that the end cuts off.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const scanner = gate && createReportScanner((report) => gate.take(report));
      const passOn = (text: string): void => {
        write(text);
        scanner?.push(text);
      };
      const redacted = createRedactStream({ needles, write: passOn });
      return {
        push: (bytes) => redacted.push(decoder.decode(bytes, { stream: true })),
        end: () => {
          redacted.push(decoder.decode());
          redacted.end();
          scanner?.end();
        },
      };
    },
    note,
    finish: () => {
      gate?.end();
      file?.close();
      return {
        tail: tailBytes(tail.text(), TAIL_BYTES),
        ...(kept ? { output: kept.text() } : {}),
        ...(file?.path ? { log: file.path } : {}),
      };
    },
  };
};
