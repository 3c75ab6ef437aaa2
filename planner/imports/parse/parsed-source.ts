/** What parsing one source file gives; crosses from a parser's process as it is. */
import type { SourceImport } from '../census.ts';

export interface ParsedImport extends SourceImport {
  /** Of `from module import a, b`: the names, which may be modules themselves. */
  readonly names?: readonly string[];
}

export interface ParsedSource {
  readonly imports: readonly ParsedImport[];
  /** It is started by itself: it has a `#!` line or asks whether it is `__main__`. */
  readonly isProgram: boolean;
  /** Of a `setup.py`. */
  readonly setup?: SetupCall;
  /** Why the list may not be complete. */
  readonly fault?: SourceFault;
}

export interface SetupCall {
  readonly name?: string;
  /** Requirements, as texts. */
  readonly requires: readonly string[];
}

export interface SourceFault {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export const unparsed = (fault: SourceFault): ParsedSource => ({ imports: [], isProgram: false, fault });
