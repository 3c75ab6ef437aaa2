/** What one scan takes on; what lies beyond is refused or left out with a warning, never read in part. */

/** Bytes of one source file: what is longer is generated. */
export const MAX_SOURCE_BYTES = 2 * 1024 * 1024;
/** Bytes of one manifest, and of one tsconfig. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Bytes of a census that is read back. */
export const MAX_CENSUS_BYTES = 256 * 1024 * 1024;
/** Source files of one scan. */
export const MAX_SOURCES = 50_000;
/** Directories of one scan. */
export const MAX_DIRECTORIES = 100_000;
/** How long a parser may take for one file. */
export const MAX_PARSE_MS = 30_000;
/** Places that a finding names. */
export const MAX_PLACES = 3;
