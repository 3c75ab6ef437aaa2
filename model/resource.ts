/**
 * Resources: constraints beside the graph. A dependency says what must come before what; a resource says what
 * may run beside what.
 */

/**
 * - `exclusive`: a readers-writer lock. Readers share it without limit; writers hold it alone, or `capacity` of
 *   them at once; never a reader beside a writer.
 * - `semaphore`: `capacity` units; every ask takes its units, whatever its access.
 */
export const RESOURCE_MODES = ['exclusive', 'semaphore'] as const;
export type ResourceMode = (typeof RESOURCE_MODES)[number];

/**
 * - `execution`: seen by one execution only and granted inside it, without a message.
 * - `global`: shared by every execution of the namespace and granted by the `mutex` workflow of its domain.
 */
export const RESOURCE_SCOPES = ['execution', 'global'] as const;
export type ResourceScope = (typeof RESOURCE_SCOPES)[number];

export const DEFAULT_DOMAIN = 'default';

/** A resource as an execution carries it: its capacity is that of the execution's profile. */
export interface Resource {
  readonly name: string;
  readonly mode: ResourceMode;
  /** Units, or writers at once; 0 means "not here". */
  readonly capacity: number;
  readonly scope: ResourceScope;
  /** Whose mutex workflow grants it; {@link DEFAULT_DOMAIN} unless stated. Global resources only. */
  readonly domain?: string;
  /** `lock_order`: domains are asked in the order of their first resource. 0 unless stated. */
  readonly order?: number;
  readonly class?: string;
  /** Calendar outside of which executions start nothing that asks for it. */
  readonly window?: string;
}

/** Fencing numbers of a grant, by resource: `<start of the mutex's first run>-<counter>`, growing. */
export type Fences = Readonly<Record<string, string>>;

/**
 * Waiting this long for a resource makes a request reserve what it asks for: nobody of its priority class or a
 * lower one, who began to wait later, is granted any of it before.
 */
export const RESERVE_AFTER_MS = 30_000;
