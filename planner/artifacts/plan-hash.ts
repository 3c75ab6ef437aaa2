/** The hash of a plan as a whole: over the content hashes of its artifacts, by name. */
import canonicalize from 'canonicalize';
import { sha256 } from './content-hash.ts';

/** Of `files` in `.tasks-meta.json`: sha256 over RFC 8785 canonical JSON of it. */
export const planHashOf = (files: Readonly<Record<string, string>>): string => sha256(canonicalize(files) ?? '{}');
