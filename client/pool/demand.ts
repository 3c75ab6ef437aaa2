/** What waits for workers: the joint between a pool and wherever it learns that. */

export interface Waiting {
  /** What a worker must be able to do; none for work that any worker may take. */
  readonly capabilities: readonly string[];
  readonly tasks: number;
  /** It lies on the queue of which only generic workers take. */
  readonly shared?: true;
}

export interface Demand {
  readonly waiting: readonly Waiting[];
  /** False when somebody who may have work did not answer: there may be more than is said here. */
  readonly complete: boolean;
}

export interface DemandSource {
  /** Rejects when nothing is known: the server does not answer. */
  look(): Promise<Demand>;
}
