/** Which requirement of a plan is which of the document that it is planned for again. */
import type { Coverage } from '../artifacts/coverage.schema.ts';
import type { RequirementUnit } from '../requirements/unit.ts';

export type OldRequirement = Coverage['requirements'][number];

/**
 * `same`: nothing but its place in the text may differ. `moved`: it says the same in another section, in another order, or under
 * another id of its own. `reworded`: it is known by its id or by its words, and says something else.
 */
export const MATCH_KINDS = ['same', 'moved', 'reworded'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export interface RequirementMatch {
  readonly kind: MatchKind;
  readonly before: OldRequirement;
  readonly after: RequirementUnit;
  /** Its own id in the document is another one: what names it by that has to be written anew. */
  readonly isRenumbered: boolean;
  /** 1 for the same words. */
  readonly likeness: number;
}

export interface RequirementMatches {
  /** In the order of the new document. */
  readonly matches: readonly RequirementMatch[];
  readonly added: readonly RequirementUnit[];
  /** In the order of the old one. */
  readonly removed: readonly OldRequirement[];
}
