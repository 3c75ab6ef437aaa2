/** What a parser's process and its owner say to each other. */

/** What is wanted of a file: which modules it imports, or what it declares and uses. */
export type ParseTask = 'imports' | 'symbols';

/** Absolute paths, parsed in this order. */
export interface ParseRequest {
  readonly task: ParseTask;
  readonly files: readonly string[];
}

export interface ParseReply {
  readonly file: string;
  /** Of the kind that the task asks for; plain data. */
  readonly parsed: unknown;
}
