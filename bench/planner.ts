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
    ...scored('documents whose sentences nobody read', of((document) => !isTuned(document)), { atLeast: 0.82 }),
    ...documents.map((document): Figure => {
      const own = of((other) => other === document);
      return { name: `F1, ${document} (${String(own.length)}, ${isTuned(document) ? 'seen' : 'unseen'})`, value: scoreOf(own, ours).f1, unit: '', baseline: { name: 'modal words', value: scoreOf(own, plain).f1 } };
    }),
  ];
};

const chapter = (_: unknown, number: number): string => `## Orders ${String(number)}

The shop must keep every order of part ${String(number)} for a year, e.g. for the tax office. It was slow so far.

- **FR-${String(number)}**: Buyers MUST see **their** orders of ${String(number)}, with date, amount and state
- Add filter ${String(number)} by date, see FR-1
- Refunds are out of scope

| Option | Type | Meaning |
| ------ | ---- | ------- |
| \`--since-${String(number)}\` | date | Only orders since then |

\`\`\`sh
shop orders --since 2024-01-01
\`\`\`
`;

interface Times {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds, reading included. */
const timesOf = (size: number): Times => {
  const bytes = new TextEncoder().encode(Array.from({ length: Math.ceil(size / 400) }, chapter).join('').slice(0, size));
  const rounds = Array.from({ length: isQuick() ? 1 : 5 }, () => {
    const started = performance.now();
    const before = process.cpuUsage().user;
    const read = readDocument({ name: 'made.md', bytes });
    if (read.ok) findRequirements(read.value);
    return { wall: performance.now() - started, cpu: (process.cpuUsage().user - before) / 1_000 };
  });
  return { wall: median(rounds.map(({ wall }) => wall)), cpu: median(rounds.map(({ cpu }) => cpu)) };
};

const timed = (what: string, size: number, atMost: number): readonly Figure[] => {
  const { wall, cpu } = timesOf(size);
  return [
    { name: `requirements of a document of ${what}`, value: wall, unit: 'ms', target: { atMost } },
    { name: `requirements of a document of ${what}: CPU`, value: cpu, unit: 'ms' },
  ];
};

const times: readonly Figure[] = [...timed('100 KB', 102_400, 250), ...timed('1 MiB', 1_048_576, 1_000)];

if (!existsSync(labelled)) console.log(`\nplanner\n  the labelled sentences are skipped: there is no ${labelled}; TASKS_TEST_DATA names the directory that holds requirements/`);
report('planner', [...(existsSync(labelled) ? sentenceFigures() : []), ...times]);
