/** What nobody can test as it is worded, and what the document leaves open. */
import type { View } from '../facts/view.ts';
import { bounded } from '../lists.ts';
import type { Block } from '../markdown/nodes.ts';
import { heading, numbered, paragraph, strong, text } from '../markdown/nodes.ts';
import { quoted } from '../quotes.ts';

const NAMES = { vague: 'Vague', open_question: 'Open question' } as const;

export const clarificationsSection = ({ coverage: { clarifications } }: View): readonly Block[] => [
  heading(2, 'Clarifications'),
  ...(clarifications.length === 0
    ? [paragraph('None: nothing in the document is open, and no requirement is worded so that it cannot be tested.')]
    : [paragraph('The plan goes on without answers; they would make it better.'), numbered(bounded(clarifications, { one: 'clarification' }, ({ kind, message, evidence }) => ({ line: [strong(NAMES[kind]), ': ', text(message)], below: [quoted(evidence)] })))]),
];
