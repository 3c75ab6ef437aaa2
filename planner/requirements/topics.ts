/** What the items of a section are, by its title or by the words before their list. */
import { plainTitle } from '../document/section-kind.ts';
import type { SpecDocument } from '../document/document.ts';

export type Topic =
  /** Why and for whom: only what is binding counts. */
  | 'narrative'
  /** Only what is done about them counts. */
  | 'risks'
  | 'acceptance'
  | 'tests'
  | 'quality'
  | 'entities'
  | 'interfaces'
  | 'tasks'
  | 'features'
  | 'design'
  /** Nothing is said. */
  | 'neutral';

const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['risks', /^(?:risks?|threats?|threat model|concerns?|failure modes)\b/],
  ['narrative', /^(?:(?:executive |product |project )?(?:overview|introduction|background|context|motivation|summary|abstract|history|vision|purpose|rationale)|tl;?dr|problem\b.*|about\b.*|why\b.*|(?:target )?(?:audience|users|personas?)|user (?:personas?|classes.*)|stakeholders|assumptions\b.*|appendix\b.*|clarifications?|examples?|business (?:case|context|goals|value)|market\b.*|competit.*|current (?:state|situation|behaviou?r)|status|metadata|input|faq|notes?|team|budget|timeline|schedule)$/],
  ['acceptance', /\b(?:acceptance|scenarios?|edge cases?|user flows?|use cases?|definition of done|done when|exit criteria)\b/],
  ['tests', /\b(?:test|tests|testing|test plan|qa|verification|e2e)\b/],
  ['quality', /\b(?:non[- ]?functional|performance|security|quality|qualities|reliability|scalability|accessibility|usability|constraints?|availability|success (?:metrics|criteria)|metrics|slos?|slas?|compliance|privacy|observability|targets)\b/],
  ['entities', /\b(?:entit(?:y|ies)|data (?:models?|structures?|types)|domain models?|schemas?|database (?:tables|design))\b/],
  ['interfaces', /\b(?:options|flags|commands?|cli|apis?|endpoints?|routes|configuration|settings|environment variables|interfaces?|parameters|events|presets?|messages)\b/],
  ['tasks', /\b(?:roadmap|mvp|milestones?|tasks?|to-?dos?|implementation|phases?|phase \d+|sprints?|(?:logical )?dependency chain|work (?:items|packages|breakdown)|action items|next steps|plan|build order|steps|deliverables?|rollout|migration|changes)\b/],
  ['features', /\b(?:features?|capabilit(?:y|ies)|functional|functionality|requirements?|goals?|objectives?|scope|must[- ]haves?|should[- ]haves?|could[- ]haves?|user stor(?:y|ies)|stories|epics?|proposal|solution|behaviou?r|what (?:we|to) build|wish ?list|needs)\b/],
  ['design', /\b(?:architecture|design|technical|components?|infrastructure|integrations?|librar(?:y|ies)|dependencies|(?:tech )?stack|storage|deployment|ui|ux|user (?:experience|interface)|screens|pages|layout|modules|core logic|workflow)\b/],
];

export const topicOf = (title: string): Topic => {
  const plain = plainTitle(title.slice(0, 200)).replace(/\s*\([^)]*\)?$/, '');
  return TOPICS.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'neutral';
};

/** Of each section; one that says nothing is about what the section around it is about. */
export const sectionTopics = ({ sections }: SpecDocument): readonly Topic[] => {
  const topics: Topic[] = [];
  const titles = sections.filter(({ depth }) => depth === 1);
  /** The document's own title ("Feature specification: …") says nothing about its sections. */
  const whole = titles.length === 1 && sections.length > 2 ? titles[0]?.index : undefined;
  for (const { index, title, parent } of sections) {
    const own = index === whole ? 'neutral' : topicOf(title);
    const outer = parent === undefined ? 'neutral' : (topics[parent] ?? 'neutral');
    // "Overview" of a chapter of requirements is narrative, "Expenses" within one is about requirements.
    topics.push(own === 'neutral' ? outer : own);
  }
  return topics;
};
