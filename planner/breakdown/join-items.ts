/** Small pieces of work that belong together become one task: forty tasks for twenty lines help nobody. */
import { Likeness } from '../wording/likeness.ts';
import { effortOf } from './effort.ts';
import { isEndpoint } from './work-items.ts';
import type { WorkItem } from './work-items.ts';

/** Hours up to which neighbours are joined. */
const FULL = 5;
const ALIKE = 0.3;

const hoursOf = ({ lead }: WorkItem): number => effortOf(lead).hours;
/** `FR-009a` and `FR-009b` are of one family. */
const familyOf = ({ lead }: WorkItem): string | undefined => /^(.*\d)[a-z]?$/.exec(lead.key ?? '')?.[1];

/** Neighbours only, so that a task is one place of the document; an endpoint stays by itself. */
export const joinItems = (items: readonly WorkItem[]): readonly (readonly WorkItem[])[] => {
  const likeness = new Likeness(items.map(({ lead }) => lead.text));
  const groups: WorkItem[][] = [];
  let hours = 0;
  for (const item of items) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isFamily = last !== undefined && familyOf(item) !== undefined && familyOf(item) === familyOf(last);
    const isAlike = last !== undefined && Likeness.cosine(likeness.weigh(last.lead.text), likeness.weigh(item.lead.text)) >= ALIKE;
    const fits = hours + hoursOf(item) <= FULL && last !== undefined && last.lead.section === item.lead.section;
    if (group && fits && (isFamily || isAlike) && !isEndpoint(item.lead) && !isEndpoint(last.lead)) {
      group.push(item);
      hours += hoursOf(item);
    } else {
      groups.push([item]);
      hours = hoursOf(item);
    }
  }
  return groups;
};
