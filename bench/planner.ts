/**
 * The planner, without a server: requirement sentences against labelled ones, beside plain modal words; and the time that finding
 * requirements takes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../planner/document/read-document.ts';
import { findRequirements } from '../planner/requirements/find-requirements.ts';
import { isRequirement } from '../planner/requirements/verdict.ts';
import { report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { isQuick, median } from './support/rounds.ts';
import { isTunedOn, readSentences, scoreOf } from './support/sentences.ts';
import type { LabelledSentence } from './support/sentences.ts';

const data = process.env['TASKS_TEST_DATA'] ?? join(process.cwd(), '..', 'shared', 'data');
const labelled = join(data, 'requirements', 'pure_train.csv');

/** What anybody would try first. */
const MODAL_WORDS = /\b(?:shall|must|should|will|can|may)\b/i;
const plain = (text: string): boolean => MODAL_WORDS.test(text);
const ours = (text: string): boolean => isRequirement(text).isRequirement;

const scored = (name: string, sentences: readonly LabelledSentence[], target?: Figure['target']): readonly Figure[] => {
  const mine = scoreOf(sentences, ours);
  const base = scoreOf(sentences, plain);
  const figure = (what: 'precision' | 'recall' | 'f1'): Figure => ({ name: `${name}: ${what === 'f1' ? 'F1' : what}`, value: mine[what], unit: '', baseline: { name: 'modal words', value: base[what] }, ...(what === 'f1' && target ? { target } : {}) });
  return [figure('precision'), figure('recall'), figure('f1')];
};

const sentenceFigures = (): readonly Figure[] => {
  const sentences = readSentences(labelled);
  const documents = [...new Set(sentences.map(({ document }) => document))].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const isTuned = isTunedOn(documents);
  const of = (want: (document: string) => boolean): readonly LabelledSentence[] => sentences.filter(({ document }) => want(document));
  return [
    ...scored(`${String(sentences.length)} sentences`, sentences, { atLeast: 0.82 }),
    ...scored('documents that the rules were written with', of(isTuned)),
    ...scored('documents that nobody looked at', of((document) => !isTuned(document)), { atLeast: 0.82 }),
    ...documents.map((document): Figure => {
      const own = of((other) => other === document);
      return { name: `F1, ${document} (${String(own.length)}, ${isTuned(document) ? 'seen' : 'unseen'})`, value: scoreOf(own, ours).f1, unit: '', baseline: { name: 'modal words', value: scoreOf(own, plain).f1 } };
    }),
  ];
};

const CHAPTER = `## Orders

The shop must keep every order for a year, e.g. for the tax office. It was slow so far.

- **FR-1**: Buyers MUST see **their** orders, with date, amount and state
- Add a filter by date (depends on 1)
- Refunds are out of scope

| Option | Type | Meaning |
| ------ | ---- | ------- |
| \`--since\` | date | Only orders since then |

\`\`\`sh
shop orders --since 2024-01-01
\`\`\`
`;

/** Milliseconds, reading included. */
const timeOf = (size: number): number => {
  const bytes = new TextEncoder().encode(CHAPTER.repeat(Math.ceil(size / CHAPTER.length)).slice(0, size));
  const rounds = Array.from({ length: isQuick() ? 1 : 5 }, () => {
    const started = performance.now();
    const read = readDocument({ name: 'made.md', bytes });
    if (read.ok) findRequirements(read.value);
    return performance.now() - started;
  });
  return median(rounds);
};

const times: readonly Figure[] = [
  { name: 'requirements of a document of 100 KB', value: timeOf(102_400), unit: 'ms', target: { atMost: 250 } },
  { name: 'requirements of a document of 1 MiB', value: timeOf(1_048_576), unit: 'ms', target: { atMost: 1_000 } },
];

if (!existsSync(labelled)) console.log(`\nplanner\n  the labelled sentences are skipped: there is no ${labelled}; TASKS_TEST_DATA names the directory that holds requirements/`);
report('planner', [...(existsSync(labelled) ? sentenceFigures() : []), ...times]);
