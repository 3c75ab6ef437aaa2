/** What a parser's process and its owner say to each other. */
import type { ParsedSource } from './parsed-source.ts';

/** Absolute paths, parsed in this order. */
export interface ParseRequest {
  readonly files: readonly string[];
}

export interface ParseReply {
  readonly file: string;
  readonly parsed: ParsedSource;
}
