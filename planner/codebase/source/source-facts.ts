/** What one source file tells, whatever it is called and wherever it lies; crosses from a parser's process as it is. */
import type { SymbolKind } from '../analysis.ts';

export interface FoundSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Counts from 1. */
  readonly line: number;
  readonly isExported: boolean;
  readonly bases: readonly string[];
}

/** An import. `*` among the names is the module as a whole, `default` what it gives by default. */
export interface ModuleUse {
  readonly specifier: string;
  readonly names: readonly string[];
}

/** A name that others can import under which something else is found: of another module, or of this one. */
export interface ExportedName {
  /** `*` for all that the other module has. */
  readonly as: string;
  readonly name: string;
  readonly from?: string;
}

/** `impl Trait for Type`, wherever the type itself is declared; in TypeScript, what a function makes or a constant is. */
export interface Implementation {
  readonly name: string;
  readonly base: string;
}

/** Methods of a Go type, or those that an interface of Go asks for; of an interface of TypeScript, that it has any. */
export interface MethodSet {
  readonly owner: string;
  readonly names: readonly string[];
}

/** A number in the configuration of a tool, such as `test.maxWorkers`. */
export interface NumberSetting {
  readonly path: readonly string[];
  readonly value: number;
}

export interface SourceFacts {
  readonly symbols: readonly FoundSymbol[];
  readonly uses: readonly ModuleUse[];
  readonly exports: readonly ExportedName[];
  /** Names that are used without an import, where a language has none: Ruby's constants. */
  readonly mentions: readonly string[];
  readonly implementations: readonly Implementation[];
  readonly methods: readonly MethodSet[];
  /** Variables of the environment that it reads. */
  readonly environment: readonly string[];
  readonly settings: readonly NumberSetting[];
  /** The package that it says it belongs to. */
  readonly module?: string;
  /** It says that a program wrote it. */
  readonly isGenerated: boolean;
  readonly fault?: { readonly message: string; readonly line?: number };
}

export interface ReadSource {
  /** sha256 of the bytes that were read; undefined when they could not be. */
  readonly contentHash?: string;
  readonly facts: SourceFacts;
}

export const NO_FACTS: SourceFacts = { symbols: [], uses: [], exports: [], mentions: [], implementations: [], methods: [], environment: [], settings: [], isGenerated: false };

export const unreadSource = (message: string): ReadSource => ({ facts: { ...NO_FACTS, fault: { message } } });
