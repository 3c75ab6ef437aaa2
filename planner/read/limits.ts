/** What a plan's files may be at most; a file beyond a limit is refused before it is read any further. */
const MIB = 1024 * 1024;

/** Bytes of one JSON file, and of standard input. */
export const MAX_JSON_BYTES = 64 * MIB;
/** Bytes of one YAML file: parsing it takes some thirty times as long as JSON. */
export const MAX_YAML_BYTES = 16 * MIB;
/** Files of one phase project. */
export const MAX_FILES = 1_000;
/** How deep values may be nested: everything after reading may then walk them by recursion. */
export const MAX_DEPTH = 100;
/** Problems (and warnings) listed one by one; the rest is counted. */
export const MAX_PROBLEMS = 500;
