/** The hash of a plan as a whole: over the content hashes of its artifacts, by name. */
import canonicalize from 'canonicalize';
import { sha256 } from './content-hash.ts';

/** Names the plan by its hash, and so cannot be part of it. */
const NAMES_THE_PLAN = 'waves.json';

/** Of `files` in `.tasks-meta.json`, but for {@link NAMES_THE_PLAN}: sha256 over RFC 8785 canonical JSON of it. */
export const planHashOf = (files: Readonly<Record<string, string>>): string => sha256(canonicalize(Object.fromEntries(Object.entries(files).filter(([name]) => name !== NAMES_THE_PLAN))) ?? '{}');

/** What a plan is called. */
export const planIdOf = (planHash: string): string => `PLAN-${planHash.slice(0, 8)}`;
