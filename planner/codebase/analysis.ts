/** What there is in a code base that a plan can build upon, or must take turns at. Deterministic: sorted, relative paths with slashes. */
import type { SharedResource } from '../artifacts/tasks.schema.ts';

export type Language = 'typescript' | 'tsx' | 'javascript' | 'python' | 'go' | 'java' | 'rust' | 'ruby' | 'html' | 'css';

export type SymbolKind = 'class' | 'abstract_class' | 'interface' | 'type' | 'function' | 'constant' | 'endpoint';

export interface CodeSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Relative to the code base. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly isExported: boolean;
  /** Names of what it extends or implements. */
  readonly bases: readonly string[];
}

export interface FoundResource {
  readonly name: string;
  readonly resource: SharedResource;
  /** Files and directories that belong to it, as patterns: who writes one of them needs it. */
  readonly paths: readonly string[];
  /** Words of a document that speak of it (`migration`, `deploy`). */
  readonly words: readonly string[];
}

/** How the project is checked, as its own manifests say: for acceptance checks that a machine can run. */
export interface ProjectCommands {
  readonly test?: string;
  readonly lint?: string;
  readonly typecheck?: string;
  readonly build?: string;
  /** The test command for one pattern, with `{}` where it goes. */
  readonly testOnly?: string;
}

export interface CodebaseAnalysis {
  /** sha256 over the paths and contents that were looked at. */
  readonly hash: string;
  /** Source files by language, the most frequent first. */
  readonly languages: readonly { readonly language: Language; readonly files: number }[];
  /** Paths of all files that git would keep, source or not. */
  readonly files: readonly string[];
  /** Sorted by file, then line. */
  readonly symbols: readonly CodeSymbol[];
  /** Names, sorted by how much the code base itself uses them, then by name. */
  readonly existingApis: readonly string[];
  readonly extensionPoints: readonly string[];
  /** Imported from three or more places. */
  readonly components: readonly string[];
  readonly resources: readonly FoundResource[];
  readonly commands: ProjectCommands;
  /** Top-level directories that hold sources, and what is usual there (`src/api` holds endpoints). */
  readonly sourceRoots: readonly string[];
  readonly testRoots: readonly string[];
  /** Files that could not be parsed, and why; they are listed and do no harm. */
  readonly unparsed: readonly { readonly file: string; readonly message: string }[];
}

/** Of a plan without a code base, and of an empty directory. */
export const EMPTY_ANALYSIS: CodebaseAnalysis = {
  hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  languages: [],
  files: [],
  symbols: [],
  existingApis: [],
  extensionPoints: [],
  components: [],
  resources: [],
  commands: {},
  sourceRoots: [],
  testRoots: [],
  unparsed: [],
};
