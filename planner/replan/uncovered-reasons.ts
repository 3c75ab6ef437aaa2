/** Requirements that no task covers: those that ask for one now, and why the others do not. */
import type { Coverage } from '../artifacts/coverage.schema.ts';
import type { RequirementMatches } from './requirement-match.ts';

export interface UncoveredReasons {
  /** Ids of what is new, or says something new, and is nobody's task yet. */
  readonly open: ReadonlySet<string>;
  readonly reasons: (found: ReadonlyMap<string, string>) => ReadonlyMap<string, string>;
}

export const uncoveredReasons = ({ matches: { matches, added }, coverage, covered }: { readonly matches: RequirementMatches; readonly coverage: Coverage; readonly covered: ReadonlySet<string> }): UncoveredReasons => {
  const before = new Map(coverage.requirements.flatMap(({ id, reason }) => (reason === undefined ? [] : [[id, reason] as const])));
  const open = new Set(added.map(({ id }) => id));
  const stays = new Map<string, string>();
  for (const { kind, after } of matches) {
    if (covered.has(after.id)) continue;
    const reason = before.get(after.id);
    if (reason === undefined || kind === 'reworded') open.add(after.id);
    else stays.set(after.id, reason);
  }
  return { open, reasons: (found) => new Map([...[...found].filter(([id]) => open.has(id)), ...stays]) };
};
