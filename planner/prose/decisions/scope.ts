/** What the document itself weighed, and what it keeps out. */
import type { View } from '../facts/view.ts';
import { bounded } from '../lists.ts';
import { text } from '../markdown/nodes.ts';
import { counted } from '../numbers.ts';
import { quoted } from '../quotes.ts';
import type { Decision } from './decision.ts';

const MAX_ALTERNATIVES = 8;
const MAX_TITLE = 60;

export const alternativeDecisions = ({ requirements: { alternatives, excludes }, coverage, tasks }: View): readonly Decision[] => {
  if (alternatives.length === 0) return [];
  const shown = alternatives.slice(0, MAX_ALTERNATIVES);
  const rest = alternatives.length - shown.length;
  return [
    {
      title: 'Alternatives the Document Considered',
      context: [`The document names ${counted(alternatives.length, 'alternative')} to what it asks for, and its reasons. They are quoted; the plan has no figures of its own for what it does not plan.`],
      options: [
        { title: 'What the Document Asks For', isSelected: true, pros: `${counted(coverage.requirements.length, 'requirement')} that ${coverage.requirements.length === 1 ? 'is' : 'are'} stated, and ${counted(tasks.tasks.length, 'task')} for ${coverage.requirements.length === 1 ? 'it' : 'them'}`, cons: excludes.length > 0 ? `${counted(excludes.length, 'thing')} ${excludes.length === 1 ? 'is' : 'are'} left out` : 'None that the document names' },
        ...shown.map(({ evidence, text: said }) => ({ title: ['“', text(said, MAX_TITLE), '”'], pros: 'As quoted', cons: 'Considered by the document, and not chosen', more: [['Quote', quoted(evidence)] as const] })),
      ],
      rationale: ['The document decides what is built; the plan only how', ...(rest > 0 ? [`${counted(rest, 'more alternative')} of the document ${rest === 1 ? 'is' : 'are'} not repeated here`] : [])],
      notes: ['No task builds any of the alternatives'],
    },
  ];
};

export const scopeDecisions = ({ requirements: { excludes }, coverage }: View): readonly Decision[] => {
  if (excludes.length === 0) return [];
  const optional = coverage.requirements.filter((each) => each.tasks.length === 0).length;
  return [
    {
      title: 'Scope Boundaries',
      context: [`The document says of ${counted(excludes.length, 'thing')} that ${excludes.length === 1 ? 'it is' : 'they are'} not to be done:`],
      facts: bounded(excludes, { one: 'exclusion' }, ({ evidence }) => quoted(evidence)),
      options: [
        { title: 'Plan Everything That Is Mentioned', pros: 'Nothing is missed', cons: `Work on ${counted(excludes.length, 'thing')} that nobody wants now` },
        { title: 'Leave Out What the Document Excludes', isSelected: true, pros: 'Tasks have a boundary that the document itself draws', cons: optional > 0 ? `${counted(optional, 'requirement')} ${optional === 1 ? 'has no task; the reason is' : 'have no task; the reasons are'} in Plan.md` : 'None: every requirement still has a task' },
      ],
      rationale: ['What is excluded in words is a requirement too'],
      notes: ['It is part of the scope of tasks that come near it'],
    },
  ];
};
