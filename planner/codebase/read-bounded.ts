/** Reads one file of somebody else's: not more than so many bytes of it, no link, and nothing that never ends. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export type BoundedRead = { readonly bytes: Buffer } | { readonly fault: string };

/** Messages name no path: those of the system name whole ones. */
export const readBounded = (path: string, limit: number): BoundedRead => {
  let file: number | undefined;
  try {
    file = openSync(path, FLAGS);
    const found = fstatSync(file);
    if (!found.isFile()) return { fault: 'it is no file' };
    if (found.size > limit) return { fault: `it is larger than ${String(limit / (1024 * 1024))} MiB` };
    // One byte more shows that it has grown since.
    const bytes = Buffer.allocUnsafe(found.size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSync(file, bytes, length, bytes.length - length, null);
    return length > found.size ? { fault: 'it grows while it is read' } : { bytes: bytes.subarray(0, length) };
  } catch (error) {
    return { fault: `it cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** Undefined for what is no text. */
export const utf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
};

const DECODER = new TextDecoder('utf-8', { fatal: true });
