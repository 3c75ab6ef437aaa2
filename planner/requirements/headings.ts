/** Headings that are requirements: one with an id of its own, and one of a feature that its text does not spell out. */
import type { Block } from '../document/block.ts';
import type { SpecDocument } from '../document/document.ts';
import type { Found } from './found.ts';
import { keyAtStart } from './keys.ts';
import { STRUCTURE } from './rules/structure.ts';
import { sectionTopics, topicOf } from './topics.ts';
import { isRequirement } from './verdict.ts';

const STORY_KEY = /^((?:user story|story|feature|epic|task|requirement|use case)\s#?\d{1,4}(?:\.\d{1,3})?[a-z]?)(?=$|\s*[:.)–—-])/i;
const headingKey = (title: string): string | undefined => keyAtStart(title) ?? STORY_KEY.exec(title)?.[1];

/** Adds what headings ask for, and puts what stands below a heading with an id under it. Afterwards in the order of the text. */
export const withHeadings = (document: SpecDocument, blocks: readonly Block[], found: readonly Found[]): readonly Found[] => {
  const { sections } = document;
  const topics = sectionTopics(document);
  const headings = blocks.filter(({ kind }) => kind === 'heading');
  const bySection = new Map<number, Found[]>();
  for (const one of found) {
    const list = bySection.get(one.section);
    if (list) list.push(one);
    else bySection.set(one.section, [one]);
  }
  /** Sections that hold something, in themselves or below; and those that have sections below. */
  const filled = new Set<number>();
  const outer = new Set<number>();
  for (const { index, parent } of sections.toReversed()) {
    if (bySection.has(index)) filled.add(index);
    if (parent === undefined) continue;
    outer.add(parent);
    if (filled.has(index)) filled.add(parent);
  }
  const heads = new Map<number, Found>();
  const added: Found[] = [];
  for (const { index, title, kind, parent } of sections) {
    const heading = headings[index - 1];
    const above = parent === undefined ? undefined : heads.get(parent);
    if (above) heads.set(index, above);
    if (!heading || kind !== 'content' || heading.end <= heading.start) continue;
    const key = headingKey(title);
    const own = bySection.get(index) ?? [];
    const verdict = isRequirement(title);
    const first = own.find((one) => one.key === undefined && one.parent === undefined);
    let head: Found | undefined;
    if (key !== undefined && first) {
      first.key = key;
      head = first;
    } else if (key !== undefined) head = { rule: STRUCTURE.keyed.id, kind: 'functional', strength: verdict.strength, start: heading.start, end: heading.end, section: index, plain: title, key };
    else if (isBareFeature({ index, topic: parent === undefined ? 'neutral' : topics[parent], title, filled, outer })) head = { rule: STRUCTURE.heading.id, kind: 'functional', strength: 'stated', start: heading.start, end: heading.end, section: index, plain: title };
    if (!head) continue;
    if (head !== first) added.push(head);
    heads.set(index, head);
    if (above && above !== head) head.parent ??= above;
  }
  for (const one of found) {
    const head = heads.get(one.section);
    if (head && head !== one) one.parent ??= head;
  }
  return [...found, ...added].toSorted((a, b) => a.start - b.start || b.end - a.end);
};

const isBareFeature = ({ index, topic, title, filled, outer }: { readonly index: number; readonly topic: string | undefined; readonly title: string; readonly filled: ReadonlySet<number>; readonly outer: ReadonlySet<number> }): boolean =>
  (topic === 'features' || topic === 'tasks') && !filled.has(index) && !outer.has(index) && topicOf(title) === 'neutral' && /\p{L}{3}/u.test(title) && !title.endsWith('?');
