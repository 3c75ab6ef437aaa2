/** Which groups of requirements features begin with: sections that state what is wanted, or the items of a list of features. */
import type { SpecDocument } from '../document/document.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import type { Role } from './roles.ts';

export interface Seed {
  readonly title: string;
  /** Of its section; features of one parent are merged first when there are too many. */
  readonly section: number;
  readonly units: readonly RequirementUnit[];
}

/** Roles that make features by themselves, the most telling first: the next is asked only when there are too few. */
const TELLING: readonly (readonly Role[])[] = [['features'], ['stories', 'plain'], ['roadmap', 'interface'], ['entities', 'overview', 'quality']];
const ENOUGH = 5;
const MAX_ITEMS = 25;

export const seedsOf = (document: SpecDocument, units: readonly RequirementUnit[], roles: readonly Role[]): readonly Seed[] => {
  const bySection = new Map<number, RequirementUnit[]>();
  for (const unit of units) {
    const own = bySection.get(unit.section);
    if (own) own.push(unit);
    else bySection.set(unit.section, [unit]);
  }
  const seeds: Seed[] = [];
  for (const group of TELLING) {
    if (seeds.length >= ENOUGH) break;
    for (const [section, own] of bySection) {
      const role = roles[section] ?? 'plain';
      if (group.includes(role)) seeds.push(...sectionSeeds(document, section, own, role));
    }
  }
  return seeds.sort((a, b) => (a.units[0]?.start ?? 0) - (b.units[0]?.start ?? 0));
};

/** "**Short name:** what it does": of such a list each item is a feature. */
const NAME = /^([^:.–—]{3,70}?)\s*(?::|–|—| -)\s/;
const nameOf = ({ text }: RequirementUnit): string | undefined => NAME.exec(text)?.[1] ?? (text.length <= 70 ? text.replace(/[.:\s]+$/, '') : undefined);

function* sectionSeeds(document: SpecDocument, section: number, units: readonly RequirementUnit[], role: Role): Generator<Seed> {
  const { title = '' } = document.sections[section] ?? {};
  const outer = units.filter(({ parent }) => parent === undefined);
  const isList = role === 'features' && outer.length >= 2 && outer.length <= MAX_ITEMS && outer.every((unit) => unit.key === undefined && NAME.test(unit.text));
  if (!isList) {
    yield { title: title || (outer[0] && nameOf(outer[0])) || document.title, section, units };
    return;
  }
  for (const unit of outer) {
    const own = new Set([unit.id]);
    // Children come after what they stand below.
    for (const other of units) if (other.parent !== undefined && own.has(other.parent)) own.add(other.id);
    yield { title: nameOf(unit) ?? title, section, units: units.filter(({ id }) => own.has(id)) };
  }
}
