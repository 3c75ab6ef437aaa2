/** One read after the other, of files and of pipes. */
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Fills the buffer or a part of it; an empty chunk is the end. */
export type ReadChunk = (into: Buffer) => Promise<Buffer>;

const LOOK_AGAIN_MS = 50;
/** `<(…)` of a shell, and standard input by its name: whoever writes there had it open before we had. */
const OPENED_BY_OTHERS = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/[^/]+\/fd\/)/u;

export const fileReader =
  (handle: FileHandle): ReadChunk =>
  async (into) => {
    const { bytesRead, buffer } = await handle.read(into);
    return buffer.subarray(0, bytesRead);
  };

/**
 * Of a pipe that was opened without waiting. The end is when its writers have gone; as long as none was there, it
 * has not begun.
 */
export const pipeReader = (handle: FileHandle, path: string): ReadChunk => {
  const read = fileReader(handle);
  let begun = OPENED_BY_OTHERS.test(path);
  return async (into) => {
    for (;;) {
      const chunk = await read(into).catch((error: unknown) => {
        if (!isEmptyNow(error)) throw error;
        begun = true;
      });
      if (chunk && (begun || chunk.length > 0)) {
        begun = true;
        return chunk;
      }
      await delay(LOOK_AGAIN_MS);
    }
  };
};

/** Nothing to read, and somebody who may still write. */
const isEmptyNow = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';
