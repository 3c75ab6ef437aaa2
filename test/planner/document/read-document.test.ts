import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as describeText, MAX_DOCUMENT_BYTES, readDocument } from '../../../planner/document/read-document.ts';
import { documentOf, madeSections, markdownOf } from './documents.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (read: ReturnType<typeof readDocument>): string | undefined => (read.ok ? undefined : read.error[0]?.code);

test.each([
  ['nothing', new Uint8Array(), 'TASKS1601'],
  ['white space', bytes(' \r\n\t\n'), 'TASKS1601'],
  ['a byte order mark alone', Uint8Array.of(0xef, 0xbb, 0xbf), 'TASKS1601'],
  ['bytes that are no UTF-8', Uint8Array.of(0x41, 0xff, 0xfe, 0x42), 'TASKS1602'],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x41, 0x00), 'TASKS1602'],
  ['a NUL character', bytes('Add\u0000 this'), 'TASKS1602'],
  ['more than 4 MiB', new Uint8Array(MAX_DOCUMENT_BYTES + 1).fill(0x61), 'TASKS1603'],
])('%s is refused, with a way out', (_, content, code) => {
  const read = readDocument({ name: 'docs/plan.md', bytes: content });
  expect(codeOf(read)).toBe(code);
  expect(read).toMatchObject({ error: [{ place: { file: 'plan.md' }, hint: expect.stringMatching(/\S/) as unknown }] });
});

test('4 MiB are read', () => {
  expect(readDocument({ name: 'a.md', bytes: bytes(`Add a page.${' '.repeat(MAX_DOCUMENT_BYTES - 11)}`) }).ok).toBe(true);
});

test('a description is a document of that name', () => {
  expect(describeText('Add a dark mode')).toMatchObject({ ok: true, value: { name: 'description', title: 'Add a dark mode', sections: [{ index: 0 }] } });
  expect(codeOf(describeText('  '))).toBe('TASKS1601');
  expect(codeOf(describeText('x'.repeat(MAX_DOCUMENT_BYTES + 1)))).toBe('TASKS1603');
});

test('halves of characters in a description do not get into the text', () => {
  const read = describeText('Add \uD83D this');
  expect(read.ok && read.value.text).toBe('Add \uFFFD this');
});

test('a byte order mark and line ends of any kind leave offsets those of the text', () => {
  const { text, sections } = documentOf('\uFEFF# One\r\n\r\nText.\r## Two\nMore.');
  expect(text.startsWith('# One')).toBe(true);
  expect(sections.map(({ start, end }) => text.slice(start, end))).toEqual(['', '# One\r\n\r\nText.\r', '## Two\nMore.']);
});

test.each([
  ['# Billing `v2`\n\n## Parts', 'Billing v2'],
  ['## Only a part\n\nAdd it.', 'Only a part'],
  ['Add a page for **orders**.\n\nMore.', 'Add a page for orders.'],
  ['---\ntitle: x\n---\n\nText', 'Text'],
  ['***', '***'],
])('the title of %j is %j', (text, title) => {
  expect(documentOf(text).title).toBe(title);
});

test.each([
  ['**Created**: 2025-10-04', '2025-10-04T00:00:00Z'],
  ['---\ndate: 2024-02-29T08:30:00+02:00\n---\n# A', '2024-02-29T08:30:00+02:00'],
  ['Created: 2025-02-30', undefined],
  ['The update of 2025-01-01 is done.', undefined],
])('the date of %j is %j', (text, date) => {
  expect(documentOf(text).date).toBe(date);
});

test('sections know what they are about, also by the one around them', () => {
  const { sections } = documentOf('# A\n## Non-Goals\n### Details\n## 4. Future Work\n## Open questions\n## Alternatives considered\n## Table of Contents\n## Licence\n## ⚡ Quick Guidelines\n### For AI Generation\n## Review & Acceptance Checklist\n## Scope');
  expect(sections.slice(1).map(({ kind }) => kind)).toEqual(['content', 'excludes', 'excludes', 'excludes', 'questions', 'alternatives', 'ignored', 'ignored', 'ignored', 'ignored', 'ignored', 'content']);
  expect(sections[3]).toMatchObject({ label: 'H3: Details', parent: 2, depth: 3 });
});

test('plain text has headings, too: numbered, in capitals, underlined', () => {
  const { sections } = documentOf('1. INTRODUCTION\n\nSome text.\n\n3.2 Export of orders\n\nThe system must export.\n\nLIMITS\n\nNone.\n\nAn end\n======\n\nDone.');
  expect(sections.slice(1).map(({ title, depth }) => [title, depth])).toEqual([['1. INTRODUCTION', 1], ['3.2 Export of orders', 2], ['LIMITS', 1], ['An end', 1]]);
});

test('a numbered list of plain text is no row of headings', () => {
  expect(documentOf('1. Set up the project\n\n2. Build the server\n\n3. Test it all\n').sections).toHaveLength(1);
});

test('sections partition the text, whatever it holds', () => {
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), madeSections.map((sections) => markdownOf(sections)), madeSections.map((sections) => markdownOf(sections, '\r\n')), fc.array(fc.constantFrom('#', '##', ' ', '\n', '\r', '\t', '-', '1.', '>', '|', '`', '```', '<a>', 'x', '=', '\uD83D'), { maxLength: 60 }).map((parts) => parts.join('')));
  fc.assert(
    fc.property(anything, (input) => {
      const read = describeText(input);
      if (!read.ok) return;
      const { text, sections, title } = read.value;
      expect(sections.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
      expect(sections.map(({ index }) => index)).toEqual(sections.map((_, index) => index));
      expect(title).not.toBe('');
    }),
    { numRuns: 80 },
  );
});
