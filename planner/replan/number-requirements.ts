/** The requirements of a document under the ids that they have in the plan; those that are new have ids that nothing ever had. */
import type { Requirements } from '../requirements/unit.ts';
import type { FreshIds } from './fresh-ids.ts';
import type { RequirementMatches } from './requirement-match.ts';

export interface NumberedRequirements {
  readonly requirements: Requirements;
  readonly matches: RequirementMatches;
}

export const numberRequirements = (requirements: Requirements, { matches, added, removed }: RequirementMatches, fresh: FreshIds): NumberedRequirements => {
  const idOf = new Map(matches.map(({ before, after }) => [after.id, before.id]));
  for (const { id } of added) idOf.set(id, fresh.requirement());
  const named = new Map(
    requirements.units.map((unit) => {
      const id = idOf.get(unit.id) ?? unit.id;
      const parent = unit.parent === undefined ? undefined : (idOf.get(unit.parent) ?? unit.parent);
      return [unit, { ...unit, id, ...(parent !== undefined && { parent }), mentions: unit.mentions.map((each) => idOf.get(each) ?? each) }];
    }),
  );
  return {
    requirements: { ...requirements, units: requirements.units.map((unit) => named.get(unit) ?? unit) },
    matches: {
      matches: matches.map((match) => ({ ...match, after: named.get(match.after) ?? match.after })),
      added: added.map((unit) => named.get(unit) ?? unit),
      removed,
    },
  };
};
