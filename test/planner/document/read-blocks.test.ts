import type { Nodes, Parents } from 'mdast';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import type { Block } from '../../../planner/document/block.ts';
import { readBlocks } from '../../../planner/document/read-blocks.ts';
import { dataText, hasData, madeSections, markdownOf } from './documents.ts';

/** A full parser's reading: kind, begin and end of what blocks are made of. */
const judge = (text: string): readonly string[] => {
  const seen: string[] = [];
  const place = (node: Nodes): string => `${String(node.position?.start.offset)}-${String(node.position?.end.offset)}`;
  const visit = (node: Nodes, holder: Parents | undefined): void => {
    if (node.type === 'heading') seen.push(`heading ${String(node.depth)} ends ${String(node.position?.end.offset)}`);
    if (node.type === 'paragraph') seen.push(`${holder?.type === 'listItem' && holder.children[0] === node ? 'item' : 'paragraph'} ${place(node)}`);
    if (node.type === 'tableRow' && holder?.type === 'table' && holder.children[0] !== node) seen.push(`row ${place(node)}`);
    if (node.type === 'code') seen.push(`code ${place(node)}`);
    if ('children' in node && node.type !== 'paragraph') for (const child of node.children) visit(child, node);
  };
  visit(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }), undefined);
  return seen;
};

const ours = (text: string): readonly string[] =>
  readBlocks(text).flatMap((block: Block) => {
    if (block.kind === 'other' || (block.kind === 'item' && block.end === block.start)) return [];
    if (block.kind === 'heading') return [`heading ${String(block.depth)} ends ${String(block.end)}`];
    return [`${block.kind} ${String(block.start)}-${String(block.end)}`];
  });

test('made-up Markdown is read as a full parser reads it', () => {
  fc.assert(
    fc.property(madeSections, (sections) => {
      const text = markdownOf(sections);
      expect(ours(text)).toEqual(judge(text));
    }),
    { numRuns: 25 },
  );
});

test.each(['flatmate-life-spec.md', 'loop-prd.md'])('%s is read as a full parser reads it', { skip: !hasData }, (name) => {
  const text = dataText(name);
  expect(ours(text)).toEqual(judge(text));
});

const shown = (text: string): readonly string[] => readBlocks(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);

test.each([
  ['a tag line hides nothing', '<PRD>\n# A\ntext\n</PRD>', ['other: <PRD>', 'heading: A', 'paragraph: text', 'other: </PRD>']],
  ['a comment of several lines', '<!-- a\n# b\n-->\n\nc', ['other: <!-- a\n# b\n-->', 'paragraph: c']],
  ['an item with a fence ends with the item', '- a\n  ```\n  b\n- c', ['item: a', 'code: ```\n  b\n', 'item: c']],
  ['what goes on below an item', '1. a\n   b\n\n   c\n2. d', ['item: a\n   b', 'paragraph: c', 'item: d']],
  ['a fence that nothing closes', 'a\n\n```\nThe system must', ['paragraph: a', 'code: ```\nThe system must']],
  ['a lazy line of a quote', '> a\nb\n\nc', ['paragraph: a\nb', 'paragraph: c']],
  ['front matter', '---\na: 1\n---\nb', ['other: ---\na: 1\n---', 'paragraph: b']],
  ['a closed heading', '## A ##\n', ['heading: A']],
  ['a number that begins no list', 'The count is\n14. It stays', ['paragraph: The count is\n14. It stays']],
])('%s', (_, text, blocks) => {
  expect(shown(text)).toEqual(blocks);
});

test('items know their list, number, box and holder', () => {
  const blocks = readBlocks('1. a\n   - [x] b\n   - [ ] c\n2. d\n\ntext\n\n1. e');
  expect(blocks.filter(({ kind }) => kind === 'item')).toMatchObject([
    { list: 0, ordinal: 1, depth: 1 },
    { list: 1, isChecked: true, parent: 0, depth: 2 },
    { list: 1, isChecked: false, parent: 0 },
    { list: 0, ordinal: 2 },
    { list: 2, ordinal: 1 },
  ]);
});

test.each([
  ['>', `${'>'.repeat(100_000)} a`],
  ['[', '['.repeat(100_000)],
  ['levels of lists', '- '.repeat(50_000)],
  ['deeper and deeper', Array.from({ length: 600 }, (_, level) => `${' '.repeat(level * 2)}- a`).join('\n')],
  ['items', '- a\n'.repeat(50_000)],
  ['bars', '|'.repeat(200_000)],
  ['one line of 4 MiB', 'a b. '.repeat(800_000)],
  ['open comments', '<!--\n'.repeat(50_000)],
  ['headings', '# a\n'.repeat(50_000)],
])('hostile text takes linear time: %s', (_, text) => {
  const before = process.cpuUsage().user;
  expect(readBlocks(text).length).toBeGreaterThan(0);
  expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(15_000);
});
