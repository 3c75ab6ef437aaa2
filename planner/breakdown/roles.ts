/**
 * What a section is for, by its title: requirements make tasks, everything else says more about them. The nearest title that
 * says anything counts.
 */
import type { Section, SpecDocument } from '../document/document.ts';

export type Role =
  /** States what is wanted. */
  | 'features'
  | 'stories'
  | 'interface'
  | 'entities'
  | 'quality'
  /** Lists of things to do: each is a task. */
  | 'roadmap'
  /** The same things again, in the order they depend on each other. */
  | 'order'
  /** How it is known to be right. */
  | 'tests'
  | 'risks'
  /** Why, for whom, how it is measured. */
  | 'overview'
  | 'plain';

/** Asked in this order. */
const TITLES: readonly (readonly [Role, RegExp])[] = [
  ['order', /\b(?:dependency chain|logical dependenc|implementation order|build order|sequence of work)/i],
  ['roadmap', /\b(?:roadmap|milestones?|implementation (?:plan|steps|phases)|work breakdown|to-?dos?|mvp requirements|mvp scope|task list|tasks|deliverables|action items)\b/i],
  ['quality', /\b(?:non-?functional|quality (?:attributes|requirements)|performance|reliability|availability|scalability|security|privacy|compliance|accessibility|usability|observability|maintainability|constraints|nfrs?)\b/i],
  ['tests', /\b(?:acceptance (?:scenarios|criteria|tests)|edge cases?|test(?:s|ing)?(?: strategy| plan| cases)?|scenarios?|verification|validation)\b/i],
  ['entities', /\b(?:entit(?:y|ies)|data models?|domain model|schemas?|database design)\b/i],
  ['stories', /\buser stor(?:y|ies)\b|^US-?\d/i],
  ['interface', /\b(?:apis?|endpoints?|command(?:-line)? interface|cli|commands?|options|flags|configuration|settings|environment variables|interfaces?|protocols?|events|messages|technical (?:design|architecture|requirements|specification)|architecture|infrastructure|libraries|integrations?)\b/i],
  ['risks', /\b(?:risks?|mitigations?|assumptions?)\b/i],
  ['features', /\b(?:functional requirements?|requirements?|core features?|key features?|features?|capabilities|scope|what (?:it|we) (?:does|build)|specification)\b/i],
  ['overview', /\b(?:overview|introduction|background|summary|problem|motivation|goals?|objectives?|vision|purpose|success (?:metrics|criteria)|kpis?|personas?|user experience|ux|audience|clarifications?|context|status)\b/i],
];

const ownRole = (title: string): Role | undefined => TITLES.find(([, pattern]) => pattern.test(title))?.[0];

/** Below a list of requirements titles are names of features, but for those that can be nothing else. */
const STRONG: readonly (readonly [Role, RegExp])[] = [
  ['entities', /^(?:key |core |main )?(?:entit(?:y|ies)|data (?:model|structures?))\b/i],
  ['tests', /\b(?:acceptance (?:scenarios|criteria|tests)|edge cases|test(?:ing)? (?:strategy|plan))\b/i],
  ['stories', /\buser stor(?:y|ies)\b/i],
  ['order', /\bdependency chain\b/i],
];

/** By the index of the section. A requirement under "Functional requirements → Security" is of `features`. */
export const rolesOf = ({ sections }: Pick<SpecDocument, 'sections'>): readonly Role[] => {
  const titles = sections.filter(({ depth }) => depth === 1);
  const roles: Role[] = [];
  for (const section of sections) {
    // The one title of a document says what it is, not what stands in it.
    const isTitle = section.depth === 1 && titles.length === 1;
    roles.push(isTitle ? 'plain' : roleOf(section, roles));
  }
  return roles;
};

const roleOf = ({ title, parent, depth }: Section, roles: readonly Role[]): Role => {
  const outer = (parent === undefined ? undefined : roles[parent]) ?? 'plain';
  const strong = STRONG.find(([, pattern]) => pattern.test(title))?.[0];
  if (outer === 'features' || outer === 'stories') return strong ?? (ownRole(title) === 'quality' && depth <= 2 ? 'quality' : outer);
  if (outer === 'plain' || outer === 'overview') return ownRole(title) ?? outer;
  return strong ?? ownRole(title) ?? outer;
};
