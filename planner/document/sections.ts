/** Sections of a document from its headings. */
import type { Block } from './block.ts';
import type { Section } from './document.ts';
import { indexAt, linesOf } from './lines.ts';
import { plainText } from './plain.ts';
import { kindOfTitle } from './section-kind.ts';

const MAX_TITLE = 200;

/** They partition the text: each begins where its heading's line begins; the first one is what stands before. */
export const sectionsOf = (text: string, blocks: readonly Block[]): readonly Section[] => {
  const headings = blocks.filter(({ kind }) => kind === 'heading');
  const lines = headings.length === 0 ? [] : linesOf(text);
  const starts = headings.map(({ start }) => lines[indexAt(lines, start)]?.start ?? 0);
  const sections: Section[] = [{ index: 0, title: '', depth: 0, label: 'Beginning', kind: 'content', start: 0, end: starts[0] ?? text.length }];
  const open: Section[] = [];
  const firstLevel = headings.filter(({ depth }) => depth === 1).length;
  for (const [at, heading] of headings.entries()) {
    while ((open.at(-1)?.depth ?? 0) >= heading.depth) open.pop();
    const parent = open.at(-1);
    const title = plainText(text.slice(heading.start, Math.min(heading.end, heading.start + MAX_TITLE)));
    // The title of a whole document says what it is called: one on "Links" is no list of links.
    const isTitle = at === 0 && heading.depth === 1 && firstLevel === 1 && headings.length > 1;
    const own = isTitle ? 'content' : kindOfTitle(title);
    const section: Section = {
      index: at + 1,
      title,
      depth: heading.depth,
      label: `H${String(heading.depth)}: ${title}`,
      kind: parent && parent.kind !== 'content' ? parent.kind : own,
      start: starts[at] ?? 0,
      end: starts[at + 1] ?? text.length,
      ...(parent ? { parent: parent.index } : {}),
    };
    sections.push(section);
    open.push(section);
  }
  return sections;
};
