/**
 * Between a plan and the bytes a store keeps. Reading trusts nothing: bounded when decompressed, compared with
 * its hash, and only then parsed.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { StoredPlan } from '../model/graph.ts';
import type { ContentHash } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import { hashOfBytes } from './hash.ts';

/** Far above 10,000 tasks (about 7 MB), far below what would hurt a worker. */
export const MAX_PLAN_BYTES = 256 * 1024 * 1024;

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);

export const compress = (json: Uint8Array): Promise<Buffer> => gzipAsync(json);

/** Rejects with zlib's own error when the bytes are damaged, or inflate to more than `limit`. */
export const decompress = (bytes: Uint8Array, limit: number): Promise<Buffer> =>
  gunzipAsync(bytes, { maxOutputLength: limit });

/** Parses what a store read. @throws TasksError TASKS4002 when the bytes do not make the plan that `hash` names. */
export const verifiedPlan = (request: {
  readonly hash: ContentHash;
  readonly json: Buffer;
  readonly where: string;
}): StoredPlan => {
  const actual = hashOfBytes(request.json);
  if (actual !== request.hash) throw damaged({ ...request, why: `its content has the hash ${actual}` });
  return JSON.parse(request.json.toString('utf8')) as StoredPlan;
};

export const damaged = (request: {
  readonly hash: ContentHash;
  readonly where: string;
  readonly why: string;
  readonly cause?: unknown;
}): TasksError =>
  new TasksError(
    {
      code: 'TASKS4002',
      message: `Plan ${request.hash} in ${request.where} is damaged: ${request.why}.`,
      hint: 'Store the plan again (tasks execute PLAN does): a damaged copy is replaced.',
    },
    { cause: request.cause },
  );

/** The error of a plan that is not there; also of a hash that is none, which must not become a path or an id. */
export const missing = (request: { readonly hash: string; readonly where: string; readonly hint: string }): TasksError =>
  new TasksError({
    code: 'TASKS4001',
    message: `Plan ${printable(request.hash)} is not in ${request.where}.`,
    hint: request.hint,
  });

const printable = (hash: string): string => (/^[0-9a-f]{1,64}$/.test(hash) ? hash : JSON.stringify(hash.slice(0, 80)));
