/**
 * The import census: what the code of each package of a project imports. `tasks scan-imports` prints one, and
 * what is missing is found by comparing one with the manifests.
 */
import type { Problem } from '../../model/problem.ts';

/** Raised when the form of a census changes, since they are kept in files. */
export const CENSUS_SCHEMA = 1;

export const ECOSYSTEMS = ['npm', 'python'] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/**
 * `type`: erased before anything runs (`import type`, a declaration file, `if TYPE_CHECKING:`). `dynamic`: loaded
 * by an expression (`import()`, `importlib.import_module`). `side-effect`: nothing of it is named.
 */
export const IMPORT_KINDS = ['import', 'type', 'dynamic', 'require', 'side-effect'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** One import as it stands in a source text. Lines and columns count from 1. */
export interface SourceImport {
  /** As written; of a Python import the module, with the leading dots of a relative one. */
  readonly specifier: string;
  readonly kind: ImportKind;
  readonly line: number;
  readonly column: number;
  /** The program goes on without it: it stands in a `try` that catches, or under a test of the platform or version. */
  readonly optional?: true;
}

export interface ImportUse extends SourceImport {
  /** Relative to the root of the census, with slashes. */
  readonly file: string;
  /** The package it has to come from; absent for what is built in, or is code of the same package. */
  readonly package?: string;
  /** It stands in a test, or in a file that only development uses. */
  readonly dev?: true;
  /** It stands in a file that nothing imports, and that no manifest and no convention names. */
  readonly unreached?: true;
}

export interface PackageCensus {
  readonly ecosystem: Ecosystem;
  /** As the manifest has it, else the name of the directory. */
  readonly name: string;
  /** Relative to the root, with slashes; `.` is the root itself. */
  readonly directory: string;
  /** Source files that were read. */
  readonly files: number;
  readonly imports: readonly ImportUse[];
}

export interface Census {
  readonly schema: typeof CENSUS_SCHEMA;
  /** Absolute. */
  readonly root: string;
  readonly packages: readonly PackageCensus[];
  /** Directories of packages that belong to no workspace and were left out. */
  readonly skipped: readonly string[];
  /** Files that could not be read or parsed, and what else does not stop a scan. */
  readonly warnings: readonly Problem[];
}
