/** A decision as `Decisions.md` tells it (spec/001): what was to be decided, what could have been, what is, and why. */
import type { Block, Inline, Line, Phrase } from '../markdown/nodes.ts';
import { bullets, heading, inlines, paragraph, strong } from '../markdown/nodes.ts';

export interface Option {
  readonly title: Phrase;
  readonly isSelected?: boolean;
  readonly pros: Phrase;
  readonly cons: Phrase;
  /** `Impact`, `Best For`, `Estimated Effort`, and what is to be said of it. */
  readonly more?: readonly (readonly [string, Phrase])[];
}

export interface Decision {
  readonly title: Phrase;
  readonly context: readonly Phrase[];
  readonly facts?: readonly Line[];
  /** Two or more, one of them selected. */
  readonly options: readonly Option[];
  readonly rationale: readonly Line[];
  readonly notes: readonly Line[];
}

const point = (name: string, phrase: Phrase): readonly Inline[] => [strong(name), ': ', ...inlines(phrase)];

/** A to Z; there are never as many. */
const letter = (index: number): string => String.fromCodePoint(65 + (index % 26));

const optionBlocks = ({ title, isSelected, pros, cons, more = [] }: Option, index: number): readonly Block[] => [
  heading(4, [`Option ${letter(index)}: `, ...inlines(title), ...(isSelected ? [' (SELECTED)'] : [])]),
  bullets([point('Pros', pros), point('Cons', cons), ...more.map(([name, phrase]) => point(name, phrase))]),
];

export const decisionBlocks = ({ title, context, facts = [], options, rationale, notes }: Decision, index: number): readonly Block[] => [
  heading(2, [`Decision ${index + 1}: `, ...inlines(title)]),
  heading(3, 'Context'),
  ...context.map(paragraph),
  ...(facts.length === 0 ? [] : [bullets(facts)]),
  heading(3, 'Options Considered'),
  ...options.flatMap(optionBlocks),
  heading(3, 'Rationale'),
  bullets(rationale),
  heading(3, 'Implementation Notes'),
  bullets(notes),
];
