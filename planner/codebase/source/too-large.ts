import { MAX_SOURCE_BYTES } from '../limits.ts';

/** What is said of a file that nobody reads. */
export const TOO_LARGE = `it is larger than ${MAX_SOURCE_BYTES / (1024 * 1024)} MiB`;
