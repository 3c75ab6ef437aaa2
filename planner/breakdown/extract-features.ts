/**
 * Features: 5 to 25 capabilities, each with the requirements that belong to it. Sections and lists of features are where they
 * begin; whatever else the document says goes to the one it is most like. A short document has fewer than five: none is invented.
 */
import type { Feature } from '../artifacts/features.schema.ts';
import type { PlanPriority } from '../artifacts/scalars.schema.ts';
import type { SpecDocument } from '../document/document.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import { Likeness } from '../wording/likeness.ts';
import { shorten } from '../wording/shorten.ts';
import { slug } from '../wording/slug.ts';
import { seedsOf } from './feature-seeds.ts';
import type { Seed } from './feature-seeds.ts';
import type { Role } from './roles.ts';

export const MAX_FEATURES = 25;
/** Less alike than this has nothing to do with each other. */
const ALIKE = 0.12;
const MAX_EVIDENCE = 5;
const MAX_TITLE = 80;
/** `US-1: Basic loop` is called "Basic loop". */
const KEY = /^(?:[A-Z]{1,6}-?\d+(?:\.\d+)*[a-z]?\s*[:.)–—-]\s*|\d+(?:\.\d+)*[.)]?\s+)(?=\S)/;

export interface FeatureDraft {
  readonly feature: Feature;
  /** Names its files; unique among the features. */
  readonly slug: string;
  /** In the order of the document. */
  readonly units: readonly RequirementUnit[];
}

export const extractFeatures = (document: SpecDocument, units: readonly RequirementUnit[], roles: readonly Role[]): readonly FeatureDraft[] => {
  const groups = fewer(attach(document, units, seedsOf(document, units, roles), roles), document);
  const slugs = new Set<string>();
  return groups.map(({ title, units: own }, at): FeatureDraft => {
    const ordered = own.toSorted((a, b) => a.start - b.start);
    const id = `F${String(at + 1).padStart(3, '0')}`;
    const name = slug(title, id.toLowerCase());
    const unique = slugs.has(name) ? `${name}-${at + 1}` : name;
    slugs.add(unique);
    return { feature: featureOf(id, title, ordered, document), slug: unique, units: ordered };
  });
};

interface Group {
  readonly title: string;
  readonly section: number;
  readonly units: RequirementUnit[];
}

/** Requirements of no seed go to the likeliest one; those that are like none make a group of their section. */
const attach = (document: SpecDocument, units: readonly RequirementUnit[], seeds: readonly Seed[], roles: readonly Role[]): Group[] => {
  const groups: Group[] = seeds.map(({ title, section, units: own }) => ({ title, section, units: [...own] }));
  const taken = new Set(seeds.flatMap((seed) => seed.units.map(({ id }) => id)));
  const likeness = new Likeness(units.map(({ text }) => text));
  const weights = seeds.map((seed) => likeness.weigh([seed.title, seed.title, ...seed.units.map(({ text }) => text)].join('\n')));
  const homeless = new Map<number, Group>();
  const homeOf = new Map<string, Group>();
  for (const unit of units) {
    if (taken.has(unit.id)) continue;
    const outer = unit.parent === undefined ? undefined : homeOf.get(unit.parent);
    const home = outer ?? likeliest(groups.slice(0, seeds.length), weights, likeness.weigh(unit.text)) ?? sectionGroup(homeless, unit, document, roles);
    home.units.push(unit);
    homeOf.set(unit.id, home);
  }
  return [...groups, ...homeless.values()].sort((a, b) => firstOf(a) - firstOf(b));
};

const firstOf = ({ units }: Group): number => Math.min(...units.map(({ start }) => start));

const likeliest = (groups: readonly Group[], weights: readonly ReadonlyMap<string, number>[], own: ReadonlyMap<string, number>): Group | undefined => {
  let best: Group | undefined;
  let most = ALIKE;
  for (const [at, group] of groups.entries()) {
    const alike = Likeness.cosine(own, weights[at] ?? new Map());
    if (alike > most) {
      best = group;
      most = alike;
    }
  }
  return best;
};

const sectionGroup = (homeless: Map<number, Group>, unit: RequirementUnit, document: SpecDocument, roles: readonly Role[]): Group => {
  const { title, parent } = document.sections[unit.section] ?? {};
  // Lists of one purpose are one group, however they are divided.
  const key = parent !== undefined && roles[parent] === roles[unit.section] && roles[parent] !== 'plain' ? parent : unit.section;
  const group = homeless.get(key) ?? { title: (key === unit.section ? title : document.sections[key]?.title) || document.title, section: key, units: [] };
  homeless.set(key, group);
  return group;
};

/** Neighbours of one parent are merged, the smallest first, until there are few enough. */
const fewer = (groups: readonly Group[], { sections }: SpecDocument): readonly Group[] => {
  const left = [...groups];
  const parentOf = ({ section }: Group): number | undefined => sections[section]?.parent;
  while (left.length > MAX_FEATURES) {
    let at = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < left.length; i += 1) {
      const [a, b] = [left[i] as Group, left[i + 1] as Group];
      const size = a.units.length + b.units.length + (a.section === b.section ? 0 : parentOf(a) === parentOf(b) ? 1_000 : 1_000_000);
      if (size < least) {
        least = size;
        at = i;
      }
    }
    const [a, b] = [left[at] as Group, left[at + 1] as Group];
    const outer = a.section === b.section ? sections[a.section]?.title : undefined;
    left.splice(at, 2, { title: outer || mergedTitle(a.title, b.title), section: a.section, units: [...a.units, ...b.units] });
  }
  return left;
};

const mergedTitle = (a: string, b: string): string => (a === b || a.endsWith('and others') ? a : a.includes(' and ') ? `${a.split(' and ')[0]} and others` : `${a} and ${b}`);

const featureOf = (id: string, title: string, units: readonly RequirementUnit[], document: SpecDocument): Feature => {
  const cited = [...units.filter(({ strength }) => strength === 'must'), ...units.filter(({ strength }) => strength !== 'must')].slice(0, MAX_EVIDENCE).sort((a, b) => a.start - b.start);
  return {
    id,
    title: shorten(title.replace(KEY, ''), MAX_TITLE),
    description: shorten(cited[0]?.text ?? title, 240),
    priority: priorityOf(units, document),
    source_evidence: cited.map(({ evidence }) => evidence),
  };
};

const STATED: readonly (readonly [PlanPriority, RegExp])[] = [
  ['critical', /\bpriority\W{0,4}(?:critical|p0|highest|must have)\b|\bP0\b/i],
  ['high', /\bpriority\W{0,4}(?:high|p1)\b|\bP1\b/i],
  ['medium', /\bpriority\W{0,4}(?:medium|p2)\b|\bP2\b/i],
  ['low', /\bpriority\W{0,4}(?:low|p3|nice to have)\b|\bP3\b|\bnice[- ]to[- ]have\b/i],
];

/** What the document states; else by how binding its requirements are. */
const priorityOf = (units: readonly RequirementUnit[], { text, sections }: SpecDocument): PlanPriority => {
  const section = sections[units[0]?.section ?? 0];
  const stated = STATED.find(([, pattern]) => pattern.test(`${section?.title ?? ''}\n${text.slice(section?.start, Math.min(section?.end ?? 0, (section?.start ?? 0) + 600))}`));
  if (stated) return stated[0];
  const share = (strength: string): number => units.filter((unit) => unit.strength === strength).length / Math.max(1, units.length);
  if (share('must') >= 0.5) return 'high';
  return share('may') > 0.5 ? 'low' : 'medium';
};
