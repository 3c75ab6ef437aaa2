/**
 * What a rule of dependencies is. A dependency is found by rules alone: each has an id, a type, one confidence, and says whether
 * what it finds gates. `docs/dependencies.md` is the table of them, and a test compares the two.
 */
import type { DependencyType } from '../artifacts/scalars.schema.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';
import type { Context } from './context.ts';

export type Evidence = Dependency['evidence'][number];

export interface Rule {
  readonly id: string;
  readonly type: DependencyType;
  readonly confidence: number;
  readonly isHard: boolean;
  /** What it finds, in one line. */
  readonly says: string;
  readonly example: string;
  /** The document says so itself: it is kept even where it closes a cycle, which is the document's then. */
  readonly isStated?: boolean;
}

/** `from` comes before `to`; both are places in the plan's order. */
export interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly rule: Rule;
  readonly reason: string;
  /** Not empty. */
  readonly evidence: readonly Evidence[];
}

export type Warn = (message: string) => void;

/** Several rules that look at the same thing. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly find: (context: Context, warn: Warn) => Iterable<Candidate>;
}

/** A spike informs so many tasks at most: what is more says little. */
export const MAX_FAN = 32;
