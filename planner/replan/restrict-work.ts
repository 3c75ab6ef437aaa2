/** Of the work of a document what concerns some requirements: what a single task, or what is new of a feature, is drafted from. */
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import type { FeatureTaskKind } from '../breakdown/draft-tasks.ts';
import type { FeatureWork, WorkItem } from '../breakdown/work-items.ts';
import type { RequirementUnit } from '../requirements/unit.ts';

/** An item whose lead is left out is led by what comes next in it. */
export const restrictItems = (items: readonly WorkItem[], isWanted: (unit: RequirementUnit) => boolean): readonly WorkItem[] =>
  items.flatMap(({ lead, units }) => {
    const own = units.filter(isWanted);
    const [first] = own;
    if (!first) return [];
    const next = own.includes(lead) ? lead : first;
    return [{ lead: next, units: [next, ...own.filter((unit) => unit !== next)] }];
  });

const alone = (units: readonly RequirementUnit[]): readonly WorkItem[] => units.map((unit) => ({ lead: unit, units: [unit] }));

export interface WorkOfOneOptions {
  readonly kind: FeatureTaskKind;
  readonly draft: FeatureDraft;
  /** In the order of the document. */
  readonly units: readonly RequirementUnit[];
  readonly all: readonly FeatureWork[];
}

/** So that one task of that kind covers all of the units, whatever they were before they were reworded. */
export const workOfOne = ({ kind, draft, units, all }: WorkOfOneOptions): FeatureWork => {
  const none: FeatureWork = { draft, declarations: [], items: [], scenarios: [], qualities: [], isList: false };
  const wanted = new Set(units);
  const has = (list: (work: FeatureWork) => readonly RequirementUnit[]): boolean => all.some((work) => list(work).some((unit) => wanted.has(unit)));
  if (kind === 'quality') return { ...none, qualities: units };
  if (kind === 'contract') return has(({ declarations }) => declarations) ? { ...none, declarations: units } : { ...none, items: alone(units) };
  if (kind === 'verification') return has(({ scenarios }) => scenarios) ? { ...none, scenarios: units } : { ...none, items: alone(units) };
  if (kind === 'documentation') return { ...none, items: alone(units) };
  const items = restrictItems(all.flatMap((work) => work.items), (unit) => wanted.has(unit));
  const known = new Set(items.flatMap((item) => item.units));
  return { ...none, items: [...items, ...alone(units.filter((unit) => !known.has(unit)))] };
};
