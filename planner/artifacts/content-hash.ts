/**
 * Hashes of artifacts: sha256 over RFC 8785 canonical JSON, the field that holds the hash left out. So neither the order of
 * keys nor white space matters, and whoever changes anything else is found out.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const canonicalHash = (value: unknown): string => sha256(canonicalize(value) ?? 'null');

const without = (value: object, key: string): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

/** Of a whole file, which holds it as `generated.contentHash`. @throws Error for what JSON cannot carry. */
export const fileHash = (file: object): string => {
  const { generated } = file as { readonly generated?: unknown };
  return canonicalHash(typeof generated === 'object' && generated !== null ? { ...file, generated: without(generated, 'contentHash') } : file);
};

/** Of one task, which holds it as `contentHash`: the first 16 digits. @throws Error as {@link fileHash}. */
export const taskHash = (task: object): string => canonicalHash(without(task, 'contentHash')).slice(0, 16);

/** Puts a file's hash in its place. */
export const hashed = <T extends { readonly generated: { readonly contentHash: string } }>(file: T): T => ({ ...file, generated: { ...file.generated, contentHash: fileHash(file) } });
