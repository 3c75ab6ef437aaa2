/**
 * Names a plan by its content: sha256 over RFC 8785 canonical JSON, so that neither the order of keys nor the
 * machine it was written on changes the name.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ContentHash } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';

export interface CanonicalContent {
  readonly hash: ContentHash;
  /** The very bytes that were hashed. */
  readonly json: Buffer;
}

/** Of bytes that already are canonical JSON, as a store reads them back. */
export const hashOfBytes = (json: Uint8Array): ContentHash =>
  createHash('sha256').update(json).digest('hex') as ContentHash;

/**
 * Canonical JSON and its hash. Properties that are `undefined` are left out, as JSON does.
 * @throws TasksError TASKS1006 for what JSON cannot carry: NaN, lone surrogates, circles, nesting too deep to walk.
 */
export const canonicalContent = (value: unknown): CanonicalContent => {
  const json = Buffer.from(canonicalText(value), 'utf8');
  return { hash: hashOfBytes(json), json };
};

/** Lower-case hex sha256 of a value's canonical JSON. @throws TasksError as {@link canonicalContent}. */
export const contentHash = (value: unknown): ContentHash => canonicalContent(value).hash;

const canonicalText = (value: unknown): string => {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (error) {
    throw unsupported(error instanceof Error ? error.message : String(error), error);
  }
  throw unsupported('there is no value', undefined);
};

const unsupported = (why: string, cause: unknown): TasksError =>
  new TasksError(
    {
      code: 'TASKS1006',
      message: `The plan cannot be written as canonical JSON: ${why}.`,
      hint: 'Keep to finite numbers, well-formed text and moderate nesting in the plan.',
    },
    { cause },
  );
