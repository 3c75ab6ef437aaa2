/** What one analysis takes on; what lies beyond is refused, or left out and said so, never read in part. */

/** Files of a code base, sources or not. */
export const MAX_FILES = 200_000;
export const MAX_DIRECTORIES = 100_000;
/** Source files. */
export const MAX_SOURCES = 50_000;
/** Bytes of one source file: what is longer is generated. */
export const MAX_SOURCE_BYTES = 2 * 1024 * 1024;
/** Bytes of one manifest, pipeline or setting that is read as YAML, TOML, JSON or lines. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** How many of those are read. */
export const MAX_CONFIGS = 2_000;
/** How long a parser may take for one file. */
export const MAX_PARSE_MS = 10_000;
/** Symbols, imports and the like of one source file: the first ones count. */
export const MAX_FACTS = 2_000;
/** Characters of a name: what is longer is none that a plan would use. */
export const MAX_NAME = 200;
/** Names among the existing APIs, components and extension points, the most used first. */
export const MAX_APIS = 500;
/** Patterns of one resource. */
export const MAX_PATHS = 50;
/** Bytes that are kept of one part of the cache; it has 64 of them. */
export const MAX_SHARD_BYTES = 4 * 1024 * 1024;
