/** A request as the two texts that a chat model takes. What stands in the document cannot end it: the mark is its own hash. */
import { createHash } from 'node:crypto';
import type { DraftRequest } from './draft-request.ts';

export interface Prompt {
  readonly system: string;
  readonly user: string;
}

const block = (name: string, text: string): string => {
  const mark = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 12);
  return `<${name} id="${mark}">\n${text}\n</${name} id="${mark}">`;
};

const lines = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

export const promptOf = ({ instructions, document, requirements, excludes, codebase, cut, schema, repair }: DraftRequest): Prompt => ({
  system: instructions,
  user: [
    `The document ${JSON.stringify(document.name)}, "${document.title}":`,
    block('document', document.text),
    'Its requirements, one a line:',
    block('requirements', lines(requirements)),
    ...(excludes.length > 0 ? ['Out of scope:', block('excludes', lines(excludes))] : []),
    'The code base:',
    block('codebase', JSON.stringify(codebase, undefined, 1)),
    ...(cut.length > 0 ? [`Left out, for it was too much:\n${cut.map((each) => `- ${each}`).join('\n')}`] : []),
    'The JSON Schema of your answer:',
    block('schema', JSON.stringify(schema)),
    ...(repair === undefined
      ? []
      : [
          'You have answered before:',
          block('answer', JSON.stringify(repair.answer)),
          `That does not hold (round ${repair.round} of 2):\n${repair.findings.map((each) => `- ${each}`).join('\n')}`,
          'Answer with the whole draft once more, mended. Leave as it is what is not mentioned.',
        ]),
  ].join('\n\n'),
});
