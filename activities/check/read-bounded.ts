/** Reads a file that a plan names: inside the workspace, a regular file, not too large, and new enough. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { confine } from '../command/confine.ts';
import { fail, ok, type Result } from '../../model/problem.ts';

export const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** The kernel stamps files with a clock that lags behind the one programs read by up to a tick. */
const CLOCK_SLACK_MS = 20;

export interface ReadRequest {
  readonly workspace: string;
  readonly path: string;
  /** Milliseconds since the epoch; a file last written before is not accepted. */
  readonly notBefore?: number;
}

export const readBounded = async ({ workspace, path, notBefore }: ReadRequest): Promise<Result<string, string>> => {
  const place = await confine({ workspace, path });
  if (!place.inside) return fail(place.message);
  try {
    // Non-blocking: opening a named pipe must not wait for a writer.
    const file = await open(place.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return fail(`${path} is no regular file`);
      if (stat.size > MAX_FILE_BYTES) return fail(`${path} is larger than ${MAX_FILE_BYTES} bytes`);
      if (notBefore !== undefined && stat.mtimeMs < notBefore - CLOCK_SLACK_MS) return fail(`${path} is older than this attempt`);
      return ok(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch {
    return fail(`${path} does not exist or cannot be read`);
  }
};
