/** The documents that the tests read, and documents made up. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { SpecDocument } from '../../../planner/document/document.ts';
import { readDocument } from '../../../planner/document/read-document.ts';

export const dataDirectory = join(process.env['TASKS_TEST_DATA'] ?? join(process.cwd(), '..', 'shared', 'data'), 'documents');
export const hasData = existsSync(dataDirectory);
if (!hasData) console.warn(`skipped: there is no ${dataDirectory}; TASKS_TEST_DATA names the directory that holds documents/`);

export const dataText = (name: string): string => readFileSync(join(dataDirectory, name), 'utf8');

export const documentOf = (text: string, name = 'spec.md'): SpecDocument => {
  const read = readDocument({ name, bytes: new TextEncoder().encode(text) });
  if (!read.ok) throw new Error(read.error[0]?.message ?? 'not read');
  return read.value;
};

const word = fc.constantFrom('user', 'order', 'report', 'cache', 'index', 'token', 'queue', 'page', 'invoice', 'search');
const phrase = fc.array(word, { minLength: 2, maxLength: 5 }).map((words) => words.join(' '));
const sentence = fc.oneof(
  phrase.map((text) => `The system must keep the ${text}.`),
  phrase.map((text) => `Add a ${text}.`),
  phrase.map((text) => `The ${text} is **old** and \`fine\`.`),
  phrase.map((text) => `When the ${text} ends, the server shall stop.`),
  phrase.map((text) => `Refunds of ${text} are out of scope.`),
  phrase.map((text) => `The ${text} should answer within 200 ms, e.g. at night.`),
  phrase.map((text) => `password: hunter2secret9 for ${text}.`),
);
const item = fc.tuple(fc.constantFrom('- ', '- [ ] ', '- [x] ', '- **Label**: '), sentence).map(([mark, text]) => mark + text);
const block = fc.oneof(
  fc.array(sentence, { minLength: 1, maxLength: 3 }).map((list) => list.join(' ')),
  fc.array(fc.tuple(item, fc.option(sentence)), { minLength: 1, maxLength: 4 }).map((list) => list.map(([text, inner]) => (inner === null ? text : `${text}\n  - ${inner}`)).join('\n')),
  fc.array(sentence, { minLength: 1, maxLength: 4 }).map((list) => list.map((text, index) => `${String(index + 1)}. ${text}`).join('\n')),
  sentence.map((text) => `\`\`\`sh\n${text}\n\`\`\``),
  sentence.map((text) => `> ${text}`),
  phrase.map((text) => `| Option | Description |\n| --- | --- |\n| \`--${text.split(' ')[0] ?? 'x'}\` | ${text} |`),
  sentence.map((text) => `<!-- ${text} -->`),
);
const title = fc.constantFrom('Overview', 'Features', 'Roadmap', 'Requirements', 'Details', 'Non-Goals', 'Testing', 'References', 'Options', 'Data model', 'Alternatives considered', 'Open questions');

export interface MadeSection {
  readonly title: string;
  readonly body: string;
}
export const madeSections = fc.array(fc.record({ title, body: fc.array(block, { minLength: 0, maxLength: 4 }).map((blocks) => blocks.join('\n\n')) }), { minLength: 1, maxLength: 6 });

export const markdownOf = (sections: readonly MadeSection[], eol = '\n'): string => sections.map(({ title: heading, body }) => `## ${heading}\n\n${body}\n`).join('\n').replaceAll('\n', eol);
