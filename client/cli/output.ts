/**
 * The only way out of the command line. Standard output holds the answer and nothing else; progress, warnings,
 * hints and errors go to standard error. On a terminal one status line may stand below what was written.
 */
import type { LogLevel, OutputFormat, TimeFormat } from './common-options.ts';
import { LOG_LEVELS } from './common-options.ts';
import { paint, style, truncate } from './markup.ts';

/** Where text goes: a stream of the process, or a test's list. */
export interface Sink {
  readonly isTTY: boolean;
  /** Columns; 0 when nothing needs to be cut. */
  readonly width: number;
  write(text: string): void;
}

export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly format: OutputFormat;
  readonly timeFormat: TimeFormat;
  readonly level: LogLevel;
  readonly color: 'auto' | 'always' | 'never';
  /** `NO_COLOR` is set, or the terminal is a dumb one: no colour unless it was asked for, no moving parts. */
  readonly plain: boolean;
}

const CLEAR_LINE = '\r\u001B[2K';

export class Output {
  readonly format: OutputFormat;
  readonly timeFormat: TimeFormat;
  readonly #options: OutputOptions;
  #status: string | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.format = options.format;
    this.timeFormat = options.timeFormat;
  }

  /** Columns for standard error, where progress is shown; 0 is no limit. */
  get width(): number {
    return this.#options.stderr.width;
  }

  get stdoutIsTerminal(): boolean {
    return this.#options.stdout.isTTY;
  }

  /** Whether a status line may be redrawn. */
  get isLive(): boolean {
    return this.#options.stderr.isTTY && !this.#options.plain && this.format === 'text';
  }

  shows(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#options.level);
  }

  /** The answer: `text()` for people, `value` for machines (`jsonl`: a line for each element of an array). */
  answer(value: unknown, text: () => string): void {
    switch (this.format) {
      case 'none':
        return;
      case 'text':
        this.line(text());
        return;
      case 'json':
        this.#stdout(`${JSON.stringify(value, undefined, 2)}\n`);
        return;
      case 'jsonl':
        for (const item of Array.isArray(value) ? value : [value]) this.record(item);
        return;
      default:
        throw new TypeError('unknown output format');
    }
  }

  /** One JSON line on standard output. */
  record(value: unknown): void {
    this.#stdout(`${JSON.stringify(value)}\n`);
  }

  /** A line of text on standard output. */
  line(text: string): void {
    if (text !== '') this.#stdout(`${paint(text, this.#colors(this.#options.stdout))}\n`);
  }

  /** Text as it came, for files that are piped on: cleaned only when it goes to a terminal. */
  raw(text: string): void {
    this.#stdout(this.stdoutIsTerminal ? paint(text, false) : text);
  }

  progress(text: string): void {
    this.#message('info', text);
  }

  debug(text: string): void {
    this.#message('debug', style('dim', text));
  }

  /** What to do next; whoever reads JSON knows. */
  hint(text: string): void {
    if (this.format === 'text') this.#message('info', text);
  }

  warn(text: string): void {
    this.#message('warn', `${style('yellow', 'warning:')} ${text}`);
  }

  error(text: string): void {
    this.#message('error', text);
  }

  /** One JSON object on standard error, for whoever reads answers as JSON. */
  errorRecord(value: unknown): void {
    this.#stderr(`${JSON.stringify(value)}\n`);
  }

  /** Sets the line that stands at the bottom of a terminal; undefined takes it away. */
  status(text: string | undefined): void {
    if (!this.isLive) return;
    const next = text === undefined ? undefined : truncate(text, Math.max(1, this.width - 1));
    if (next === this.#status) return;
    this.#options.stderr.write(CLEAR_LINE + (next === undefined ? '' : paint(next, this.#colors(this.#options.stderr))));
    this.#status = next;
  }

  #message(level: LogLevel, text: string): void {
    if (this.shows(level)) this.#stderr(`${paint(text, this.#colors(this.#options.stderr))}\n`);
  }

  #colors(sink: Sink): boolean {
    const { color, plain } = this.#options;
    return color === 'always' || (color === 'auto' && sink.isTTY && !plain);
  }

  #stdout(text: string): void {
    this.#around(() => this.#options.stdout.write(text));
  }

  #stderr(text: string): void {
    this.#around(() => this.#options.stderr.write(text));
  }

  /** Nothing is ever written into the status line: it goes, and comes back below. */
  #around(write: () => void): void {
    const status = this.#status;
    this.status(undefined);
    write();
    if (status !== undefined) this.status(status);
  }
}
