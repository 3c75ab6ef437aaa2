/** The resources a plan declares, and the profiles that change their capacities. */
import type { Resource } from './resource.ts';

/** Named capacities (local, ci, prod) that take the place of the plan's own. */
export interface Profile {
  readonly name: string;
  /** By resource; what is not named keeps the plan's capacity, 0 means "not here". */
  readonly capacities: Readonly<Record<string, number>>;
}

export interface Catalogue {
  /** With the capacities that the plan states. What an execution has is in `graph.resources`. */
  readonly resources: readonly Resource[];
  readonly profiles: readonly Profile[];
  /** The profile that the graph was compiled with, if one was chosen. */
  readonly profile?: string;
}
